"""The officers' pages of a panel: who scores what, how far everybody is, who stands in for whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from bids.evaluation import actions, forms, panel, queries, reminders, seats
from bids.evaluation.lifecycle import KEEP, SEAT, STAND_DOWN
from bids.evaluation.models import EvaluationState, PanelMember, SeatState
from bids.evaluation.views import blueprint
from bids.evaluation.vocabulary import ANSWERS, LEFT_BECAUSE
from bids.permissions import BidPermission
from marketplace.accounts.permissions import AccountPermission
from marketplace.accounts.queries import names_of_people
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor


@blueprint.route("/<uuid:evaluation_id>/panel", methods=["GET", "POST"], endpoint="panel")
@requires(BidPermission.MANAGE)
def panel_of(evaluation_id: UUID) -> Any:
    """Who scores, how far they are, and whom to add."""
    evaluation = queries.managed(evaluation_id, actor())
    people = panel.candidates(evaluation)
    free = [each for each in people if not each.tied_to]
    offered = free and evaluation.state == EvaluationState.SCORING
    form: Any = forms.panel_form(free) if offered else None
    if form and form.validate_on_submit():
        with write():
            actions.assign(evaluation_id, forms.chosen(form), actor(), lived=form.lived.data)
        flash(_("Added to the panel. They have been sent an email."), "success")
        return redirect(url_for("evaluations.panel", evaluation_id=evaluation_id))
    lead = evaluation.lot.lead_buyer
    return render_template(
        "bids/evaluation/panel.html",
        form=form,
        evaluation=evaluation,
        people=free,
        tied=[each for each in people if each.tied_to],
        tied_seats=panel.ties_of(
            [each.person_id for each in evaluation.panel if each.sits], evaluation.lot_id
        ),
        progress=panel.progress_of(evaluation.panel),
        reminded=panel.reminded_at(evaluation.panel),
        owing=any(each.state in panel.UNFINISHED for each in evaluation.panel),
        may_remind=bool(reminders.due_now(evaluation)),
        late={member.id for member in panel.late_seats(evaluation)},
        alone=panel.alone(evaluation),
        parties=panel.party_names(evaluation.lot),
        may_invite=allowed(actor(), AccountPermission.MANAGE_PEOPLE, lead),
        replaced={each.replaces_id: each for each in evaluation.panel if each.replaces_id},
    )


@blueprint.get("/<uuid:evaluation_id>/panel/<uuid:member_id>")
@requires(BidPermission.MANAGE)
def seat(evaluation_id: UUID, member_id: UUID) -> Any:
    """One seat: its criteria with their history, its declarations, who took it over."""
    evaluation = queries.managed(evaluation_id, actor())
    member = panel.member_of(evaluation, member_id)
    declarations = panel.declarations_of(member)
    told = [each.given_by_id for each in member.allocations]
    told += [each.ended_by_id for each in member.allocations]
    told += [each.decided_by_id for each in declarations]
    return render_template(
        "bids/evaluation/seat.html",
        evaluation=evaluation,
        member=member,
        progress=panel.progress_of([member])[member.id],
        declarations=declarations,
        criteria={each.id: each for each in evaluation.lot.criteria},
        people=names_of_people(told),
        before=next((each for each in evaluation.panel if each.id == member.replaces_id), None),
        after=next((each for each in evaluation.panel if each.replaces_id == member.id), None),
        may=_may(member),
        answers=ANSWERS,
        left_because=LEFT_BECAUSE,
    )


def _may(member: PanelMember) -> set[str]:
    """What this officer can do with the seat now."""
    if member.evaluation.state != EvaluationState.SCORING:
        return set()
    if not member.sits:
        return {"replace"}
    offered = SEAT.offers(member, actor())
    may = set() if member.state == SeatState.LOCKED else {"criteria"}
    if STAND_DOWN in offered:
        may |= {"replace", "off"}
    return may | {"decide"} if KEEP in offered else may


@blueprint.route("/<uuid:evaluation_id>/panel/<uuid:member_id>/criteria", methods=["GET", "POST"])
@requires(BidPermission.MANAGE)
def criteria(evaluation_id: UUID, member_id: UUID) -> Any:
    """Which criteria a seat scores."""
    evaluation = queries.managed(evaluation_id, actor())
    member = panel.member_of(evaluation, member_id)
    form: Any = forms.criteria_form(evaluation.lot.criteria, member.criteria)
    if form.validate_on_submit():
        wanted = {UUID(each) for each in form.criteria.data}
        with write():
            seats.allocate(evaluation_id, member_id, wanted, actor())
        flash(_("The criteria are changed."), "success")
        return _to_seat(member)
    return render_template(
        "bids/evaluation/criteria.html", form=form, evaluation=evaluation, member=member
    )


@blueprint.route(
    "/<uuid:evaluation_id>/panel/<uuid:member_id>/replacement", methods=["GET", "POST"]
)
@requires(BidPermission.MANAGE)
def replacement(evaluation_id: UUID, member_id: UUID) -> Any:
    """Have somebody else take a seat over."""
    evaluation = queries.managed(evaluation_id, actor())
    member = panel.member_of(evaluation, member_id)
    people = panel.free(evaluation)
    form: Any = forms.panel_form(people, with_lived=False) if people else None
    if form and form.validate_on_submit():
        with write():
            made = seats.replace(evaluation_id, member_id, forms.chosen(form), actor())
        flash(_("The seat is taken over. They have been sent an email."), "success")
        return _to_seat(made)
    return render_template(
        "bids/evaluation/replacement.html",
        form=form,
        evaluation=evaluation,
        member=member,
        people=people,
    )


@blueprint.route("/<uuid:evaluation_id>/panel/<uuid:member_id>/interest", methods=["GET", "POST"])
@requires(BidPermission.MANAGE)
def interest(evaluation_id: UUID, member_id: UUID) -> Any:
    """Decide on a declared interest."""
    evaluation = queries.managed(evaluation_id, actor())
    member = panel.member_of(evaluation, member_id)
    said = panel.undecided(member)
    form = forms.InterestForm() if said else None
    if form and form.validate_on_submit():
        keep = form.keep.data == "yes"
        with write():
            seats.decide_interest(evaluation_id, member_id, keep, form.reason.data or "", actor())
        flash(_("Decided. They have been sent an email."), "success")
        return _to_seat(member)
    return render_template(
        "bids/evaluation/interest.html",
        form=form,
        evaluation=evaluation,
        member=member,
        said=said,
        answers=ANSWERS,
    )


@blueprint.post("/<uuid:evaluation_id>/panel/<uuid:member_id>/off")
@requires(BidPermission.MANAGE)
def take_off(evaluation_id: UUID, member_id: UUID) -> Any:
    """Take an evaluator off the panel."""
    queries.managed(evaluation_id, actor())
    with write():
        actions.take_off(evaluation_id, member_id, actor())
    return redirect(url_for("evaluations.panel", evaluation_id=evaluation_id))


@blueprint.route("/<uuid:evaluation_id>/panel/due", methods=["GET", "POST"])
@requires(BidPermission.MANAGE)
def due(evaluation_id: UUID) -> Any:
    """By when own scores are expected."""
    evaluation = queries.managed(evaluation_id, actor())
    form = forms.DueForm(data={"due": evaluation.scores_due_on})
    if form.validate_on_submit() and _due_set(evaluation_id, form):
        flash(_("The day is changed."), "success")
        return redirect(url_for("evaluations.panel", evaluation_id=evaluation_id))
    return render_template("bids/evaluation/due.html", form=form, evaluation=evaluation)


def _due_set(evaluation_id: UUID, form: forms.DueForm) -> bool:
    """Set the day; a refusal joins the form's errors, so that what was typed is kept."""
    try:
        with write():
            assert form.due.data is not None
            seats.set_due(evaluation_id, form.due.data, actor())
    except Refusal as refusal:
        form.due.errors = [str(refusal)]
        return False
    return True


@blueprint.post("/<uuid:evaluation_id>/panel/remind")
@requires(BidPermission.MANAGE)
def remind(evaluation_id: UUID) -> Any:
    """Write to every evaluator who has not finished."""
    queries.managed(evaluation_id, actor())
    with write():
        number = reminders.remind_all(evaluation_id, actor())
    flash(
        ngettext(
            "%(num)s evaluator has been sent a reminder.",
            "%(num)s evaluators have been sent a reminder.",
            number,
        ),
        "success",
    )
    return redirect(url_for("evaluations.panel", evaluation_id=evaluation_id))


def _to_seat(member: PanelMember) -> Any:
    return redirect(
        url_for("evaluations.seat", evaluation_id=member.evaluation_id, member_id=member.id)
    )
