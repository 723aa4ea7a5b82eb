"""The parts of a draft that are rows: read as tuples, and put back without losing what stands."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from lots.models import Lot, LotArea, LotCriterion, LotDemand, LotOutcome
from lots.prices.models import LotBand
from lots.vocabulary import Demand
from marketplace.database import db
from marketplace.lifecycle import Refusal

Area = tuple[str, str | None]
Asked = tuple[Demand, str, int | None, bool]


def outcomes(lot: Lot) -> list[str]:
    """The codes of the outcomes to be achieved."""
    return sorted(each.outcome_code for each in lot.outcomes)


def put_outcomes(lot: Lot, codes: list[str]) -> None:
    """Set the outcomes."""
    held = {each.outcome_code: each for each in lot.outcomes}
    lot.outcomes[:] = [held.get(code) or LotOutcome(outcome_code=code) for code in codes]


def areas(lot: Lot) -> list[Area]:
    """(region, area or None for the whole region) of each."""
    return [(each.region_code, each.area_code) for each in lot.areas]


def put_areas(lot: Lot, chosen: list[Area]) -> None:
    """Set the areas; those that stay keep their places."""
    held = {(each.region_code, each.area_code): each for each in lot.areas}
    lot.areas[:] = [
        held.get(key) or LotArea(region_code=key[0], area_code=key[1]) for key in chosen
    ]


def places(lot: Lot) -> list[tuple[str, str | None, int | None]]:
    """(region, area, places) of each."""
    return [(each.region_code, each.area_code, each.places) for each in lot.areas]


def put_places(lot: Lot, given: list[tuple[str, str | None, int | None]]) -> None:
    """Set the places of the areas that the draft has."""
    numbers = {(region, area): number for region, area, number in given}
    for each in lot.areas:
        each.places = numbers.get((each.region_code, each.area_code))


def criteria(lot: Lot) -> list[tuple[int, str, int]]:
    """(position, name, weight) of each."""
    return [(each.position, each.name, each.weight) for each in lot.criteria]


def put_criteria(lot: Lot, given: list[tuple[int, str, int]]) -> None:
    """Set the criteria; raises Refusal where one with questions would go."""
    held = {criterion.position: criterion for criterion in lot.criteria}
    asked = {question.criterion_id for question in lot.questions}
    for position in held.keys() - {position for position, _name, _weight in given}:
        if held[position].id in asked:
            raise Refusal(
                _(
                    "A question is judged under “%(criterion)s”. Move or remove the question "
                    "first, then the criterion.",
                    criterion=held[position].name,
                )
            )
    kept = []
    for position, name, weight in given:
        criterion = held.get(position) or LotCriterion(position=position)
        criterion.name, criterion.weight = name, weight
        kept.append(criterion)
    lot.criteria[:] = kept


def demands(lot: Lot) -> list[Asked]:
    """(kind, text, least amount in pence, whether an equivalent counts) of each."""
    return [(each.kind, each.text, each.least_pence, each.or_equivalent) for each in lot.demands]


def put_demands(lot: Lot, given: list[Asked]) -> None:
    """Set what else is asked, in this order."""
    lot.demands.clear()
    db.session.flush()
    lot.demands[:] = [
        LotDemand(
            kind=kind, text=text, least_pence=least, or_equivalent=equivalent, position=position
        )
        for position, (kind, text, least, equivalent) in enumerate(given, start=1)
    ]


def bands(lot: Lot) -> list[tuple[int, int]]:
    """(starts in a year above which it counts, percent of the price) of each."""
    return [(each.above, each.percent) for each in lot.bands]


def put_bands(lot: Lot, given: list[tuple[int, int]]) -> None:
    """Set the volume bands."""
    held = {each.above: each for each in lot.bands}
    kept = []
    for above, percent in sorted(given):
        band = held.get(above) or LotBand(above=above)
        band.percent = percent
        kept.append(band)
    lot.bands[:] = kept


def paid_outcomes(lot: Lot) -> list[tuple[str, int, int]]:
    """(code, number expected, percent of the price of an outcome) of each that is paid for."""
    return [
        (each.outcome_code, each.paid_number, each.factor)
        for each in lot.outcomes
        if each.paid_number
    ]


def put_paid_outcomes(lot: Lot, given: list[tuple[str, int, int]]) -> None:
    """Set which of the outcomes are paid for."""
    paid = {code: (number, factor) for code, number, factor in given}
    for each in lot.outcomes:
        each.paid_number, each.factor = paid.get(each.outcome_code, (None, 100))


ROWS: dict[str, tuple[Any, Any]] = {
    "outcomes": (outcomes, put_outcomes),
    "areas": (areas, put_areas),
    "places": (places, put_places),
    "criteria": (criteria, put_criteria),
    "demands": (demands, put_demands),
    "bands": (bands, put_bands),
    "paid_outcomes": (paid_outcomes, put_paid_outcomes),
}
