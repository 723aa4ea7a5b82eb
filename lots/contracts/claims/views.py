"""The pages of a claim, for both sides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.contracts.claims import actions, queries
from lots.contracts.claims.lifecycle import ANSWER, APPROVE, CLAIM, QUERY
from lots.contracts.claims.models import LINE_KINDS, Claim
from lots.contracts.forms import AnswerForm, ApproveForm, QueryForm
from lots.contracts.permissions import ContractPermission
from marketplace.database import write
from marketplace.permissions import check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("claims", "lots", template_folder="templates")


@blueprint.get("/claims/<uuid:claim_id>")
@requires(ContractPermission.SEE_CLAIMS)
def show(claim_id: UUID) -> str:
    """One month's claim, line by line, with the references of the cases behind it."""
    claim = queries.claim(claim_id, actor())
    offered = CLAIM.offers(claim, actor())
    return _page(
        "show",
        claim,
        may_query=QUERY in offered,
        may_answer=ANSWER in offered,
        may_approve=APPROVE in offered,
    )


def _page(name: str, claim: Claim, **more: Any) -> str:
    return render_template(
        f"lots/contracts/claim_{name}.html",
        claim=claim,
        contract=claim.contract,
        line_kinds=LINE_KINDS,
        areas=queries.areas_of(claim),
        **more,
    )


def _back(claim_id: UUID, sentence: str) -> Response:
    flash(sentence, "success")
    return redirect(url_for("claims.show", claim_id=claim_id), 303)


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
    """The buyer approves the claim, and it is recorded in the ledger."""
    claim = queries.claim(claim_id, actor())
    check(actor(), ContractPermission.APPROVE_CLAIM, claim)
    form = ApproveForm()
    if form.validate_on_submit():
        with write():
            actions.approve(claim_id, actor())
        return _back(
            claim_id, _("The claim is approved and recorded as to be paid outside this system.")
        )
    CLAIM.expect(APPROVE, claim)
    return _page("approve", claim, form=form)


def register(app: Flask) -> None:
    """Put the pages into the application."""
    app.register_blueprint(blueprint)
