"""Every step a lot can take. The floors above take the ones after closing, behind own guards."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lots import proportionality
from lots.competition.waiting import awaits_answers
from lots.models import Lot
from lots.permissions import LotPermission
from lots.vocabulary import LOT_STATES, LotState, Route
from marketplace import clock
from marketplace.lifecycle import Lifecycle, Step, lifecycles


def ready_to_plan(lot: Lot) -> Any:
    """What still keeps a draft out of the public pipeline, or None."""
    return _listed(
        _("This lot cannot be shown as planned yet."), proportionality.missing_to_plan(lot)
    )


def ready_to_publish(lot: Lot) -> Any:
    """Everything that still keeps a lot from opening, in one text, or None."""
    return _listed(_("This lot cannot be published yet."), proportionality.missing_to_publish(lot))


def ready_to_approve(lot: Lot) -> Any:
    """As to publish, judged for the opening day; and the opening is still ahead."""
    if lot.opens_at is not None and lot.opens_at <= clock.judged_now():
        return _("Choose an opening time that is still ahead.")
    return ready_to_publish(lot)


def opening_reached(lot: Lot) -> Any:
    """An approved lot opens at its moment, not before, and only while nothing is missing."""
    if lot.opens_at is None or clock.judged_now() < lot.opens_at:
        return _("This lot opens at the time shown on its page.")
    return ready_to_publish(lot)


def closing_reached(lot: Lot) -> Any:
    """A lot closes at its closing moment, not before; equal to the moment is closed."""
    if lot.closes_at is None or clock.judged_now() < lot.closes_at:
        return _("This lot is still open for bids. It closes at the time shown on its page.")
    if awaits_answers(lot.id):
        return _("A bidder’s question has no answer yet, so this lot stays open for bids.")
    return None


def is_grant(lot: Lot) -> Any:
    """Only a grant is awarded without a standstill (domain, section 6)."""
    return None if lot.route == Route.GRANT else _("A contract is awarded after its standstill.")


def is_contract(lot: Lot) -> Any:
    """Only a contract has a standstill (domain, section 6)."""
    return None if lot.route == Route.CONTRACT else _("A grant is awarded without a standstill.")


def standstill_over(lot: Lot) -> Any:
    """The last day of the standstill has passed in London (Procurement Act 2023, s.51)."""
    if lot.standstill_paused_at is not None:
        return _("A challenge pauses the standstill. The award can be confirmed after its end.")
    if lot.standstill_ends_on is not None and clock.today() > lot.standstill_ends_on:
        return None
    return _("The standstill has not ended. The award can be confirmed on the day after its end.")


def not_paused(lot: Lot) -> Any:
    """A standstill is paused once, however many challenge the award."""
    if lot.standstill_paused_at is None:
        return None
    return _("The standstill is paused already.")


def paused(lot: Lot) -> Any:
    """Only what is paused runs on."""
    return _("The standstill is not paused.") if lot.standstill_paused_at is None else None


def _listed(opening: str, problems: list[str]) -> str | None:
    return " ".join([opening, *problems]) if problems else None


PLAN = Step(
    "plan",
    frm=(LotState.DRAFT,),
    to=LotState.PLANNED,
    label=_l("Show as planned"),
    permission=LotPermission.PLAN,
    guard=ready_to_plan,
)
PUBLISH = Step(
    "publish",
    frm=(LotState.DRAFT, LotState.PLANNED),
    to=LotState.OPEN,
    label=_l("Publish and open for bids"),
    permission=LotPermission.PUBLISH,
    guard=ready_to_publish,
)
APPROVE = Step(
    "approve",
    frm=(LotState.DRAFT, LotState.PLANNED),
    to=LotState.APPROVED,
    label=_l("Approve, to open at a chosen time"),
    permission=LotPermission.PUBLISH,
    guard=ready_to_approve,
)
OPEN = Step(
    "open",
    frm=(LotState.APPROVED,),
    to=LotState.OPEN,
    label=_l("Open for bids"),
    guard=opening_reached,
)
TAKE_BACK = Step(
    "take_back",
    frm=(LotState.APPROVED,),
    to=LotState.PLANNED,
    label=_l("Take the approval back"),
    permission=LotPermission.TAKE_BACK,
)
CLOSE = Step(
    "close",
    frm=(LotState.OPEN,),
    to=LotState.CLOSED,
    label=_l("Close for bids"),
    guard=closing_reached,
)
START_EVALUATION = Step(
    "start_evaluation",
    frm=(LotState.CLOSED,),
    to=LotState.EVALUATING,
    label=_l("Start the evaluation"),
    permission=LotPermission.EVALUATE,
)
RECOMMEND = Step(
    "recommend",
    frm=(LotState.EVALUATING,),
    to=LotState.RECOMMENDED,
    label=_l("Recommend an award"),
    permission=LotPermission.EVALUATE,
)
SEND_BACK = Step(
    "send_back",
    frm=(LotState.RECOMMENDED,),
    to=LotState.EVALUATING,
    label=_l("Send the recommendation back"),
)
START_STANDSTILL = Step(
    "start_standstill",
    frm=(LotState.RECOMMENDED,),
    to=LotState.STANDSTILL,
    label=_l("Decide and start the standstill"),
    permission=LotPermission.DECIDE,
    guard=is_contract,
)
PAUSE_STANDSTILL = Step(
    "pause_standstill",
    frm=(LotState.STANDSTILL,),
    to=LotState.STANDSTILL,
    label=_l("Pause the standstill"),
    guard=not_paused,
)
RESUME_STANDSTILL = Step(
    "resume_standstill",
    frm=(LotState.STANDSTILL,),
    to=LotState.STANDSTILL,
    label=_l("Let the standstill run on"),
    guard=paused,
)
REOPEN = Step(
    "reopen",
    frm=(LotState.STANDSTILL,),
    to=LotState.EVALUATING,
    label=_l("Take the award back and evaluate again"),
    permission=LotPermission.DECIDE,
)
AWARD = Step(
    "award",
    frm=(LotState.STANDSTILL,),
    to=LotState.AWARDED,
    label=_l("Confirm the award"),
    permission=LotPermission.DECIDE,
    guard=standstill_over,
)
AWARD_GRANT = Step(
    "award_grant",
    frm=(LotState.RECOMMENDED,),
    to=LotState.AWARDED,
    label=_l("Award the grant"),
    permission=LotPermission.DECIDE,
    guard=is_grant,
)
CANCEL = Step(
    "cancel",
    frm=(
        LotState.DRAFT,
        LotState.PLANNED,
        LotState.APPROVED,
        LotState.OPEN,
        LotState.CLOSED,
        LotState.EVALUATING,
        LotState.RECOMMENDED,
        LotState.STANDSTILL,
    ),
    to=LotState.CANCELLED,
    label=_l("Cancel the lot"),
    permission=LotPermission.CANCEL,
)
NO_AWARD = Step(
    "no_award",
    # From `recommended` by the decision alone, which tells every bidder its scores and reasons.
    frm=(LotState.CLOSED, LotState.RECOMMENDED),
    to=LotState.NO_AWARD,
    label=_l("End without an award"),
    permission=LotPermission.DECIDE,
)

LOT = Lifecycle(
    "lot",
    Lot,
    LOT_STATES,
    [
        PLAN,
        PUBLISH,
        APPROVE,
        OPEN,
        TAKE_BACK,
        CLOSE,
        START_EVALUATION,
        RECOMMEND,
        SEND_BACK,
        START_STANDSTILL,
        PAUSE_STANDSTILL,
        RESUME_STANDSTILL,
        REOPEN,
        AWARD,
        AWARD_GRANT,
        CANCEL,
        NO_AWARD,
    ],
)


def register(app: Flask) -> None:
    """List the lot's lifecycle among the application's."""
    lifecycles(app).append(LOT)
