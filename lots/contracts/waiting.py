"""What waits for a person among contracts; one statement for each kind of thing."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, exists, or_, select, true

from lots.contracts.models import (
    CONFIRMED_BY,
    Contract,
    ContractArea,
    ContractSignature,
    ContractState,
    MobilisationItem,
    Side,
)
from lots.contracts.permissions import AUTHORITY, CONFIRMERS, MANAGERS
from lots.vocabulary import Route
from marketplace import clock
from marketplace.acting import Acting, OrganisationKind
from marketplace.database import db
from marketplace.registry import WaitingItem, waiting

MOST = 10


def _side(by: Acting) -> Side:
    return Side.PROVIDER if by.organisation_kind == OrganisationKind.PROVIDER else Side.BUYER


def _own(by: Acting):
    column = Contract.provider_id if _side(by) == Side.PROVIDER else Contract.buyer_id
    return column == by.organisation_id


def _contracts(by: Acting, state: ContractState, *conditions) -> Select:
    return (
        select(Contract.id, Contract.reference)
        .where(_own(by), Contract.state == state, *conditions)
        .order_by(Contract.reference)
        .limit(MOST)
    )


def _listed(rows: Select, sentence: Callable[[str], str], endpoint: str, key: str) -> list:
    return [
        WaitingItem(sentence(reference), url_for(endpoint, **{key: thing_id}))
        for thing_id, reference in db.session.execute(rows)
    ]


def _to_sign(by: Acting) -> list[WaitingItem]:
    if not by.has(*AUTHORITY[_side(by)]):
        return []
    signed = exists().where(
        ContractSignature.contract_id == Contract.id, ContractSignature.side == _side(by)
    )
    offered = exists().where(
        ContractSignature.contract_id == Contract.id, ContractSignature.side == Side.BUYER
    )
    # A grant waits for its buyer's offer first.
    turn = true() if _side(by) == Side.BUYER else or_(Contract.route != Route.GRANT, offered)
    return _listed(
        _contracts(by, ContractState.DRAFTED, ~signed, turn),
        lambda reference: _("Sign %(reference)s", reference=reference),
        "contracts.sign",
        "contract_id",
    )


def _to_confirm(by: Acting) -> list[WaitingItem]:
    side = _side(by)
    if not by.has(*CONFIRMERS[side]):
        return []
    kinds = [kind for kind, whose in CONFIRMED_BY.items() if whose == side]
    open_item = exists().where(
        MobilisationItem.contract_id == Contract.id,
        MobilisationItem.kind.in_(kinds),
        MobilisationItem.confirmed_at.is_(None),
    )
    return _listed(
        _contracts(by, ContractState.MOBILISING, open_item),
        lambda reference: _("Get %(reference)s ready for referrals", reference=reference),
        "contracts.show",
        "contract_id",
    )


def _to_open(by: Acting) -> list[WaitingItem]:
    if not by.has(*MANAGERS):
        return []
    open_item = exists().where(
        MobilisationItem.contract_id == Contract.id, MobilisationItem.confirmed_at.is_(None)
    )
    unset = exists().where(
        ContractArea.contract_id == Contract.id, ContractArea.places_set_at.is_(None)
    )
    return _listed(
        _contracts(
            by, ContractState.MOBILISING, ~open_item, ~unset, Contract.starts_on <= clock.today()
        ),
        lambda reference: _("Open %(reference)s for referrals", reference=reference),
        "contracts.show",
        "contract_id",
    )


def items(by: Acting) -> list[WaitingItem]:
    """Everything of this room that waits for this person."""
    return [item for asks in (_to_sign, _to_confirm, _to_open) for item in asks(by)]


def register(app: Flask) -> None:
    """Show them on the front page."""
    waiting(app).append(items)
