"""Who hears of a notice on the practitioners' side: one mail to each, nothing about any person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from lots.contracts.continuity.models import ContinuityAct, ContinuityCase
from marketplace import outbox
from marketplace.accounts.models import Person
from marketplace.database import db
from referrals.codes import HOLDING, ReferralState
from referrals.drafted import ReferralDraft
from referrals.models import Caseworker, Referral


def tell_of_notice(act: ContinuityAct, areas: Sequence[UUID]) -> None:
    """Practitioners with an open case, with somebody waiting, and authors of drafts."""
    here = Referral.contract_area_id.in_(areas)
    _post(act, "decide", _practitioners(here & Referral.state.in_(HOLDING)))
    _post(act, "waiting", _practitioners(here & (Referral.state == ReferralState.WAITING)))
    _post(act, "draft", _draft_authors(areas))


def tell_goes_on(act: ContinuityAct, areas: Sequence[UUID]) -> None:
    """Everybody who was told that it ends or is suspended, and whoever waits or drafts now."""
    listed = select(ContinuityCase.case_ref).where(
        ContinuityCase.act_id == act.id, ContinuityCase.contract_area_id.in_(areas)
    )
    waits = Referral.contract_area_id.in_(areas) & (Referral.state == ReferralState.WAITING)
    told = _practitioners(or_(Referral.id.in_(listed), waits))
    _post(act, "goes_on", told | _draft_authors(areas))


def tell_caseworkers(areas: Sequence[UUID], act: ContinuityAct) -> None:
    """Whoever works on an open case of a service that was stopped: their sessions are cancelled."""
    workers = (
        select(Caseworker.referral_id, Person)
        .join(Person, Person.id == Caseworker.person_id)
        .join(Referral, Referral.id == Caseworker.referral_id)
        .where(
            Caseworker.until.is_(None),
            Referral.contract_area_id.in_(areas),
            Referral.state.in_(HOLDING),
        )
    )
    rows = db.session.execute(workers)
    _post(act, "caseworker", Counter(person.email for _referral, person in rows))


def tell_late(act: ContinuityAct, addresses: Iterable[str]) -> None:
    """Whoever must decide, and whoever may step in: time has run out on these many cases."""
    _post(act, "late", Counter(addresses))


def _practitioners(wanted: ColumnElement[bool]) -> Counter[str]:
    """How many of these referrals each address answers for: the owner's and the one given."""
    rows = db.session.execute(
        select(Referral.practitioner_email, Person)
        .join(Person, Person.id == Referral.owner_id)
        .where(wanted)
    )
    found: Counter[str] = Counter()
    for given, owner in rows:
        found.update({owner.email, given or owner.email})
    return found


def _draft_authors(areas: Sequence[UUID]) -> Counter[str]:
    authors = (
        select(ReferralDraft.id, Person)
        .join(Person, Person.id == ReferralDraft.author_id)
        .where(ReferralDraft.contract_area_id.in_(areas))
    )
    return Counter(person.email for _draft, person in db.session.execute(authors))


def _post(act: ContinuityAct, template: str, told: Counter[str]) -> None:
    facts: dict[str, Any] = {
        "kind": act.kind,
        "day": act.effective_on.isoformat(),
        "due": act.due_on.isoformat() if act.due_on else None,
        "service_code": act.contract.service_code,
    }
    for address in sorted(told):
        outbox.post(
            f"referrals/mail/continuity/{template}.txt",
            to=address,
            subject_id=act.id,
            facts=facts | {"count": told[address]},
        )
