"""Asking for co-signatures and giving them."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import select

from lots.funding import mails
from lots.funding.actions import editable, locked
from lots.funding.models import LotSignature, Purpose
from lots.funding.permissions import FundingPermission
from lots.funding.rules import unready
from lots.funding.signing import terms_hash, unsigned
from lots.lifecycle import APPROVE, AWARD_GRANT, PUBLISH, START_STANDSTILL
from lots.models import Lot, LotEditor
from lots.permissions import DECIDERS, DRAFTERS
from marketplace import audit, clock, events
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import check


def ask_to_sign(lot_id: UUID, by: Acting) -> int:
    """Tell every decision-maker who has yet to sign for publication; returns how many signers.

    Raises Refusal while something else is missing: what is then changed would void signatures.
    """
    lot = locked(lot_id)
    check(by, FundingPermission.ARRANGE, lot)
    editable(lot)
    _must_be_ready(lot)
    asked = unsigned(lot, Purpose.PUBLICATION)
    lot.signatures_asked_at = clock.now()
    for signer in asked:
        mails.tell(lot, "please_sign", signer.organisation_ids, DECIDERS, buyer=lot.lead_buyer.name)
    audit.record("lot:signatures_asked", subject=lot, by=by, facts={"signers": len(asked)})
    return len(asked)


def sign_publication(lot_id: UUID, seen: str, by: Acting) -> None:
    """Co-sign the lot as it was read; `seen` is its hash then.

    Raises Refusal where it was changed meanwhile, is not complete, or the signer may not sign.
    """
    lot = locked(lot_id)
    check(by, FundingPermission.SIGN, lot)
    editable(lot)
    _must_be_ready(lot)
    wrote = {lot.drafted_by_id, *_editors(lot)}
    if by.person_id in wrote:
        raise Refusal(_("You wrote in this draft, so somebody else must co-sign it."))
    if seen != terms_hash(lot):
        raise Refusal(_("This lot was changed after you opened it. Read it again, then sign."))
    sign(lot, Purpose.PUBLICATION, seen, by)
    if not unsigned(lot, Purpose.PUBLICATION):
        mails.tell(lot, "all_signed", [lot.lead_buyer_id], [*DRAFTERS, *DECIDERS])


def _editors(lot: Lot) -> list[UUID]:
    return list(db.session.scalars(select(LotEditor.person_id).where(LotEditor.lot_id == lot.id)))


def _must_be_ready(lot: Lot) -> None:
    problems = unready(lot)
    if problems:
        raise Refusal(
            " ".join([_("This lot is not complete, so nobody can sign it yet."), *problems])
        )


def sign(lot: Lot, purpose: Purpose, signed_hash: str, by: Acting) -> LotSignature:
    """Write a signature, after whoever calls has judged that it may be given.

    Raises Refusal for somebody who signed for another organisation, or decides for the lead
    buyer too, and AlreadyChanged where their organisation has signed this already.
    """
    for each in lot.signatures:
        if each.person_id == by.person_id and each.organisation_id != by.organisation_id:
            raise Refusal(
                _("You have signed for another organisation. Somebody else must sign for this one.")
            )
    last = [
        each
        for each in lot.signatures
        if each.organisation_id == by.organisation_id and each.purpose == purpose
    ][-1:]
    if last and last[0].terms_hash == signed_hash:
        raise AlreadyChanged(_("Your organisation has signed this already."))
    given = LotSignature(
        id=new_id(),
        lot_id=lot.id,
        organisation_id=by.organisation_id,
        purpose=purpose,
        person_id=by.person_id,
        role=next(role for role in DECIDERS if by.has(role)),
        terms_hash=signed_hash,
        signed_at=clock.now(),
    )
    db.session.add(given)
    db.session.flush()
    db.session.expire(lot, ["signatures"])
    audit.record("lot:cosigned", subject=lot, by=by, facts={"purpose": purpose})
    return given


def _signed_for_nobody_else(lot: Lot, by: Acting | None) -> None:
    """Whoever publishes or awards for the lead buyer has not co-signed for another organisation."""
    if by is None:
        return
    for each in lot.signatures:
        if each.person_id == by.person_id and each.organisation_id != by.organisation_id:
            raise Refusal(
                _(
                    "You have co-signed this lot for another organisation. Somebody else must "
                    "decide for the lead buyer."
                )
            )


def register(app: Flask) -> None:
    """Keep the co-signer and the lead buyer's decision-maker two people."""
    for step in (PUBLISH, APPROVE, START_STANDSTILL, AWARD_GRANT):
        events.when(app, step, _signed_for_nobody_else)
