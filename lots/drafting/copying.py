"""Beginning a lot from an old one: everything but what belongs to its time and its people.

A copy has no dates, no state, no keys, no funders, no signatures, no overrides and no documents.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import selectinload

from lots.drafting.actions import new_lot, wrote
from lots.drafting.rows import Area
from lots.models import Lot, LotArea, LotCriterion, LotDemand, LotOutcome, LotQuestion
from lots.permissions import LotPermission
from lots.prices.models import LotBand, PriceTerms
from lots.proportionality.arithmetic import expected_starts
from lots.queries import is_public
from lots.shown import names
from lots.vocabulary import Source
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.areas.queries import areas_on
from marketplace.categories.queries import cohorts, outcomes_by_category, service
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, check

COLUMNS = (
    "summary",
    "service_code",
    "cohort",
    "min_age",
    "max_age",
    "statuses",
    "custody_days",
    "custody_clocks",
    "eligibility_note",
    "whole_region_reason",
    "route",
    "contract_reason",
    "value_net_pence",
    "value_gross_pence",
    "term_months",
    "extension_months",
    "extension_times",
    "mobilisation_weeks",
    "price_basis",
    "payment_profile",
    "guaranteed_pence",
    "voluntary_share_percent",
    "starts_low",
    "starts_medium",
    "starts_high",
    "transfer",
    "transfer_liabilities",
    "forbids_speaking",
    "publicity_terms",
    "onward_sharing",
    "data_terms",
    "price_weight",
    "tie_rule",
    "expected_bidders",
    *PriceTerms.PRICE_COLUMNS.split(),
)
QUESTION = ("text", "guidance", "word_limit", "position", "concept", "risk", "why")
DEMAND = ("kind", "text", "least_pence", "or_equivalent", "position")
LONGEST_TITLE = 200


def _may_copy(by: Acting) -> ColumnElement[bool]:
    """Own lots, and any other that the public has been shown, where it was run here."""
    return and_(Lot.source == Source.OWN, or_(Lot.lead_buyer_id == by.organisation_id, is_public()))


def lots_to_copy(by: Acting, service_code: str = "") -> Page:
    """The lots this person may copy, the last made first; of one service where it is given."""
    statement = (
        select(Lot)
        .where(_may_copy(by))
        .options(selectinload(Lot.areas), selectinload(Lot.lead_buyer))
        .order_by(Lot.created_at.desc(), Lot.reference)
    )
    if service_code:
        statement = statement.where(Lot.service_code == service_code)
    return paged(statement)


def copy_lot(lot_id: UUID, by: Acting) -> tuple[Lot, list[str]]:
    """A new draft like this lot; with it, the names of what is no longer in use and left out.

    Raises NotYours for a lot that this person may not see.
    """
    check(by, LotPermission.DRAFT)
    old = db.session.scalars(_whole().where(Lot.id == lot_id, _may_copy(by))).one_or_none()
    if old is None:
        raise NotYours()
    title = _("Copy of %(title)s", title=old.title)[:LONGEST_TITLE]
    facts: dict[str, Any] = {name: getattr(old, name) for name in COLUMNS}
    lot = new_lot(by, title=title, copied_from_id=old.id, **facts)
    dropped = [*_copy_areas(old, lot), *_copy_outcomes(old, lot), *_keep_cohort(lot)]
    _copy_judging(old, lot)
    lot.demands = [LotDemand(**{name: getattr(d, name) for name in DEMAND}) for d in old.demands]
    lot.bands = [LotBand(above=each.above, percent=each.percent) for each in old.bands]
    lot.expected_starts = expected_starts(lot)
    db.session.flush()
    wrote(lot, by)
    audit.record("lot:copied", subject=lot, by=by, facts={"from": str(old.id)})
    return lot, dropped


def _whole() -> Select:
    return select(Lot).options(
        selectinload(Lot.areas),
        selectinload(Lot.outcomes),
        selectinload(Lot.criteria),
        selectinload(Lot.questions),
        selectinload(Lot.demands),
        selectinload(Lot.bands),
    )


def _copy_areas(old: Lot, lot: Lot) -> list[str]:
    today = areas_on(clock.today())
    in_force: set[Area] = {(area.region_code, area.code) for area in today}
    in_force |= {(area.region_code, None) for area in today}
    shown = names()
    dropped = []
    for area in old.areas:
        if (area.region_code, area.area_code) in in_force:
            lot.areas.append(
                LotArea(region_code=area.region_code, area_code=area.area_code, places=area.places)
            )
        else:
            dropped.append(shown.where(area))
    return dropped


def _copy_outcomes(old: Lot, lot: Lot) -> list[str]:
    today = clock.today()
    bought = service(old.service_code, today)
    found = outcomes_by_category(bought.need_codes if bought else [], today)
    in_force = {outcome.code for group in found.values() for outcome in group}
    shown = names()
    dropped = []
    for outcome in old.outcomes:
        if outcome.outcome_code in in_force:
            lot.outcomes.append(
                LotOutcome(
                    outcome_code=outcome.outcome_code,
                    paid_number=outcome.paid_number,
                    factor=outcome.factor,
                )
            )
        else:
            dropped.append(shown.outcomes.get(outcome.outcome_code, outcome.outcome_code))
    return dropped


def _keep_cohort(lot: Lot) -> list[str]:
    if lot.cohort is None or lot.cohort in {each.code for each in cohorts()}:
        return []
    gone, lot.cohort = lot.cohort, None
    return [names().cohorts.get(gone, gone)]


def _copy_judging(old: Lot, lot: Lot) -> None:
    copies = {
        each.id: LotCriterion(name=each.name, weight=each.weight, position=each.position)
        for each in old.criteria
    }
    lot.criteria = list(copies.values())
    db.session.flush()
    lot.questions = [
        LotQuestion(
            criterion_id=copies[each.criterion_id].id,
            **{name: getattr(each, name) for name in QUESTION},
        )
        for each in old.questions
    ]
