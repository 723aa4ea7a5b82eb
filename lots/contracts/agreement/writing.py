"""The agreement written from the lot, the bid and its partners, in one of three forms."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import lazy_gettext as _l

from lots.contracts.agreement.models import SignedText
from lots.contracts.delivery.vocabulary import INDICATORS
from lots.contracts.models import Contract
from lots.contracts.partners.models import ContractPartner
from lots.contracts.pricing.changing import in_force
from lots.contracts.pricing.drawing import first_month
from lots.contracts.pricing.shown import added_to
from lots.funding.parties import shares_of
from lots.models import Lot
from lots.prices.wording import lines_of
from lots.proportionality import policy_of
from lots.shown import names
from lots.vocabulary import Route
from marketplace import clock
from marketplace.database import db
from marketplace.organisations.models import Organisation

# How a line begins that was typed by somebody, in a text that is signed.
QUOTE = "> "


class AgreementForm(StrEnum):
    """How long an agreement is: as long as its value asks for, and no longer."""

    GRANT = "grant"
    SHORT = "short"
    STANDARD = "standard"


AGREEMENT_FORMS = {
    AgreementForm.GRANT: _l("Grant agreement"),
    AgreementForm.SHORT: _l("Contract, short form"),
    AgreementForm.STANDARD: _l("Contract, standard form"),
}


def form_of(lot: Lot) -> AgreementForm:
    """The form by route and value band.

    Under the policy's `short_form_under_pence` (whole-life value with VAT, by the version that the
    lot was judged by) a contract is written in the short form (domain, section 4).
    """
    if lot.route == Route.GRANT:
        return AgreementForm.GRANT
    short = policy_of(lot).is_short_form(lot)
    return AgreementForm.SHORT if short else AgreementForm.STANDARD


def write_text(
    contract: Contract,
    lot: Lot,
    buyer: Organisation,
    provider: Organisation,
    partners: Sequence[ContractPartner] = (),
) -> str:
    """The agreement as plain text."""
    form, first = form_of(lot), first_month(contract)
    return rendered(
        "lots/contracts/agreement/agreement.txt",
        contract=contract,
        lot=lot,
        buyer=buyer,
        provider=provider,
        partners=partners,
        shares=shares_of(lot),
        prices=lines_of(in_force(contract, first), first),
        on_top=added_to(contract),
        form=form,
        title=AGREEMENT_FORMS[form],
        short_under=policy_of(lot).short_form_under_pence,
        indicators=INDICATORS.values(),
        names=names(),
    )


def rendered(template: str, **facts: Any) -> str:
    """A text without what stands around a page: that needs a request, and a job has none."""
    helpers = {"quoted": quoted, "one_line": one_line}
    text = current_app.jinja_env.get_template(template).render(**helpers, **facts)
    return text.strip() + "\n"


def quoted(text: str) -> str:
    """What somebody has typed, each line marked, so that none can pass for a clause."""
    return "\n".join(f"{QUOTE}{line}".rstrip() for line in text.splitlines())


def one_line(text: str) -> str:
    """What somebody has typed, for a place inside a line."""
    return " ".join(text.split())


def hash_of(text: str) -> str:
    """SHA-256 of the text as UTF-8, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def keep(contract_id: UUID, number: int, text: str) -> None:
    """Put a text that every side has signed where nothing can change it."""
    db.session.add(
        SignedText(
            contract_id=contract_id,
            number=number,
            text=text,
            text_hash=hash_of(text),
            signed_at=clock.now(),
        )
    )
