"""Keep what a comparison found, and what people say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from marketplace import audit, clock
from marketplace.accounts.queries import people_with
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.bodies.permissions import PAYERS
from marketplace.payments.paying.mails import tell
from marketplace.payments.reconciling.comparing import Difference
from marketplace.payments.reconciling.lifecycle import (
    EXPLAIN,
    FIND_AGAIN,
    MISMATCH,
    REOPEN,
    SETTLE,
)
from marketplace.payments.reconciling.models import (
    Mismatch,
    MismatchKind,
    MismatchState,
    Reconciliation,
)
from marketplace.payments.reconciling.permissions import ReconcilingPermission
from marketplace.payments.reconciling.reading import YOUNG
from marketplace.permissions import check


@dataclass(frozen=True)
class Comparison:
    """What one comparison of a body's books with Stripe's came to."""

    since: datetime
    until: datetime
    pence_here: int
    pence_there: int
    moved: int
    found: Sequence[Difference]


def keep(body_id: UUID, compared: Comparison) -> Reconciliation:
    """Keep a comparison: each difference once, and what is no longer found is settled."""
    # The body's row is the lock: two comparisons at once keep each difference once.
    db.session.get_one(StripeAccount, body_id, with_for_update=True)
    known = {
        (each.kind, each.cause, each.reference): each
        for each in db.session.scalars(
            select(Mismatch).where(Mismatch.body_id == body_id).with_for_update()
        )
    }
    new = 0
    for each in compared.found:
        mismatch = known.pop((each.kind, each.cause, each.reference), None)
        new += _found(body_id, each, mismatch)
    for gone in known.values():
        if gone.state != MismatchState.SETTLED and _was_looked_for(gone, compared):
            MISMATCH.take(SETTLE, gone, None, facts={"settled_at": clock.technical_now()})
    _give_owners(body_id)
    kept = Reconciliation(
        id=new_id(),
        body_id=body_id,
        compared_from=compared.since,
        compared_until=compared.until,
        pence_here=compared.pence_here,
        pence_there=compared.pence_there,
        moved=compared.moved,
        differences=len(compared.found),
    )
    db.session.add(kept)
    db.session.flush()
    audit.record(
        "reconciliation:made", subject=kept, by=None, facts={"differences": kept.differences}
    )
    if new:
        template = "marketplace/payments/reconciling/mail/found.txt"
        tell(body_id, PAYERS, template, kept.id, {"body_id": str(body_id), "count": new})
    return kept


def _was_looked_for(mismatch: Mismatch, compared: Comparison) -> bool:
    """What was moved before the comparison's first day is not; the balance always is."""
    is_recent = mismatch.moved_at >= compared.since + YOUNG
    return is_recent or mismatch.kind == MismatchKind.BALANCE


def _give_owners(body_id: UUID) -> None:
    """Each open difference is somebody's who pays for the body: theirs who have the fewest."""
    people = [person.id for person in people_with(body_id, PAYERS)]
    if not people:
        return
    wanted = (Mismatch.body_id == body_id, Mismatch.state == MismatchState.OPEN)
    open_ = db.session.scalars(
        select(Mismatch).where(*wanted).order_by(Mismatch.moved_at, Mismatch.id)
    ).all()
    having = Counter(each.owner_id for each in open_)
    for each in open_:
        if each.owner_id not in people:
            each.owner_id = min(people, key=lambda one: having[one])
            having[each.owner_id] += 1
            audit.record("mismatch:given", subject=each, by=None)


def _found(body_id: UUID, each: Difference, mismatch: Mismatch | None) -> bool:
    """Whether people have to be told: it is new, here again, or no longer what was explained."""
    amounts = {"pence_here": each.here, "pence_there": each.there}
    if mismatch is None:
        mismatch = Mismatch(
            id=new_id(),
            body_id=body_id,
            kind=each.kind,
            cause=each.cause,
            reference=each.reference,
            found_at=clock.technical_now(),
            moved_at=each.moved_at,
            **amounts,
        )
        db.session.add(mismatch)
        db.session.flush()
        audit.record("mismatch:found", subject=mismatch, by=None, facts={"kind": each.kind})
        return True
    changed = _changed(mismatch, each)
    mismatch.pence_here, mismatch.pence_there = each.here, each.there
    if mismatch.state == MismatchState.SETTLED:
        MISMATCH.take(FIND_AGAIN, mismatch, None, facts={"settled_at": None})
        return True
    if mismatch.state == MismatchState.EXPLAINED and changed:
        MISMATCH.take(REOPEN, mismatch, None)
        return True
    return False


def _changed(mismatch: Mismatch, now: Difference) -> bool:
    """The balance itself moves every day: what was explained is how far both are apart."""
    if mismatch.kind == MismatchKind.BALANCE:
        return mismatch.pence_there - mismatch.pence_here != now.there - now.here
    return (mismatch.pence_here, mismatch.pence_there) != (now.here, now.there)


def take_on(mismatch_id: UUID, by: Acting) -> Mismatch:
    """Whoever acts looks after it from now on. Raises Refused."""
    mismatch = _locked(mismatch_id)
    check(by, ReconcilingPermission.CLEAR_UP, mismatch)
    if mismatch.owner_id != by.person_id:
        mismatch.owner_id = by.person_id
        audit.record("mismatch:taken_on", subject=mismatch, by=by)
    return mismatch


def explain(mismatch_id: UUID, note: str, by: Acting) -> Mismatch:
    """Say where it comes from; nothing more is to be done. Raises Refused, AlreadyChanged."""
    mismatch = _locked(mismatch_id)
    facts = {
        "note": note,
        "explained_at": clock.technical_now(),
        "explained_by_id": by.person_id,
        "owner_id": mismatch.owner_id or by.person_id,
    }
    MISMATCH.take(EXPLAIN, mismatch, by, facts=facts)
    return mismatch


def reopen(mismatch_id: UUID, by: Acting) -> Mismatch:
    """The explanation does not hold. Raises Refused, AlreadyChanged."""
    mismatch = _locked(mismatch_id)
    MISMATCH.take(REOPEN, mismatch, by)
    return mismatch


def _locked(mismatch_id: UUID) -> Mismatch:
    return db.session.get_one(Mismatch, mismatch_id, with_for_update=True, populate_existing=True)
