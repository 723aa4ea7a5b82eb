"""Amending a sent referral: the same rules as in a draft, a reason, old and new value kept."""

from __future__ import annotations

import json
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.overtaken import fingerprint
from marketplace.permissions import check
from referrals import notices, waiting
from referrals.amending.answers import Answers, needs_of, pick, told
from referrals.amending.models import Amendment
from referrals.amending.permissions import AmendPermission
from referrals.amending.topics import DATES, PLACE, RISK, Topic, asked
from referrals.codes import Complexity
from referrals.drafts.content import amendable
from referrals.models import Referral, ReferralNeed, ReferralOutcome
from referrals.plans.actions import refuse_where_planned
from referrals.plans.rar import days_used
from referrals.queries import locked_with_place


def amend(
    referral_id: UUID, topic: Topic, said: Answers, why: str, seen: str, by: Acting
) -> Amendment:
    """Answer the questions of a topic anew; the provider is told that something changed.

    `said` are answers by question, valid for a draft; `seen` is `seen_of` as the page showed it.
    Raises NotYours, Refused, Refusal where nothing changed, the case has ended, or a plan stands
    against it; AlreadyChanged where somebody else amended the same meanwhile.
    """
    referral = locked_with_place(referral_id, by)
    check(by, AmendPermission.AMEND, referral)
    refuse_topic(referral, topic)
    before = told(referral)
    if seen != seen_of(before, topic):
        raise AlreadyChanged(
            _("Somebody else changed this after you opened the page. Look at it again first.")
        )
    after = before | said
    needs = needs_of(before)
    old = pick(before, asked(topic, before, needs))
    new = pick(after, asked(topic, after, needs))
    if old == new:
        raise Refusal(_("Nothing was changed: every answer is the same as before."))
    _refuse_days(referral, topic, after)
    _change(referral, topic, before, after)
    amendment = Amendment(
        id=new_id(),
        referral_id=referral.id,
        topic=topic.name,
        need_code=topic.need,
        before=json.dumps(old),
        after=json.dumps(new),
        why=why,
        by_id=by.person_id,
        at=clock.now(),
    )
    db.session.add(amendment)
    audit.record("referral:amend", subject=referral, by=by, facts={"topic": topic.name})
    db.session.flush()
    if referral.placed_at is not None:
        notices.tell_provider("amending/risk" if topic.name == RISK else "amending/any", referral)
    if topic.name in (PLACE, DATES):
        waiting.release_changed(referral)
    return amendment


def seen_of(answers: Answers, topic: Topic) -> str:
    """Says whether the answers of a topic have changed since a page was shown."""
    return fingerprint([answers.get(slug) for slug in topic.slugs])


def refuse_topic(referral: Referral, topic: Topic) -> None:
    """Raise Refusal where this cannot be amended now."""
    if referral.ended_at is not None:
        raise Refusal(_("This case has ended. It cannot be changed any more."))
    if topic.name == "outcomes":
        refuse_where_planned(referral.id)


def _refuse_days(referral: Referral, topic: Topic, after: Answers) -> None:
    if topic.name == "rar" and after.get("rar", {}).get("has_rar") != "no":
        used = days_used(referral).here
        if int(after["rar-days"]["rar_days"]) < used:
            raise Refusal(
                _("%(used)s days have been used already. Enter that number or more.", used=used)
            )


def _change(referral: Referral, topic: Topic, before: Answers, after: Answers) -> None:
    if topic.name == "outcomes" and topic.need:
        _choose(referral.id, topic.need, after[topic.slugs[0]]["outcomes"])
        return
    if topic.name == "complexity" and topic.need:
        complexity = Complexity(after[topic.slugs[0]]["complexity"])
        db.session.execute(
            update(ReferralNeed)
            .where(ReferralNeed.referral_id == referral.id, ReferralNeed.need_code == topic.need)
            .values(complexity=complexity)
        )
        return
    was, now = amendable(before), amendable(after)
    for name, value in now.items():
        if was[name] != value:
            setattr(referral, name, value)


def _choose(referral_id: UUID, need: str, codes: list[str]) -> None:
    """Have these outcomes for a need; what was recorded on one left out stays."""
    rows = db.session.scalars(
        select(ReferralOutcome)
        .where(ReferralOutcome.referral_id == referral_id)
        .order_by(ReferralOutcome.position)
    ).all()
    known = {each.outcome_code: each for each in rows if each.need_code == need}
    for code, row in known.items():
        row.dropped_at = None if code in codes else row.dropped_at or clock.now()
    position = max((each.position for each in rows), default=-1)
    for code in codes:
        if code not in known:
            position += 1
            row = ReferralOutcome(
                id=new_id(),
                referral_id=referral_id,
                need_code=need,
                outcome_code=code,
                position=position,
            )
            db.session.add(row)
