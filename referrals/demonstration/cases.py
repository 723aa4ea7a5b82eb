"""The demonstration's referrals, sent and worked on by its people at the time it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, repeat
from typing import Any

from sqlalchemy import select

from lots.contracts.models import Contract, ContractArea
from lots.demonstration.lots import find, told_of
from lots.models import Lot
from marketplace import calendar, clock
from marketplace.accounts.models import Person as AccountPerson
from marketplace.acting import Acting, Role
from marketplace.areas.queries import delivery_units_on
from marketplace.categories.queries import outcomes_by_category, service
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, moment_of, on_the_day
from referrals.codes import Priority, Sex
from referrals.demonstration.data import (
    CASES,
    MEN,
    PRIORITIES,
    REASONS,
    RISK,
    RISK_FLAGS,
    SENTENCES,
    WOMEN,
    Cases,
    Tells,
)
from referrals.demonstration.work import Told, tell_work
from referrals.drafted import ReferralDraft
from referrals.drafts.actions import begin_draft
from referrals.drafts.queries import crn_hash
from referrals.models import Referral
from referrals.sending.actions import send_referral
from referrals.teams import actions as teams

MOST_NEEDS = 2
LASTS = timedelta(days=140)
# Every so manieth referral of the North East comes from the prison, or is restricted.
FROM_PRISON, RESTRICTED = 11, 13
# Nobody else has this number; the lot keeps a place from six weeks before release.
TOO_EARLY, RELEASED_AFTER = 1100, timedelta(days=90)
TEAM = (
    (Role.TEAM_MANAGER, 0),
    (Role.PRACTITIONER, 0),
    (Role.PRACTITIONER, 1),
)


@dataclass(frozen=True)
class Person:
    """Somebody who is referred; `number` makes the rest of what is known of them."""

    number: int
    name: str
    sex: Sex

    @property
    def crn(self) -> str:
        """Their case reference number, nobody else's."""
        return f"X{900000 + self.number}"

    @property
    def date_of_birth(self) -> date:
        """An adult's, spread over forty years."""
        return date(1963 + self.number * 7 % 40, 1 + self.number % 12, 1 + self.number % 28)


def build() -> None:
    """Send and work on every case that is not there yet, each in one write."""
    for role, number in TEAM:
        with write():
            by = acting_for("north-east", role, number)
            units = delivery_units_on(clock.today(), by.region_code)
            member = teams.choose(units[0].code, by)
            if member.confirmed_at is None:
                manager = acting_for("north-east", Role.TEAM_MANAGER)
                teams.confirm(member.id, member.delivery_unit_code, manager)
    with write():
        _begin_a_draft()
    for cases, person, tells, days in _in_order():
        with write():
            if not _is_referred(person):
                _tell(cases, person, tells, days)
    with write():
        _send_long_before_release()


def _send_long_before_release() -> None:
    """Somebody in prison for whom it is too early for a place, although some are free."""
    lot, person = find("homes-north-east"), Person(TOO_EARLY, "Callum Reeve", Sex.MALE)
    if lot is None or _is_referred(person):
        return
    area, by = area_of(lot, "northumbria"), acting_for("prison", Role.PRISON_PRACTITIONER)
    sent_on = clock.today() - timedelta(days=3)
    with on_the_day(moment_of(sent_on)):
        draft = begin_draft(area.id, by)
        answers = _answers(lot, area, "northumbria", person, sent_on, by)
        answers["release"]["release_on"] = (sent_on + RELEASED_AFTER).isoformat()
        draft.answers = json.dumps(answers)
        db.session.flush()
        send_referral(draft.id, area.id, by)


def _is_referred(person: Person) -> bool:
    referred = select(Referral.id).where(Referral.crn_hash == crn_hash(person.crn))
    return db.session.scalar(referred.limit(1)) is not None


def _begin_a_draft() -> None:
    """One referral that its practitioner has not finished writing."""
    by = acting_for("north-east", Role.PRACTITIONER)
    lot = find("homes-north-east")
    begun = select(ReferralDraft.id).where(ReferralDraft.author_id == by.person_id)
    if lot is None or db.session.scalar(begun.limit(1)) is not None:
        return
    with on_the_day(moment_of(clock.today() - timedelta(days=2))):
        draft = begin_draft(area_of(lot, "northumbria").id, by)
        draft.answers = json.dumps({"crn": {"crn": "X900900"}, "name": {"name": "Dorothy Amis"}})


def _in_order() -> Iterator[tuple[Cases, Person, Tells, int]]:
    """Every case with the person it is about; the same people whenever it is asked."""
    women, men = iter(chain.from_iterable(repeat(WOMEN))), iter(chain.from_iterable(repeat(MEN)))
    number = 0
    for cases in CASES:
        only_women = told_of(cases.lot).cohort == "women"
        for tells, days in cases.told:
            number += 1
            is_woman = only_women or number % 5 == 0
            name = next(women) if is_woman else next(men)
            yield cases, Person(number, name, Sex.FEMALE if is_woman else Sex.MALE), tells, days


def area_of(lot: Lot, code: str) -> ContractArea:
    """The service of a lot in this area, or in its whole region."""
    of_lot = select(ContractArea).join(Contract).where(Contract.lot_id == lot.id)
    areas = db.session.scalars(of_lot).all()
    return next(each for each in areas if each.area_code in (code, None))


def _tell(cases: Cases, person: Person, tells: Tells, days: int) -> None:
    lot = find(cases.lot)
    assert lot is not None
    area = area_of(lot, cases.area)
    by = _referrer(told_of(cases.lot).buyer, person)
    sent_on = calendar.next_working_day(
        clock.today() - timedelta(days=days), calendar.ENGLAND_AND_WALES
    )
    with on_the_day(moment_of(sent_on)):
        draft = begin_draft(area.id, by)
        draft.answers = json.dumps(_answers(lot, area, cases.area, person, sent_on, by))
        db.session.flush()
        referral_id = send_referral(draft.id, area.id, by)
    tell_work(Told(referral_id, tells, sent_on, person.number, by, lot))


def _referrer(buyer: str, person: Person) -> Acting:
    if buyer == "north-east" and person.number % FROM_PRISON == 0:
        return acting_for("prison", Role.PRISON_PRACTITIONER)
    several = 2 if buyer == "north-east" else 1
    return acting_for(buyer, Role.PRACTITIONER, person.number % several)


def _answers(
    lot: Lot, area: ContractArea, area_code: str, person: Person, sent_on: date, by: Acting
) -> dict[str, Any]:
    return {
        **_about(person, "cy" if area.region_code == "D" and person.number % 2 else "en"),
        "area": {"area": area_code},
        **_whereabouts(sent_on, by),
        "practitioner": {
            "name": by.name,
            "email": _address(by),
            "phone": "0300 555 0100",
            "delivery_unit": delivery_units_on(sent_on, area.region_code)[0].code,
            "office": "",
            "office_name": None,
        },
        "restricted": {
            "is_restricted": "yes" if person.number % RESTRICTED == 0 else "no",
            "named": None,
        },
        "risk-flags": {"flags": list(RISK_FLAGS)},
        "risk": RISK | {"understood": True},
        **_needs(lot.service_code, sent_on),
        **_work(lot.service_code, min(sent_on + LASTS, area.ends_on), person),
    }


def _about(person: Person, language: str) -> dict[str, Any]:
    return {
        "crn": {"crn": person.crn},
        "name": {"name": person.name},
        "born": {"date_of_birth": person.date_of_birth.isoformat()},
        "sex": {"sex": person.sex},
        "contact": {
            "phone": f"07700 900{person.number:03}",
            "email": "",
            "safe_contact": "Text first, then ring." if person.number % 3 == 0 else "",
        },
        "language": {"language": language, "other_language": None},
        "other-needs": {
            "needs": ["reading"] if person.number % 4 == 0 else ["none"],
            "additional_needs": "Dyslexia: prefers to be told." if person.number % 4 == 0 else "",
        },
        "access": {"access": ["none"], "accessibility": ""},
        "interpreter": {"needs_interpreter": "no", "interpreter_language": None},
        "commitments": {"has_commitments": "no", "times": [], "commitments": None},
    }


def _work(service_code: str, complete_by: date, person: Person) -> dict[str, Any]:
    reason, aims = REASONS[service_code]
    status = tuple(SENTENCES)[person.number % len(SENTENCES)]
    return {
        "sentence-status": {"status": status},
        "relevant-sentence": {"sentence": SENTENCES[status]},
        "rar": {"has_rar": "yes", "maximum": 40},
        "sentence": {"has_end": "yes", "ends_on": (complete_by + LASTS).isoformat()},
        "rar-days": {"rar_days": 10 + person.number % 20},
        "complete-by": {"complete_by": complete_by.isoformat()},
        "reason": {"reason": reason, "aims": aims},
        "priority": {"priority": _priority(person)},
    }


def _priority(person: Person) -> Priority:
    return PRIORITIES[person.number % len(PRIORITIES)]


def _whereabouts(sent_on: date, by: Acting) -> dict[str, Any]:
    if not by.has(Role.PRISON_PRACTITIONER):
        return {"whereabouts": {"whereabouts": "community"}}
    # A Friday without an address: the release that a list must not let anybody miss.
    around = sent_on + timedelta(days=20)
    release_on = (around + timedelta(days=(4 - around.weekday()) % 7)).isoformat()
    return {
        "whereabouts": {"whereabouts": "custody"},
        "establishment": {"prison": "durham", "prison_name": "HMP Durham", "other_prison": ""},
        "allocated": {"allocated": "yes"},
        "address": {"has_address": "no"},
        "release": {"is_known": "yes", "release_on": release_on, "release_unknown": None},
    }


def _needs(service_code: str, day: date) -> dict[str, Any]:
    """The first needs of the service, each with its first outcome and a complexity."""
    bought = service(service_code, day)
    assert bought is not None
    codes = bought.need_codes[:MOST_NEEDS]
    outcomes = outcomes_by_category(codes, day)
    found: dict[str, Any] = {"needs": {"needs": codes}}
    for code, complexity in zip(codes, ("medium", "low"), strict=False):
        found[f"outcomes-{code}"] = {"outcomes": [each.code for each in outcomes[code][:2]]}
        found[f"complexity-{code}"] = {"complexity": complexity}
    return found


def _address(by: Acting) -> str:
    return db.session.get_one(AccountPerson, by.person_id).email
