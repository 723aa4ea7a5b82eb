"""Challenging an award: the bidder's page, the buyer's list, and the answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from bids.awards.queries import own_summary
from bids.awards.standstill import standstill_of
from bids.challenges import actions, forms, queries
from bids.challenges.models import CHALLENGE_STATES, OUTCOMES, Challenge, ChallengeState, Outcome
from bids.challenges.permissions import ChallengePermission
from bids.evaluation import queries as evaluations
from bids.evaluation.models import Evaluation
from marketplace import clock, once
from marketplace.accounts.queries import names_of_people
from marketplace.database import write
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor
from marketplace.web.protection import is_fresh, step_up

blueprint = Blueprint("challenges", __name__, template_folder="../templates")


@blueprint.route("/bids/<uuid:bid_id>/challenge", methods=["GET", "POST"])
@requires(ChallengePermission.RAISE)
def own(bid_id: UUID) -> Any:
    """A bidder's challenge of the award, and the answers to what it raised before."""
    by = actor()
    bid, summary = own_summary(bid_id, by)
    form = forms.ChallengeForm()
    if form.validate_on_submit():
        with write():
            once.use_up(form.once.data)
            actions.challenge(bid_id, form.reason.data or "", by)
        flash(_("Your challenge is with the buyer, and the standstill is paused."), "success")
        return redirect(url_for("challenges.own", bid_id=bid_id), 303)
    may = queries.may_challenge(bid, by)
    return render_template(
        "bids/challenges/own.html",
        bid=bid,
        form=form if may else None,
        may=may,
        challenges=queries.of_bid(bid.id),
        standstill=standstill_of(bid.lot, summary.award),
    )


@blueprint.get("/evaluations/<uuid:evaluation_id>/challenges")
@requires(ChallengePermission.READ)
def index(evaluation_id: UUID) -> Any:
    """Every challenge of the lot's awards, and the days of the standstill."""
    evaluation = evaluations.managed(evaluation_id, actor())
    lot = evaluation.lot
    award = queries.challengeable(lot, clock.now())
    return render_template(
        "bids/challenges/index.html",
        evaluation=evaluation,
        challenges=queries.of_lot(lot.id),
        names=_names(evaluation),
        states=CHALLENGE_STATES,
        standstill=standstill_of(lot, award) if award else None,
        may_record=queries.letters_may_come(lot)
        and allowed(actor(), ChallengePermission.RECORD, evaluation),
    )


@blueprint.route("/evaluations/<uuid:evaluation_id>/challenges/letter", methods=["GET", "POST"])
@requires(ChallengePermission.RECORD)
def letter(evaluation_id: UUID) -> Any:
    """Record a challenge that came by letter."""
    by = actor()
    evaluation = evaluations.managed(evaluation_id, by)
    award, lot = queries.standing_award(evaluation.lot), evaluation.lot
    names = _names(evaluation)
    others = [each for each in names.items() if award is None or each[0] != award.bid_id]
    form = forms.letter_form(
        sorted(others, key=lambda each: each[1]),
        clock.today(),
        lambda day: actions.outside(award, lot, day) if award else None,
    )
    if form.validate_on_submit():
        with write():
            once.use_up(form.once.data)
            actions.record_letter(
                evaluation_id,
                form.bid_id(),
                form.sender.data or "",
                form.reason.data or "",
                form.received.data,
                by,
            )
        flash(_("The challenge is recorded, and the standstill is paused."), "success")
        return redirect(url_for("challenges.index", evaluation_id=evaluation_id), 303)
    return render_template(
        "bids/challenges/letter.html",
        evaluation=evaluation,
        form=form,
        may=award is not None,
        confirmed=actions.confirmed_already() if queries.is_confirmed(lot) else None,
    )


@blueprint.route("/challenges/<uuid:challenge_id>", methods=["GET", "POST"])
@requires(ChallengePermission.READ)
def show(challenge_id: UUID) -> Any:
    """One challenge for those who answer it."""
    by = actor()
    challenge = queries.get(challenge_id, by)
    evaluation = challenge.award.evaluation
    evaluations.managed(evaluation.id, by)
    may = allowed(by, ChallengePermission.DISMISS, challenge)
    waits = challenge.state == ChallengeState.RECEIVED
    if may and waits and not is_fresh(by):
        return step_up()
    form = forms.answer_form(allowed(by, ChallengePermission.UPHOLD, challenge))
    if form.validate_on_submit():
        runs_on = _answer(challenge_id, form)
        flash(_told(form.decided(), runs_on), "success")
        return redirect(url_for("challenges.index", evaluation_id=evaluation.id), 303)
    people = names_of_people([challenge.recorded_by_id, challenge.answered_by_id])
    return render_template(
        "bids/challenges/show.html",
        challenge=challenge,
        evaluation=evaluation,
        form=form,
        may=may and waits,
        name=_sender(challenge, evaluation),
        people=people,
        outcomes=OUTCOMES,
        standstill=standstill_of(challenge.lot, challenge.award),
    )


def _answer(challenge_id: UUID, form: Any) -> bool:
    by, outcome, answer = actor(), form.decided(), form.answer.data or ""
    with write():
        once.use_up(form.once.data)
        if outcome is Outcome.DISMISSED:
            return actions.dismiss(challenge_id, answer, by)
        actions.uphold(
            challenge_id, outcome, answer, by, form.cancelled_for(), form.end_note.data or ""
        )
    return False


def _told(outcome: Outcome, runs_on: bool) -> str:
    if outcome is Outcome.CANCELLED:
        return _("Upheld. The lot is cancelled, and every bidder has been told.")
    if outcome is not Outcome.DISMISSED:
        return _("Upheld. The award is taken back, and every bidder has been told.")
    if runs_on:
        return _("Dismissed. The standstill runs on, and every bidder has been told.")
    return _("Dismissed. The standstill stays paused: another challenge waits for its answer.")


def _names(evaluation: Evaluation) -> dict[UUID, str]:
    return evaluations.bidder_names(evaluations.opened_bids(evaluation))


def _sender(challenge: Challenge, evaluation: Evaluation) -> str:
    if challenge.bid_id is None:
        return challenge.sender
    return _names(evaluation)[challenge.bid_id]
