"""The command that wraps lots' private keys anew under the ring's current key."""

from __future__ import annotations

from uuid import UUID

import click
from flask import Flask
from sqlalchemy import or_, select

from lots import keys
from lots.models import Lot
from marketplace import audit
from marketplace.database import db, write
from marketplace.keyring import keyring

WRAPPED = {"wrapped_private_key": keys.BIDS, "wrapped_price_key": keys.PRICES}


def rewrap(lot_id: UUID) -> bool:
    """Wrap one lot's keys under the current key; says whether any was under an older one."""
    lot = db.session.get_one(Lot, lot_id, with_for_update=True)
    ring, renewed = keyring(), []
    for column, purpose in WRAPPED.items():
        wrapped = getattr(lot, column)
        if wrapped is not None and not ring.is_current(bytes(wrapped)):
            setattr(lot, column, ring.encrypt(purpose, ring.decrypt(purpose, bytes(wrapped))))
            renewed.append(column)
    if renewed:
        audit.record("lot:key_rewrapped", subject=lot, by=None, fields=renewed)
    return bool(renewed)


@click.command("rewrap-keys")
def rewrap_keys() -> None:
    """Wrap the private keys of all lots under the newest ring key; safe to run again."""
    has_keys = or_(Lot.wrapped_private_key.is_not(None), Lot.wrapped_price_key.is_not(None))
    lot_ids = db.session.scalars(select(Lot.id).where(has_keys)).all()
    renewed = 0
    for lot_id in lot_ids:
        with write():
            renewed += rewrap(lot_id)
    click.echo(f"{renewed} of {len(lot_ids)} lots' keys are wrapped anew under the newest key.")


def register(app: Flask) -> None:
    """Add the command to `flask --app wsgi`."""
    app.cli.add_command(rewrap_keys)
