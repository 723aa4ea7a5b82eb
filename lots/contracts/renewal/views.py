"""The radar, and the page on which the buyer decides what comes after one contract."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.contracts.changes.lifecycle import CHANGEABLE
from lots.contracts.changes.permissions import ChangePermission
from lots.contracts.changes.terms import extensions_left, lot_of
from lots.contracts.continuity.permissions import ContinuityPermission
from lots.contracts.models import Contract
from lots.contracts.renewal import actions, queries
from lots.contracts.renewal.forms import BeginForm, DecisionForm
from lots.contracts.renewal.lessons import shown_lessons
from lots.contracts.renewal.models import CHOICES, NEW_LOT, Choice
from lots.contracts.renewal.permissions import RenewalPermission
from lots.contracts.renewal.radar import band_of
from lots.vocabulary import Route
from marketplace import clock, once
from marketplace.database import write
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("renewal", "lots", template_folder="templates")


@blueprint.get("/contracts/radar")
@requires(RenewalPermission.SEE)
def radar() -> str:
    """The buyer's contracts by their last day, each with its band and what was decided."""
    page, blips = queries.radar(actor())
    return render_template(
        "lots/contracts/renewal/radar.html", page=page, blips=blips, choices=CHOICES
    )


@blueprint.get("/contracts/<uuid:contract_id>/next")
@requires(RenewalPermission.SEE)
def show(contract_id: UUID) -> str:
    """What comes after one contract: what is known, what was decided, and the way on."""
    by = actor()
    contract = queries.contract(contract_id, by)
    standing = queries.standing(contract)
    lot = lot_of(contract)
    note = standing.note if standing else ""
    return render_template(
        "lots/contracts/renewal/show.html",
        contract=contract,
        lot=lot,
        band=band_of(contract.ends_on, clock.today()),
        standing=standing,
        earlier=[each for each in queries.decisions_of(contract) if each is not standing],
        choices=CHOICES,
        lessons=shown_lessons(queries.lessons_of(contract, note)),
        extension_months=extensions_left(contract, lot)[0],
        begin_form=BeginForm(formdata=None),
        **_offers(contract),
    )


def _offers(contract: Contract) -> dict[str, bool]:
    by, standing = actor(), queries.standing(contract)
    runs = contract.state in CHANGEABLE
    begun = standing is not None and actions.is_begun(standing)
    chosen = standing.choice if standing else None
    awaits_lot = standing is not None and standing.lot_id is None and chosen in NEW_LOT
    return {
        "may_decide": runs and not begun and allowed(by, RenewalPermission.DECIDE, contract),
        "awaits_lot": awaits_lot,
        "may_begin": awaits_lot and allowed(by, RenewalPermission.BEGIN, contract),
        "may_extend": runs
        and chosen == Choice.EXTEND
        and allowed(by, ChangePermission.PROPOSE, contract),
        "may_stop": runs
        and chosen == Choice.STOP
        and allowed(by, ContinuityPermission.PROPOSE, contract),
    }


def _next_step(contract: Contract) -> str:
    """Who takes the step that the decision calls for."""
    offers = _offers(contract)
    if any(offers[each] for each in ("may_begin", "may_extend", "may_stop")):
        return _("You can take the next step on this page.")
    standing = queries.standing(contract)
    if offers["awaits_lot"]:
        return _("A commissioning officer begins the next lot, and has been told.")
    if standing is not None and standing.choice == Choice.STOP:
        return _("It ends on its last day. A contract manager gives notice if it ends earlier.")
    return _("A contract manager proposes the extension.")


@blueprint.route("/contracts/<uuid:contract_id>/next/decide", methods=["GET", "POST"])
@requires(RenewalPermission.DECIDE)
def decide(contract_id: UUID) -> str | Response:
    """Decide what comes next."""
    by = actor()
    contract = queries.contract(contract_id, by)
    check(by, RenewalPermission.DECIDE, contract)
    form = DecisionForm(contract.route == Route.GRANT)
    if form.validate_on_submit():
        with write():
            once.use_up(form.once.data)
            actions.decide(
                contract_id,
                Choice(form.choice.data),
                form.reason.data or "",
                form.note.data or "",
                by,
            )
        flash(_("The decision is recorded.") + " " + _next_step(contract), "success")
        return redirect(url_for("renewal.show", contract_id=contract_id), 303)
    return render_template("lots/contracts/renewal/decide.html", contract=contract, form=form)


@blueprint.post("/contracts/<uuid:contract_id>/next/begin")
@requires(RenewalPermission.BEGIN)
def begin(contract_id: UUID) -> Response:
    """Begin the next lot from the last one."""
    queries.contract(contract_id, actor())
    form = BeginForm()
    with write():
        lot, dropped = actions.begin_lot(contract_id, actor())
        once.use_up(form.once.data)
        lot_id = lot.id
    flash(_("The draft is begun from the last lot. Its lessons are on this page."), "success")
    if dropped:
        flash(_("Left out, because it is no longer in use: %(names)s", names=", ".join(dropped)))
    return redirect(url_for("lots.lot", lot_id=lot_id), 303)
