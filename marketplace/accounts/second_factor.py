"""The second factor: time-based codes (RFC 6238) and recovery codes."""

from __future__ import annotations

import hmac
import io
import secrets
from datetime import datetime

import pyotp
import segno
from markupsafe import Markup

from marketplace.keyring import keyring

STEP_SECONDS = 30
RECOVERY_CODES = 10
# No look-alikes: these are read from paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUP = 5
ISSUER = "Dynamic Framework marketplace"


def new_secret() -> str:
    """A fresh secret in base 32, as authenticator apps take it."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, last_step: int, at: datetime) -> int | None:
    """The time step whose code this is, at most one step off; None for a wrong or used code."""
    code = "".join(code.split())
    generator = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(at.timestamp()) // STEP_SECONDS
    for step in (present - 1, present, present + 1):
        right = hmac.compare_digest(generator.at(step * STEP_SECONDS).encode(), code.encode())
        if right and step > last_step:
            return step
    return None


def enrolment_picture(secret: str, email: str) -> Markup:
    """The QR code of a secret, as SVG without any inline style."""
    address = pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(
        name=email, issuer_name=ISSUER
    )
    drawing = io.BytesIO()
    segno.make(address, error="m").save(
        drawing,
        kind="svg",
        omitsize=True,
        border=4,
        xmldecl=False,
        svgns=False,
        dark="#000",
        light="#fff",
        svgclass="app-qr",
        lineclass=None,
        nl=False,
    )
    return Markup(drawing.getvalue().decode())


def new_recovery_codes() -> list[str]:
    """Ten codes like "k7m2p-x9f4q", 49 bits each."""
    return [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(2))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_code_hash(code: str) -> bytes:
    """The keyed hash of a code, however it was spaced or capitalised."""
    plain = "".join(each for each in code.casefold() if each in ALPHABET)
    return keyring().lookup_hash("recovery_code", plain)
