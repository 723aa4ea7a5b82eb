"""A body's comparisons with Stripe, and each difference with whoever clears it up."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of_people
from marketplace.database import write
from marketplace.payments.bodies import queries as bodies
from marketplace.payments.reconciling import actions, queries
from marketplace.payments.reconciling.forms import ExplainForm
from marketplace.payments.reconciling.lifecycle import EXPLAIN, MISMATCH, REOPEN
from marketplace.payments.reconciling.models import (
    MISMATCH_KINDS,
    MISMATCH_STATES,
    TO_DO,
    Mismatch,
)
from marketplace.payments.reconciling.permissions import ReconcilingPermission
from marketplace.payments.reconciling.words import cause_label
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("reconciling", __name__, url_prefix="/payments")


@blueprint.get("/stripe/<uuid:body_id>/comparisons")
@requires(ReconcilingPermission.SEE)
def index(body_id: UUID) -> str:
    """The last days, and every difference."""
    account = bodies.account_of(body_id, actor())
    page = queries.mismatches(body_id)
    return render_template(
        "marketplace/payments/reconciling/index.html",
        account=account,
        days=queries.newest(body_id),
        page=page,
        names=names_of_people([each.owner_id for each in page.items]),
        kinds=MISMATCH_KINDS,
        states=MISMATCH_STATES,
        cause_label=cause_label,
    )


@blueprint.get("/mismatches/<uuid:mismatch_id>")
@requires(ReconcilingPermission.SEE)
def show(mismatch_id: UUID) -> str:
    """One difference: both sides, what to do, and who does it."""
    return _page(queries.mismatch(mismatch_id, actor()), ExplainForm())


@blueprint.post("/mismatches/<uuid:mismatch_id>/take-on")
@requires(ReconcilingPermission.CLEAR_UP)
def take_on(mismatch_id: UUID) -> Response:
    """It is mine from now on."""
    queries.mismatch(mismatch_id, actor())
    with write():
        actions.take_on(mismatch_id, actor())
    return _back(mismatch_id, _("You look after this difference now."))


@blueprint.post("/mismatches/<uuid:mismatch_id>/explain")
@requires(ReconcilingPermission.CLEAR_UP)
def explain(mismatch_id: UUID) -> str | Response:
    """Say where it comes from."""
    mismatch = queries.mismatch(mismatch_id, actor())
    check(actor(), ReconcilingPermission.CLEAR_UP, mismatch)
    form = ExplainForm()
    if form.validate_on_submit():
        with write():
            actions.explain(mismatch_id, form.note.data or "", actor())
        return _back(mismatch_id, _("The difference is explained."))
    MISMATCH.expect(EXPLAIN, mismatch)
    return _page(mismatch, form)


@blueprint.post("/mismatches/<uuid:mismatch_id>/reopen")
@requires(ReconcilingPermission.CLEAR_UP)
def reopen(mismatch_id: UUID) -> Response:
    """The explanation does not hold."""
    queries.mismatch(mismatch_id, actor())
    with write():
        actions.reopen(mismatch_id, actor())
    return _back(mismatch_id, _("The difference is open again."))


def _back(mismatch_id: UUID, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("reconciling.show", mismatch_id=mismatch_id), 303)


def _page(mismatch: Mismatch, form: ExplainForm) -> str:
    by = actor()
    offers = MISMATCH.offers(mismatch, by)
    people = [mismatch.owner_id, mismatch.explained_by_id]
    return render_template(
        "marketplace/payments/reconciling/mismatch.html",
        mismatch=mismatch,
        form=form,
        names=names_of_people(people),
        kind=MISMATCH_KINDS[mismatch.kind],
        to_do=TO_DO[mismatch.kind],
        state=MISMATCH_STATES[mismatch.state],
        cause=cause_label(mismatch.cause),
        may_explain=EXPLAIN in offers,
        may_reopen=REOPEN in offers,
        may_take_on=allowed(by, ReconcilingPermission.CLEAR_UP, mismatch)
        and mismatch.owner_id != by.person_id,
    )
