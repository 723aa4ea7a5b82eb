"""The pages of one claim, for both sides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.contracts.books import ceiling
from lots.contracts.books.funding import vat_on
from lots.contracts.changes.permissions import ChangePermission
from lots.contracts.claims import actions, limits, list_views, queries
from lots.contracts.claims.forms import SendBackForm
from lots.contracts.claims.lifecycle import (
    ANSWER,
    APPROVE,
    APPROVE_FIRST,
    APPROVE_SECOND,
    CLAIM,
    QUERY,
    SEND_BACK,
)
from lots.contracts.claims.models import LINE_KINDS, OPEN, Claim, ClaimState
from lots.contracts.claims.permissions import ClaimPermission
from lots.contracts.forms import AnswerForm, ApproveForm, QueryForm
from lots.contracts.permissions import ContractPermission
from lots.prices.wording import COMPLEXITIES
from marketplace import clock
from marketplace.database import write
from marketplace.payments.paying import pages
from marketplace.payments.paying.permissions import PaymentPermission
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("claims", "lots", template_folder="templates")


@blueprint.get("/claims/<uuid:claim_id>")
@requires(ContractPermission.SEE_CLAIMS)
def show(claim_id: UUID) -> str:
    """One month's claim, line by line, with the references of the cases behind it."""
    by = actor()
    claim = queries.claim(claim_id, by)
    offered = CLAIM.offers(claim, by)
    to_check = claim.state in OPEN and claim.checked_at is None
    above = ceiling.excess(claim.contract, claim.total_pence) if claim.state in OPEN else None
    fits = above is None or not above.may_change
    cause = actions.APPROVED_CAUSE, claim.id
    return _page(
        "show",
        claim,
        payments=pages.made_for([cause], by).get(cause, []),
        two=claim.state in OPEN and limits.needs_second(claim),
        today=clock.today(),
        may_query=QUERY in offered,
        may_check=to_check and allowed(by, ClaimPermission.CHECK, claim),
        may_answer=ANSWER in offered,
        owed_back=claim.owed_back_pence + vat_on(claim.contract, claim.owed_back_pence),
        may_record_given_back=actions.may_be_given_back(claim)
        and allowed(by, ClaimPermission.RECORD_GIVEN_BACK, claim),
        may_approve=fits and (APPROVE in offered or APPROVE_FIRST in offered),
        may_approve_second=APPROVE_SECOND in offered,
        above=above,
        fits=fits,
        may_propose=allowed(by, ChangePermission.PROPOSE, claim.contract),
    )


@blueprint.post("/claims/<uuid:claim_id>/given-back")
@requires(ClaimPermission.RECORD_GIVEN_BACK)
def record_given_back(claim_id: UUID) -> Response:
    """The buyer says that what the provider owed at the end came back."""
    queries.claim(claim_id, actor())
    with write():
        actions.record_given_back(claim_id, actor())
    return _back(claim_id, _("Recorded. Both sides see that nothing is owed any more."))


def _page(name: str, claim: Claim, **more: Any) -> str:
    return render_template(
        f"lots/contracts/claim_{name}.html",
        claim=claim,
        contract=claim.contract,
        line_kinds=LINE_KINDS,
        areas=queries.areas_of(claim),
        cases=queries.cases_of(claim),
        complexities=COMPLEXITIES,
        **more,
    )


def _back(claim_id: UUID, sentence: str) -> Response:
    flash(sentence, "success")
    return redirect(url_for("claims.show", claim_id=claim_id), 303)


@blueprint.post("/claims/<uuid:claim_id>/check")
@requires(ClaimPermission.CHECK)
def check_claim(claim_id: UUID) -> Response:
    """The provider says that the claim is right."""
    queries.claim(claim_id, actor())
    with write():
        actions.agree(claim_id, actor())
    return _back(claim_id, _("Thank you. The buyer sees that you have checked this claim."))


@blueprint.route("/claims/<uuid:claim_id>/query", methods=["GET", "POST"])
@requires(ContractPermission.QUERY_CLAIM)
def query(claim_id: UUID) -> str | Response:
    """The provider says what seems wrong."""
    claim = queries.claim(claim_id, actor())
    check(actor(), ContractPermission.QUERY_CLAIM, claim)
    form = QueryForm()
    if form.validate_on_submit():
        with write():
            actions.query(claim_id, form.text.data or "", actor())
        return _back(claim_id, _("Your query has been sent to the contract manager."))
    CLAIM.expect(QUERY, claim)
    return _page("query", claim, form=form)


@blueprint.route("/claims/<uuid:claim_id>/answer", methods=["GET", "POST"])
@requires(ContractPermission.ANSWER_QUERY)
def answer(claim_id: UUID) -> str | Response:
    """The buyer answers the query."""
    claim = queries.claim(claim_id, actor())
    check(actor(), ContractPermission.ANSWER_QUERY, claim)
    form = AnswerForm()
    if form.validate_on_submit():
        with write():
            actions.answer(claim_id, form.text.data or "", actor())
        return _back(claim_id, _("Your answer has been sent to the provider."))
    CLAIM.expect(ANSWER, claim)
    return _page("answer", claim, form=form)


@blueprint.route("/claims/<uuid:claim_id>/approve", methods=["GET", "POST"])
@requires(ContractPermission.APPROVE_CLAIM)
def approve(claim_id: UUID) -> str | Response:
    """The buyer approves the claim; above its limit a second person is asked."""
    claim = queries.claim(claim_id, actor())
    check(actor(), ContractPermission.APPROVE_CLAIM, claim)
    form = ApproveForm()
    if form.validate_on_submit():
        with write():
            approved = actions.approve(claim_id, actor())
        return _back(claim_id, _sentence(approved.state))
    CLAIM.expect(APPROVE, claim)
    ceiling.stay_within(claim.contract, claim.total_pence, claim.law_due_on)
    return _page("approve", claim, form=form, is_second=False, two=limits.needs_second(claim))


@blueprint.route("/claims/<uuid:claim_id>/approve-second", methods=["GET", "POST"])
@requires(ClaimPermission.APPROVE_SECOND)
def approve_second(claim_id: UUID) -> str | Response:
    """Another person of the buyer approves a claim above the limit."""
    claim = queries.claim(claim_id, actor())
    check(actor(), ClaimPermission.APPROVE_SECOND, claim)
    form = ApproveForm()
    if form.validate_on_submit():
        with write():
            approved = actions.approve_second(claim_id, actor())
        return _back(claim_id, _sentence(approved.state))
    CLAIM.expect(APPROVE_SECOND, claim)
    ceiling.stay_within(claim.contract, claim.total_pence, claim.law_due_on)
    return _page("approve", claim, form=form, is_second=True, two=False)


@blueprint.route("/claims/<uuid:claim_id>/send-back", methods=["GET", "POST"])
@requires(ClaimPermission.APPROVE_SECOND)
def send_back(claim_id: UUID) -> str | Response:
    """The second person does not approve, and says why."""
    claim = queries.claim(claim_id, actor())
    check(actor(), ClaimPermission.APPROVE_SECOND, claim)
    form = SendBackForm()
    if form.validate_on_submit():
        with write():
            actions.send_back(claim_id, form.because.data or "", actor())
        return _back(claim_id, _("The claim is sent back. The contract manager has been told."))
    CLAIM.expect(SEND_BACK, claim)
    return _page("send_back", claim, form=form)


def _sentence(state: ClaimState) -> str:
    if state == ClaimState.SECOND:
        return _("You have approved the claim. It now waits for a second person.")
    if state == ClaimState.NOTHING:
        return _("The claim is approved. There is nothing to pay.")
    if allowed(actor(), PaymentPermission.LIST):
        return _("The claim is approved. Its payment stands among the payments to make.")
    return _("The claim is approved. Whoever makes your organisation’s payments sees it now.")


def register(app: Flask) -> None:
    """Put the pages into the application."""
    app.register_blueprint(blueprint)
    list_views.register(app)
