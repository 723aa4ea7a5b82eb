"""What is done with a contract: drawn up, signed, made ready, opened, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from lots.contracts import agreement, mails, places
from lots.contracts.continuity import expiring
from lots.contracts.lifecycle import COMPLETE_SIGNING, CONTRACT, END, GO_LIVE, MOBILISE, RUN_OFF
from lots.contracts.models import (
    Contract,
    ContractArea,
    ContractSignature,
    ContractState,
    ItemKind,
    MobilisationItem,
    PauseReason,
    Side,
)
from lots.contracts.partners.drawing import PartnerShare, add_partners
from lots.contracts.partners.places import set_parts
from lots.contracts.permissions import (
    AUTHORITY,
    CONFIRMERS,
    MANAGERS,
    ContractPermission,
    side_of,
)
from lots.contracts.pricing.drawing import draw_list
from lots.models import Lot
from lots.prices.arithmetic import worth
from lots.vocabulary import PriceBasis, Route
from marketplace import audit, calendar, clock
from marketplace.acting import Acting, Role
from marketplace.database import db, new_id
from marketplace.fresh import fresh_reference
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.organisations.models import Organisation
from marketplace.payments import actions as ledger
from marketplace.payments.models import AccountKind
from marketplace.permissions import check


def draw_up(
    lot: Lot,
    provider_id: UUID,
    price: int,
    by: Acting | None,
    partners: Sequence[PartnerShare] = (),
) -> Contract:
    """The contract or grant agreement of an awarded lot, ready to be signed by both sides.

    `price` is pence by the lot's price basis: the fee of a month, the amount of a start, or the
    whole price; `partners` are those that the bid names. Runs inside the award's transaction, whose
    step has checked the permission.
    """
    contract = _new_contract(lot, provider_id, price)
    db.session.add(contract)
    db.session.flush()
    draw_list(contract, lot, price)
    joined = add_partners(contract, partners)
    contract.text = agreement.write_text(
        contract,
        lot,
        buyer=db.session.get_one(Organisation, lot.lead_buyer_id),
        provider=db.session.get_one(Organisation, provider_id),
        partners=joined,
    )
    contract.text_hash = agreement.hash_of(contract.text)
    audit.record("contract:drawn_up", subject=contract, by=by, facts={"lot_id": str(lot.id)})
    # A grant is offered by the buyer's signature, and accepted by the provider's.
    first = {Side.BUYER: AUTHORITY[Side.BUYER]} if lot.route == Route.GRANT else AUTHORITY
    mails.tell(contract, "ready_to_sign", first)
    return contract


def _new_contract(lot: Lot, provider_id: UUID, price: int) -> Contract:
    starts_on = max(lot.starts_on or clock.today(), clock.today())
    months = lot.term_months or 1
    basis = lot.price_basis
    contract = Contract(
        id=new_id(),
        reference=fresh_reference(Contract, "CON"),
        lot_id=lot.id,
        provider_id=provider_id,
        buyer_id=lot.lead_buyer_id,
        route=lot.route,
        service_code=lot.service_code,
        min_age=lot.min_age,
        max_age=lot.max_age,
        statuses=lot.statuses,
        custody_days=lot.custody_days,
        custody_clocks=lot.custody_clocks,
        value_pence=worth(lot, price),
        value_term_months=months,
        price_basis=basis,
        monthly_fee_pence=price if basis == PriceBasis.MONTHLY_FEE else None,
        unit_price_pence=price if basis == PriceBasis.PER_START else None,
        guaranteed_pence=lot.guaranteed_pence or 0,
        vat_percent=lot.vat_percent,
        starts_on=starts_on,
        ends_on=calendar.months_later(starts_on, months) - timedelta(days=1),
        drawn_up_at=clock.now(),
        cost_account_id=ledger.open_account(AccountKind.COST).id,
        vat_account_id=ledger.open_account(AccountKind.VAT).id,
        funded_account_id=ledger.open_account(AccountKind.FUNDED).id,
        payable_account_id=ledger.open_account(AccountKind.PAYABLE).id,
        paid_account_id=ledger.open_account(AccountKind.PAID).id,
        is_demonstration=lot.is_demonstration,
    )
    contract.areas = [
        ContractArea(
            id=new_id(),
            area_code=bought.area_code,
            region_code=bought.region_code,
            cohort=lot.cohort,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
            contracted_places=bought.places or 0,
        )
        for bought in lot.areas
    ]
    return contract


def sign(contract_id: UUID, name: str, seen_hash: str, by: Acting) -> Contract:
    """Sign for the side acted for, with the typed name, exactly the text that was shown.

    With the second signature the contract is signed and the mobilisation list opens. Raises
    Refused, Refusal, or AlreadyChanged where this side has signed.
    """
    contract = _locked(contract_id)
    check(by, ContractPermission.SIGN, contract)
    side = side_of(by, contract)
    assert side is not None  # the permission has made sure
    signable(contract, side)
    if not agreement.hash_of(contract.text) == contract.text_hash == seen_hash:
        raise Refusal(
            _("The text is not the one that was shown to you. Open the contract and read it again.")
        )
    theirs = _signature(contract, _other(side))
    if theirs is not None and theirs.person_id == by.person_id:
        raise Refusal(
            _("You have signed for the other side. Somebody else must sign for this one.")
        )
    role = next(each for each in AUTHORITY[side] if by.has(each))
    signature = ContractSignature(
        id=new_id(),
        contract_id=contract.id,
        side=side,
        person_id=by.person_id,
        role=role,
        name=name,
        text_hash=seen_hash,
        at=clock.now(),
    )
    db.session.add(signature)
    db.session.flush()
    audit.record(
        "contract:signed", subject=contract, by=by, facts={"side": side, "sha256": seen_hash}
    )
    if theirs is not None:
        _complete_signing(contract, by)
    elif contract.route == Route.GRANT:
        mails.tell(contract, "ready_to_sign", {Side.PROVIDER: AUTHORITY[Side.PROVIDER]})
    return contract


def signable(contract: Contract, side: Side) -> None:
    """Raise AlreadyChanged where this side has signed, Refusal while the buyer signs first."""
    CONTRACT.expect(COMPLETE_SIGNING, contract)
    if _signature(contract, side):
        raise AlreadyChanged(_("Your side has already signed this contract."))
    if awaits_offer(contract, side):
        raise Refusal(_("The buyer offers this grant first. You are told when it has."))


def awaits_offer(contract: Contract, side: Side) -> bool:
    """Whether the buyer signs first: it offers a grant, and the provider then accepts it."""
    return (
        contract.route == Route.GRANT
        and side == Side.PROVIDER
        and _signature(contract, Side.BUYER) is None
    )


def _complete_signing(contract: Contract, by: Acting) -> None:
    CONTRACT.take(COMPLETE_SIGNING, contract, by, facts={"signed_at": clock.now()})
    agreement.keep(contract.id, 0, contract.text)
    CONTRACT.take(MOBILISE, contract, by)
    kinds: Sequence[ItemKind] = list(ItemKind)
    if takes_nobody(contract):
        kinds = [ItemKind.INSURANCE]
        for area in contract.areas:
            area.places_set_at = clock.now()
    items = [MobilisationItem(id=new_id(), contract_id=contract.id, kind=kind) for kind in kinds]
    db.session.add_all(items)
    mails.tell(contract, "signed", CONFIRMERS)


def takes_nobody(contract: Contract) -> bool:
    """Whether a grant is for something else than places: then nobody is referred to it."""
    return contract.route == Route.GRANT and not any(
        area.contracted_places for area in contract.areas
    )


def _signature(contract: Contract, side: Side) -> ContractSignature | None:
    signed = select(ContractSignature).where(
        ContractSignature.contract_id == contract.id, ContractSignature.side == side
    )
    return db.session.scalars(signed).one_or_none()


def _other(side: Side) -> Side:
    return Side.PROVIDER if side == Side.BUYER else Side.BUYER


def confirm_item(contract_id: UUID, kind: ItemKind, evidence: str, by: Acting) -> None:
    """Confirm one line of the mobilisation list, saying what shows it.

    Raises Refused, Refusal for places, which are set, or AlreadyChanged.
    """
    contract = _locked(contract_id)
    item = db.session.scalars(
        select(MobilisationItem).where(
            MobilisationItem.contract_id == contract_id, MobilisationItem.kind == kind
        )
    ).one_or_none()
    if item is None or contract.state != ContractState.MOBILISING:
        raise Refusal(_("This list is open from the signing until the contract goes live."))
    check(by, ContractPermission.CONFIRM, item)
    if kind == ItemKind.PLACES:
        raise Refusal(_("This is confirmed by setting the places in every area."))
    if item.confirmed_at is not None:
        raise AlreadyChanged(_("This has already been confirmed."))
    item.evidence = evidence
    _confirm(item, by)


def _confirm(item: MobilisationItem, by: Acting) -> None:
    item.confirmed_at, item.confirmed_by_id = clock.now(), by.person_id
    audit.record(
        "mobilisation_item:confirmed",
        subject=item,
        by=by,
        fields=["confirmed_at", "evidence"],
        facts={"kind": item.kind},
    )


def set_places(
    contract_area_id: UUID, number: int, by: Acting, partners: Mapping[UUID, int] | None = None
) -> ContractArea:
    """Set an area's places, and those of them that each partner holds ready.

    With the last area set, that line of the mobilisation list is confirmed. Raises Refused,
    Refusal, also where the partners' places exceed the area's.
    """
    area = places.set_places(contract_area_id, number, by)
    set_parts(area, number, partners or {})
    # Locked before the count, so that two who set the last two areas do not overlook each other.
    item = db.session.scalars(
        select(MobilisationItem)
        .where(
            MobilisationItem.contract_id == area.contract_id,
            MobilisationItem.kind == ItemKind.PLACES,
            MobilisationItem.confirmed_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    unset = select(func.count()).where(
        ContractArea.contract_id == area.contract_id, ContractArea.places_set_at.is_(None)
    )
    if item is not None and not db.session.scalar(unset):
        _confirm(item, by)
    return area


def pause(contract_area_id: UUID, until: date, reason: PauseReason, by: Acting) -> ContractArea:
    """Pause an area, and tell the buyer's managers."""
    area = places.pause(contract_area_id, until, reason, by)
    mails.tell(area.contract, "paused", {Side.BUYER: MANAGERS})
    return area


def go_live(contract_id: UUID, by: Acting) -> Contract:
    """Open the contract for referrals. Raises Refused, Refusal from the mobilisation gate."""
    contract, areas = places.locked_contract(contract_id)
    CONTRACT.take(GO_LIVE, contract, by, facts={"live_at": clock.now()})
    if not takes_nobody(contract):
        places.open_areas(areas, by)
    mails.tell(contract, "live", {Side.BUYER: MANAGERS, Side.PROVIDER: [Role.SERVICE_MANAGER]})
    return contract


def run_out(contract_id: UUID) -> bool:
    """What the end of the last day does: ended where nobody holds a place, else ending.

    Says whether anything changed. The areas are locked and closed first, so that no place is
    taken between the look and the step; and no case goes without being asked about.
    """
    expiring.give_notice(contract_id)
    contract, areas = places.locked_contract(contract_id)
    places.close_areas(areas)
    if END.guard is not None and END.guard(contract) is None:
        CONTRACT.take(END, contract, None, facts={"ended_at": clock.now()})
        return True
    if contract.state == ContractState.LIVE:
        CONTRACT.take(RUN_OFF, contract, None, facts={"ending_at": clock.now()})
        return True
    return False


def _locked(contract_id: UUID) -> Contract:
    return db.session.get_one(Contract, contract_id, with_for_update=True, populate_existing=True)
