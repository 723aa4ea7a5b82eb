"""Lots for tests, in any state, made by the product's own actions.

What the factories return is let go of by the database session with everything in it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lots import actions, proportionality
from lots.drafting import actions as drafting
from lots.drafting import drafts
from lots.drafting import questions as questioning
from lots.lifecycle import (
    AWARD,
    AWARD_GRANT,
    CANCEL,
    LOT,
    NO_AWARD,
    RECOMMEND,
    START_EVALUATION,
    START_STANDSTILL,
)
from lots.models import Lot
from lots.prices.models import PLAIN_PRICE
from lots.proportionality.arithmetic import Worked
from lots.vocabulary import (
    CustodyClocks,
    EndReason,
    LotState,
    OnwardSharing,
    PaymentProfile,
    PriceBasis,
    Route,
    Task,
    TieRule,
    Transfer,
)
from marketplace import calendar, clock
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from tests.support.people import acting_as, make_organisation, make_person, written

CRITERIA = [(1, "Quality of the service", 50), (2, "Local knowledge", 20)]
QUESTIONS = [
    ("How will you deliver the service?", 500, 0),
    ("How do you know these areas and the people in them?", 250, 1),
]


def make_region(code: str = "F") -> Organisation:
    """A probation region that can lead lots."""
    return make_organisation(OrganisationKind.REGION, region_code=code)


def page_values(**facts: Any) -> dict[Task, dict[str, Any]]:
    """The pages of a sound draft as the forms would give them; `facts` replace single values.

    `areas` are (region, area or None, places).
    """
    closing = proportionality.first_closing(clock.today(), 15, 42)
    areas = facts.pop("areas", [("F", "derbyshire", 30), ("F", "lincolnshire", 20)])
    pages: dict[Task, dict[str, Any]] = {
        Task.SERVICE: {
            "title": "Women’s services in two counties",
            "service_code": "womens-services",
            "summary": "Support for women on probation in their own county.",
            "outcomes": ["accommodation-1", "emotional-wellbeing-1"],
        },
        Task.ELIGIBILITY: {
            "cohort": "women",
            "min_age": 18,
            "max_age": None,
            "statuses": ["community_order", "suspended_sentence", "custody", "licence"],
            "custody_days": None,
            "custody_clocks": CustodyClocks.AT_SENDING,
            "eligibility_note": "",
        },
        Task.AREAS: {
            "whole_region_reason": "",
            "areas": [(region, area) for region, area, _places in areas],
        },
        Task.VOLUMES: {"places": areas, "starts_low": 3, "starts_medium": 5, "starts_high": 2},
        Task.TERM: {
            "term_months": 36,
            "extension_months": 0,
            "extension_times": 0,
            "mobilisation_weeks": 12,
        },
        Task.ROUTE: {
            "route": Route.CONTRACT,
            "contract_reason": "The service must be secured for the whole term.",
        },
        Task.VALUE: {
            "value_net_pence": 360_000_00,
            "value_gross_pence": 432_000_00,
            "expected_bidders": None,
        },
        Task.PAYMENT: {
            "price_basis": PriceBasis.MONTHLY_FEE,
            "payment_profile": PaymentProfile.MONTHLY_IN_ADVANCE,
            "guaranteed_pence": None,
            "voluntary_share_percent": None,
            **PLAIN_PRICE,
        },
        Task.CRITERIA: {
            "price_weight": 30,
            "tie_rule": TieRule.HIGHER_QUALITY,
            "criteria": CRITERIA,
        },
        Task.DEMANDS: {"demands": []},
        Task.STAFF: {"transfer": Transfer.NO, "transfer_liabilities": ""},
        Task.TERMS: {
            "publicity_terms": "Name the Probation Service as the funder on leaflets.",
            "forbids_speaking": False,
            "data_terms": "Keep case notes in the probation system and delete your own copies.",
            "onward_sharing": OnwardSharing.NONE,
        },
        Task.DATES: {
            "opens_on": clock.today() + timedelta(days=14),
            "closes_at": calendar.closing_moment(closing),
            "starts_on": closing + timedelta(days=120),
        },
    }
    for values in pages.values():
        values |= {name: facts.pop(name) for name in list(facts) if name in values}
    _make_room_for_options(pages)
    assert not facts, f"a draft has no {sorted(facts)}"
    return pages


def _make_room_for_options(pages: dict[Task, dict[str, Any]]) -> None:
    """A longer term makes the whole-life value larger."""
    value, term = pages[Task.VALUE], pages[Task.TERM]
    net, months = value["value_net_pence"], term["term_months"]
    if net and months and value["value_gross_pence"]:
        whole = Worked(net, months, term["extension_months"], 20).gross_pence
        value["value_gross_pence"] = max(value["value_gross_pence"], whole)


def make_lot(
    state: LotState = LotState.OPEN,
    buyer: Organisation | None = None,
    questions: list[Any] | None = None,
    **facts: Any,
) -> Lot:
    """A lot in any state; `facts` are values of the draft's pages ("route", "areas", …).

    `questions` are (text, word limit, index of the criterion[, concept]). A lot beyond open has
    its closing moment moved back, so that the clock stays where it is. As a grant it has no
    standstill.
    """
    buyer = buyer or make_region()
    drafts_by = [Role.COMMISSIONER_LEAD, Role.COMMISSIONING_OFFICER]
    decides = [Role.DECISION_MAKER, Role.DIRECTOR]
    is_region = buyer.kind is OrganisationKind.REGION
    officer = acting_as(make_person(drafts_by[is_region], buyer), buyer)
    director = acting_as(make_person(decides[is_region], buyer), buyer)
    pages = page_values(**facts)
    with written():
        service = pages[Task.SERVICE]
        lot = drafting.start_draft(service["title"], service["service_code"], officer)
        for task, values in pages.items():
            seen = drafts.fingerprint(drafts.values_of(lot, task))
            drafting.save_page(lot.id, task, values, seen, officer)
        for text, word_limit, index, *concept in QUESTIONS if questions is None else questions:
            asked = {"text": text, "guidance": "", "word_limit": word_limit}
            asked["concept"] = "".join(concept)
            questioning.add_question(
                lot.id, asked | {"criterion_id": lot.criteria[index].id}, officer
            )
        _bring_to(lot, state, officer, director)
        lot_id = lot.id
    return whole_lot(lot_id)


def make_open_lot(**facts: Any) -> Lot:
    """A lot open for bids for at least six weeks more."""
    return make_lot(LotState.OPEN, **facts)


def _bring_to(lot: Lot, state: LotState, officer: Any, director: Any) -> None:
    if state is LotState.DRAFT:
        return
    if state is LotState.PLANNED:
        actions.plan_lot(lot.id, officer)
        return
    actions.publish_lot(lot.id, director)
    if state is LotState.OPEN:
        return
    if state is LotState.CANCELLED:
        LOT.take(CANCEL, lot, None, _ended())
        return
    lot.closes_at = clock.now() - timedelta(hours=1)
    actions.close_lot(lot.id)
    if state is LotState.NO_AWARD:
        LOT.take(NO_AWARD, lot, None, _ended())
        return
    for step in (START_EVALUATION, RECOMMEND):
        if lot.state is not state:
            LOT.take(step, lot, None)
    if lot.state is not state:
        _decide(lot, state)


def _ended() -> dict[str, Any]:
    return {"ended_at": clock.now(), "end_reason": EndReason.NEED_CHANGED}


def _decide(lot: Lot, state: LotState) -> None:
    if lot.route == Route.GRANT:
        LOT.take(AWARD_GRANT, lot, None, {"awarded_at": clock.now()})
        return
    ends_on = calendar.standstill_end(clock.today(), lot.standstill_working_days)
    if state is LotState.AWARDED:
        ends_on = clock.today() - timedelta(days=1)
    decided = {"decided_at": clock.now(), "standstill_ends_on": ends_on}
    LOT.take(START_STANDSTILL, lot, None, decided)
    if state is LotState.AWARDED:
        LOT.take(AWARD, lot, None, {"awarded_at": clock.now()})


def whole_lot(lot_id: UUID) -> Lot:
    """The lot as it stands now, with everything in it."""
    lot = db.session.scalars(
        select(Lot)
        .where(Lot.id == lot_id)
        .options(*(selectinload(each.class_attribute) for each in Lot.__mapper__.relationships))
        .execution_options(populate_existing=True)
    ).one()
    for question in lot.questions:
        assert question.criterion in lot.criteria
    db.session.expunge(lot.lead_buyer)
    db.session.expunge(lot)
    return lot


def pass_closing(lot: Lot) -> None:
    """Move business time to the closing moment and let the system close the lot."""
    with written():
        assert lot.closes_at is not None
        ahead = (lot.closes_at - clock.judged_now()).total_seconds()
        clock.set_offset(clock.offset_seconds() + int(ahead) + 1)
        actions.close_lot(lot.id)
