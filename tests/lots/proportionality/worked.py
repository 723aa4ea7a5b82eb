"""The table of worked examples: read, worked out by the product, and put into the documentation."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

from lots.models import Lot, LotArea, LotCriterion, LotDemand, LotDocument, LotQuestion
from lots.proportionality import rules, windows
from lots.proportionality.findings import Judged, held_to
from lots.vocabulary import Demand, DocumentKind, OnwardSharing, PriceBasis, Route, Transfer
from marketplace import calendar
from marketplace.database import new_id
from tests.support.proportionality import shipped_policy

FILE = Path(__file__).parent / "examples.csv"
# A Monday in the middle of nowhere: no holiday within seven weeks.
OPENING = date(2026, 9, 7)


@dataclass(frozen=True)
class Example:
    """One row: what is given, what must come out, and the law or policy that says so."""

    kind: str
    given: str
    expected: str
    source: str

    @property
    def facts(self) -> dict[str, str]:
        pairs = (part.partition("=") for part in self.given.split("; "))
        return {name.strip(): value.strip() for name, _equals, value in pairs}


def examples() -> list[Example]:
    with FILE.open(newline="", encoding="utf-8") as file:
        return [Example(**row) for row in csv.DictReader(file)]


def as_markdown() -> str:
    """The table as it stands in the documentation."""
    lines = ["| What | Given | Result | Source |", "| --- | --- | --- | --- |"]
    lines += [f"| {e.kind} | {e.given} | {e.expected} | {e.source} |" for e in examples()]
    return "\n".join(lines)


def work_out(example: Example) -> str:
    """The result by the product's own functions."""
    return WORKED[example.kind](example.facts)


def _day(facts: dict[str, str], name: str) -> date:
    return date.fromisoformat(facts[name])


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _window(facts: dict[str, str]) -> str:
    worked, days = shipped_policy().window(_day(facts, "opens"), _day(facts, "closes"))
    return f"{worked} working days of {days} days"


def _first(facts: dict[str, str]) -> str:
    least = int(facts["working_days"]), int(facts["days"])
    return shipped_policy().first_closing(_day(facts, "opens"), *least).isoformat()


def _before(facts: dict[str, str], days: int) -> str:
    return calendar.add_working_days(_day(facts, "closes"), -days).isoformat()


def _cap(facts: dict[str, str]) -> str:
    cap = shipped_policy().cap_for(Route(facts["route"]), int(facts["gross"]) * 100)
    return f"{cap.questions} questions, {cap.words:,} words"


def sound(**facts: Any) -> Lot:
    """A lot, not stored, in which the rules find nothing: £100,000 a year for three years."""
    closing = shipped_policy().first_closing(OPENING, 15, 42)
    criterion = LotCriterion(id=new_id(), name="Quality", weight=70, position=1)
    given = {
        "title": "Women’s services",
        "summary": "Support for women.",
        "service_code": "womens-services",
        "statuses": ["community_order", "licence"],
        "starts_medium": 5,
        "route": Route.CONTRACT,
        "contract_reason": "It must be secured.",
        "value_net_pence": 300_000_00,
        "value_gross_pence": 360_000_00,
        "term_months": 36,
        "mobilisation_weeks": 12,
        "price_basis": PriceBasis.MONTHLY_FEE,
        "price_weight": 30,
        "whole_region_reason": "",
        "transfer": Transfer.NO,
        "transfer_liabilities": "",
        "publicity_terms": "Name the funder.",
        "data_terms": "Record sessions here only.",
        "forbids_speaking": False,
        "onward_sharing": OnwardSharing.NONE,
        "opens_on": OPENING,
        "closes_at": calendar.closing_moment(closing),
        "starts_on": closing + timedelta(days=100),
        "areas": [LotArea(region_code="F", area_code="derbyshire", places=10)],
        "criteria": [criterion],
        "questions": [
            LotQuestion(text="How?", word_limit=500, position=1, criterion_id=criterion.id)
        ],
    }
    return Lot(**given | facts)


def _lot(facts: dict[str, str]) -> Lot:
    lot = sound()
    for name, value in facts.items():
        SET[name](lot, value, facts)
    return lot


def _questions(lot: Lot, value: str, facts: dict[str, str]) -> None:
    lot.questions = [
        LotQuestion(text="How?", word_limit=int(facts["words"]), position=n)
        for n in range(int(value))
    ]


def _demand(lot: Lot, value: str, facts: dict[str, str]) -> None:
    equivalent = facts.get("or_equivalent") == "yes"
    lot.demands = [LotDemand(kind=Demand(value), text="ISO 9001", or_equivalent=equivalent)]


def _turnover(lot: Lot, value: str, facts: dict[str, str]) -> None:
    lot.demands = [LotDemand(kind=Demand.TURNOVER, least_pence=int(value) * 100)]


def _whole_region(lot: Lot, value: str, facts: dict[str, str]) -> None:
    lot.areas = [LotArea(region_code="F", area_code=None, places=9)]


def _closing(lot: Lot, working_days: int, days: int) -> None:
    day = shipped_policy().first_closing(OPENING, working_days, days)
    lot.closes_at = calendar.closing_moment(day)


SET: dict[str, Any] = {
    "questions": _questions,
    "words": lambda lot, value, facts: None,
    "turnover": _turnover,
    "demand": _demand,
    "or_equivalent": lambda lot, value, facts: None,
    "whole_region": _whole_region,
    "reason": lambda lot, value, facts: setattr(lot, "whole_region_reason", value),
    "gross": lambda lot, value, facts: setattr(lot, "value_gross_pence", int(value) * 100),
    "route": lambda lot, value, facts: setattr(lot, "route", Route(value)),
    "contract_reason": lambda lot, value, facts: setattr(lot, "contract_reason", value),
    "term_months": lambda lot, value, facts: _term(lot, int(value)),
    "mobilisation_weeks": lambda lot, value, facts: setattr(lot, "mobilisation_weeks", int(value)),
    "forbids_speaking": lambda lot, value, facts: setattr(lot, "forbids_speaking", True),
    "onward_sharing": lambda lot, value, facts: setattr(
        lot, "onward_sharing", OnwardSharing(value)
    ),
    "publicity_terms": lambda lot, value, facts: setattr(lot, "publicity_terms", value),
    "data_terms": lambda lot, value, facts: setattr(lot, "data_terms", value),
    "transfer": lambda lot, value, facts: setattr(lot, "transfer", Transfer(value)),
    "liabilities": lambda lot, value, facts: setattr(lot, "transfer_liabilities", value),
    "sheet": lambda lot, value, facts: lot.documents.append(
        LotDocument(kind=DocumentKind.STAFF_COSTS, title="Staff costs")
    ),
    "paid_by_outcomes": lambda lot, value, facts: _mixed(lot, int(value)),
    "window_working_days": lambda lot, value, facts: _closing(lot, int(value), 0),
    "window_days": lambda lot, value, facts: _closing(lot, 15, int(value)),
}


def _term(lot: Lot, months: int) -> None:
    lot.term_months = months


def _mixed(lot: Lot, percent: int) -> None:
    lot.price_basis = PriceBasis.MIXED
    lot.fee_percent, lot.outcome_percent = 100 - percent, percent


def broken_rules(lot: Lot) -> dict[str, str]:
    """Code to level of each rule that a lot breaks, if it opened on `OPENING`."""
    policy = shipped_policy()
    judged = Judged(lot, policy, OPENING, frozenset())
    checks = (*rules.CHECKS, *windows.CHECKS)
    found = (held_to(each, policy) for check in checks for each in check(judged))
    return {each.code: each.level.value for each in found if each is not None}


def _rules(facts: dict[str, str]) -> str:
    found = broken_rules(_lot(facts))
    return ", ".join(f"{code} {level}" for code, level in found.items()) or "nothing"


WORKED: dict[str, Any] = {
    "standstill": lambda facts: calendar.standstill_end(_day(facts, "notice")).isoformat(),
    "working day": lambda facts: _yes(calendar.is_working_day(_day(facts, "day"))),
    "closing moment": lambda facts: (
        calendar.closing_moment(_day(facts, "day")).astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    ),
    "closed season": lambda facts: _yes(shipped_policy().in_closed_season(_day(facts, "day"))),
    "window": _window,
    "first closing": _first,
    "questions until": lambda facts: _before(facts, shipped_policy().questions_cut_off_days),
    "answers due": lambda facts: _before(facts, shipped_policy().answers_due_days),
    "cap": _cap,
    "rule": _rules,
}
