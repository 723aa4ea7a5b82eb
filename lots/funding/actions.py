"""Sharing a lot's value: inviting, changing shares, answering. None commits.

The shares add up to the value after each of these; what a funder leaves falls to the lead buyer.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.actions import remember_editor
from lots.funding import mails
from lots.funding.lifecycle import ACCEPT, ASK_AGAIN, DECLINE, FUNDER, WITHDRAW
from lots.funding.models import TAKES_PART, Fund, FunderState, LotFunder
from lots.funding.parties import invitable, off_by, own_row, row_of, shares_of
from lots.funding.permissions import FundingPermission, owns
from lots.funding.signing import hash_of
from lots.models import Lot
from lots.permissions import DRAFTERS
from lots.vocabulary import EDITABLE
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, check
from marketplace.web.filters import shown_pounds


def locked(lot_id: UUID) -> Lot:
    """A lot under its lock, its shares and signatures read afresh. Raises NotYours for none."""
    found = select(Lot).where(Lot.id == lot_id).with_for_update()
    lot = db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if lot is None:
        raise NotYours(lot_id)
    db.session.expire(lot, ["funders", "signatures"])
    return lot


def editable(lot: Lot) -> Lot:
    """The lot, as long as its money can be arranged. Raises Refusal after that."""
    if lot.state not in EDITABLE:
        raise Refusal(_("This lot has been approved, published or ended: its money is settled."))
    return lot


def _arranged(lot_id: UUID, by: Acting) -> Lot:
    lot = locked(lot_id)
    check(by, FundingPermission.ARRANGE, lot)
    editable(lot)
    remember_editor(lot, by)
    return lot


def shares_seen(lot: Lot) -> str:
    """Says whether shares or fund have changed since the page was opened."""
    held = [(str(each.organisation.id), each.pence) for each in shares_of(lot)]
    return hash_of([sorted(held), lot.fund_id, lot.value_net_pence])


def invite(lot_id: UUID, organisation_id: UUID, pence: int, note: str, by: Acting) -> LotFunder:
    """Ask another buyer for a share, taken from the lead buyer's own.

    Raises Refusal where the lead buyer has not that much left, or nobody there could answer.
    """
    lot = _arranged(lot_id, by)
    asked = next((each for each in invitable(lot) if each.id == organisation_id), None)
    if asked is None:
        raise Refusal(_("This organisation takes part already, or cannot fund a lot."))
    if not mails.addresses([asked.id], DRAFTERS):
        raise Refusal(
            _(
                "%(name)s has nobody here yet who could answer. Ask the framework team to invite "
                "its lead first.",
                name=asked.name,
            )
        )
    left = _left_for_lead(lot) - pence
    if left < 0:
        raise Refusal(
            _(
                "The lead buyer’s own share is %(left)s, so no more than that can be asked for. "
                "Lower another share first.",
                left=shown_pounds(left + pence),
            )
        )
    row = _asked(lot, asked, pence, note, by)
    _leave_to_lead(lot, by)
    audit.record("lot:funder_invited", subject=lot, by=by, facts={"organisation": asked.id})
    mails.tell(lot, "invited", [asked.id], DRAFTERS, buyer=lot.lead_buyer.name)
    return row


def _asked(lot: Lot, asked: Organisation, pence: int, note: str, by: Acting) -> LotFunder:
    now = clock.now()
    row = next((each for each in lot.funders if each.organisation_id == asked.id), None)
    asking = {"share_pence": pence, "invited_by_id": by.person_id, "invited_at": now, "note": note}
    if row is None:
        row = LotFunder(
            id=new_id(),
            lot_id=lot.id,
            organisation_id=asked.id,
            state=FunderState.INVITED,
            **asking,
        )
        db.session.add(row)
    else:
        FUNDER.take(ASK_AGAIN, row, by, facts=asking)
    _afresh(lot)
    return row


def _left_for_lead(lot: Lot) -> int:
    """Pence of the value that no other organisation has taken; raises Refusal without a value."""
    if not lot.value_net_pence:
        raise Refusal(_("Enter the value of the lot first. Shares are shares of it."))
    return lot.value_net_pence - sum(each.pence for each in shares_of(lot) if not each.is_lead)


def _leave_to_lead(lot: Lot, by: Acting | None) -> None:
    """Have the lead buyer's row hold the rest, never below nothing."""
    _afresh(lot)
    rest = max(_left_for_lead(lot), 0)
    own = next((each for each in lot.funders if each.organisation_id == lot.lead_buyer_id), None)
    if own is not None:
        own.share_pence = rest
    elif by is not None:
        own = LotFunder(
            id=new_id(),
            lot_id=lot.id,
            organisation_id=lot.lead_buyer_id,
            share_pence=rest,
            state=FunderState.ACCEPTED,
            invited_by_id=by.person_id,
            invited_at=clock.now(),
        )
        db.session.add(own)
    _afresh(lot)


def _afresh(lot: Lot) -> None:
    db.session.flush()
    db.session.expire(lot, ["funders", "signatures"])


def save_shares(
    lot_id: UUID, pence_of: dict[UUID, int], fund_id: UUID | None, seen: str, by: Acting
) -> None:
    """Set every share, and the fund that the lead buyer's comes from.

    Who had accepted another amount is asked again. Raises Refusal, saying by how many pounds,
    where the shares do not add up to the value, and where somebody changed them meanwhile.
    """
    lot = _arranged(lot_id, by)
    if seen != shares_seen(lot):
        raise Refusal(
            _(
                "The shares, the fund or the value of this lot were changed after you opened this "
                "page. What you typed is still below and has not been saved. Compare it with what "
                "the table shows, then save again."
            )
        )
    shared = len(shares_of(lot)) > 1
    over = sum(pence_of.values()) - (lot.value_net_pence or 0)
    if shared and (problem := out_of_balance(over)):
        raise Refusal(problem)
    for share in shares_of(lot):
        pence = pence_of.get(share.organisation.id)
        if pence is not None and share.funder is not None and share.funder.share_pence != pence:
            _change(lot, share.funder, pence, by)
    _draw_on(lot, fund_id, by)
    _afresh(lot)
    if shared and off_by(lot):
        raise Refusal(_("Somebody joined or left meanwhile. Reload the page and try again."))
    audit.record("lot:shares_saved", subject=lot, by=by, fields=["shares", "fund_id"])


def out_of_balance(over: int) -> str | None:
    """What to say where shares exceed the value by `over` pence, negative where some is missing."""
    if over < 0:
        return _(
            "%(amount)s of the value is missing: the shares must add up to it exactly.",
            amount=shown_pounds(-over),
        )
    if over > 0:
        return _(
            "The shares are %(amount)s too much: they must add up to the value exactly.",
            amount=shown_pounds(over),
        )
    return None


def _change(lot: Lot, row: LotFunder, pence: int, by: Acting) -> None:
    if row.organisation_id == lot.lead_buyer_id:
        row.share_pence = pence
        return
    if pence == 0:
        raise Refusal(
            _("A funder has a share. Take %(name)s off instead.", name=row.organisation.name)
        )
    if row.state == FunderState.ACCEPTED:
        FUNDER.take(ASK_AGAIN, row, by, facts={"share_pence": pence, "invited_at": clock.now()})
    else:
        row.share_pence = pence
    mails.tell(lot, "share_changed", [row.organisation_id], DRAFTERS, buyer=lot.lead_buyer.name)


def _draw_on(lot: Lot, fund_id: UUID | None, by: Acting) -> None:
    if fund_id is not None and fund_id != lot.fund_id:
        fund = db.session.get(Fund, fund_id)
        if fund is None or not owns(by, fund):
            raise NotYours(fund_id)
    lot.fund_id = fund_id
    db.session.flush()
    db.session.expire(lot, ["fund"])


def take_off(lot_id: UUID, funder_id: UUID, by: Acting) -> None:
    """Take a funder off the lot; its share falls to the lead buyer, and it is told."""
    lot = _arranged(lot_id, by)
    row = row_of(lot, funder_id)
    FUNDER.take(WITHDRAW, row, by, facts={"share_pence": 0, "answered_at": clock.now()})
    _leave_to_lead(lot, by)
    mails.tell(lot, "taken_off", [row.organisation_id], DRAFTERS, buyer=lot.lead_buyer.name)


def accept(lot_id: UUID, pence: int, asks_to_sign: bool, by: Acting) -> None:
    """Promise the share of `pence` that was read; with `asks_to_sign` the lot needs a signature.

    Raises Refusal where the share was changed meanwhile.
    """
    lot, row = _own(lot_id, by)
    if row.share_pence != pence:
        raise Refusal(
            _(
                "Your share was changed to %(share)s after you opened this page. Read the lot "
                "again, then answer.",
                share=shown_pounds(row.share_pence),
            )
        )
    answered = {"answered_by_id": by.person_id, "answered_at": clock.now()}
    FUNDER.take(ACCEPT, row, by, facts={**answered, "asks_to_sign": asks_to_sign, "answer": ""})
    _afresh(lot)
    _tell_lead(lot, "accepted", row)


def leave(lot_id: UUID, reason: str, by: Acting) -> None:
    """Decline a share, or take a promise back before the lot is approved or published.

    The share falls to the lead buyer, who is told the reason.
    """
    lot, row = _own(lot_id, by)
    step = DECLINE if row.state == FunderState.INVITED else WITHDRAW
    facts = {
        "share_pence": 0,
        "asks_to_sign": False,
        "answered_by_id": by.person_id,
        "answered_at": clock.now(),
        "answer": reason,
    }
    FUNDER.take(step, row, by, facts=facts)
    _leave_to_lead(lot, None)
    _tell_lead(lot, "left", row)


def _own(lot_id: UUID, by: Acting) -> tuple[Lot, LotFunder]:
    lot = locked(lot_id)
    row = own_row(by, lot)
    if row is None or row.state not in TAKES_PART:
        raise NotYours(lot_id)
    check(by, FundingPermission.ANSWER, lot)
    editable(lot)
    return lot, row


def _tell_lead(lot: Lot, template: str, row: LotFunder) -> None:
    facts = {"funder": row.organisation.name}
    mails.tell(lot, template, [lot.lead_buyer_id], DRAFTERS, **facts)


def save_grant_test(lot_id: UUID, answers: dict[str, str], by: Acting) -> None:
    """Keep the answers to the six questions on grant or contract."""
    lot = _arranged(lot_id, by)
    if lot.grant_test != answers:
        lot.grant_test = answers
        audit.record("lot:grant_tested", subject=lot, by=by, fields=["grant_test"])
