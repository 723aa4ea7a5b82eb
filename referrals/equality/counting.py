"""Making figures of the answers, once a day: access, wait, decline and completion by group.

Cases and answers meet only here, in memory; what is stored afterwards are counts of a region.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Result, delete, insert, select

from lots.contracts.models import ContractArea
from marketplace import calendar
from marketplace.database import db, write
from referrals.codes import ENDED, ReferralState
from referrals.equality.actions import link_of
from referrals.equality.models import EqualityAnswer, EqualityFigure
from referrals.models import Referral
from referrals.services.models import Counted

WINDOW = timedelta(days=365)
ROWS_AT_A_TIME = 1000
FIGURES = "equality"


@dataclass
class Tally:
    """What is counted of one group: different people, however often each was referred."""

    people: set[bytes] = field(default_factory=set)
    started: set[bytes] = field(default_factory=set)
    declined: set[bytes] = field(default_factory=set)
    completed: set[bytes] = field(default_factory=set)
    ended: set[bytes] = field(default_factory=set)
    waits: list[int] = field(default_factory=list)

    def add(self, case: Any) -> None:
        """Count the person of one case."""
        who = case.crn_hash
        self.people.add(who)
        if case.state == ReferralState.DECLINED:
            self.declined.add(who)
        elif case.state == ReferralState.COMPLETED:
            self.completed.add(who)
        if case.started_at is not None:
            self.started.add(who)
            self.waits.append(max(0, (case.started_at - case.sent_at).days))
            if case.state in ENDED:
                self.ended.add(who)


def count(now: datetime) -> int:
    """The job: replace every figure by those of the year before today; returns how many."""
    today = calendar.day_of(now)
    counted = db.session.get(Counted, FIGURES)
    if counted and counted.until_on == today:
        return 0
    tallies = _tallies(today)
    rows = [
        {
            "region_code": region,
            "characteristic": characteristic,
            "group_code": group,
            "counted_on": today,
            "people": len(each.people),
            "started": len(each.started),
            "declined": len(each.declined),
            "completed": len(each.completed),
            "ended": len(each.ended),
            "wait_days": round(median(each.waits)) if each.waits else None,
        }
        for (region, characteristic, group), each in tallies.items()
    ]
    with write():
        db.session.merge(Counted(what=FIGURES, until_on=today))
        db.session.execute(delete(EqualityFigure))
        if rows:
            db.session.execute(insert(EqualityFigure), rows)
    return len(rows)


def _tallies(today: date) -> dict[tuple[str, str, str], Tally]:
    tallies: dict[tuple[str, str, str], Tally] = defaultdict(Tally)
    anybody = db.session.scalar(select(EqualityAnswer.id).limit(1)) is not None
    for cases in _cases(today).partitions() if anybody else ():
        linked = [(link_of(case.id), case) for case in cases]
        answers = _answers([link for link, _case in linked])
        for link, case in linked:
            for characteristic, group in answers.get(link, {}).items():
                tallies[case.region_code, characteristic, group].add(case)
    return tallies


def _answers(links: Sequence[bytes]) -> dict[bytes, dict[str, str]]:
    found = select(EqualityAnswer.link, EqualityAnswer.answers).where(
        EqualityAnswer.link.in_(links)
    )
    return {link: json.loads(said) for link, said in db.session.execute(found)}


def _cases(today: date) -> Result[Any]:
    return db.session.execute(
        select(
            Referral.id,
            Referral.crn_hash,
            Referral.state,
            Referral.sent_at,
            Referral.started_at,
            ContractArea.region_code,
        )
        .join(ContractArea, ContractArea.id == Referral.contract_area_id)
        .where(Referral.sent_at >= calendar.start_of(today - WINDOW))
        .execution_options(yield_per=ROWS_AT_A_TIME)
    )


def next_count(after: datetime) -> datetime | None:
    """The beginning of the next day, London's time, where anybody has answered."""
    if db.session.scalar(select(EqualityAnswer.id).limit(1)) is None:
        return None
    return calendar.start_of(calendar.day_of(after) + timedelta(days=1))
