"""The page of the price and of what it is made of."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from bids import queries
from bids.late import late_page
from bids.models import Bid
from bids.permissions import BidPermission
from bids.price import actions
from bids.price.arithmetic import Part, costs_of
from bids.price.before import costs_before
from bids.price.checklist import cost_problem, price_problem
from bids.price.forms import SheetForm, sheet_form
from bids.price.sheet import sheet_of
from bids.working import TypedMeanwhile, edition_of, is_open
from lots.proportionality import is_short_form
from marketplace.database import write
from marketplace.permissions import requires
from marketplace.web.acting import actor

blueprint = Blueprint("bid_price", __name__, template_folder="../templates", url_prefix="/bids")

# Rows offered at first; a small lot's sheet is a line or two.
ROWS = {Part.STAFF: 3, Part.OVERHEADS: 1, Part.OTHER: 1}
SHORT_ROWS = {Part.STAFF: 1, Part.OVERHEADS: 1, Part.OTHER: 1}


@blueprint.route("/<uuid:bid_id>/price", methods=["GET", "POST"])
@requires(BidPermission.WRITE)
def show(bid_id: UUID) -> Any:
    """Price and costs on one page. What is typed is kept first, then judged."""
    bid = queries.own_bid(bid_id, actor())
    form = sheet_form(bid.lot.price_basis)()
    if before := costs_before(bid, actor()):
        form.offered = before[1]
    if not form.is_submitted():
        _fill(form, bid)
        return _page(form, bid)
    if not form.validate():
        return _page(form, bid)
    clashes = _save(form, bid_id)
    bid = queries.own_bid(bid_id, actor())
    if clashes:
        return _page(form, bid, clashes), 409
    if not is_open(bid.lot):
        return late_page(bid_id)
    if request.form.get("then") == "totals":
        return redirect(url_for("bid_price.show", bid_id=bid_id, _anchor="totals"), 303)
    if _judge(form, bid):
        return _page(form, bid)
    return redirect(url_for("bids.show", bid_id=bid_id), 303)


def _fill(form: Any, bid: Bid) -> None:
    form.amount.data = int(bid.price_pence) if bid.price_pence else None
    form.fill(costs_of(bid.costs))
    form.offer()
    form.edition.data, form.costs_edition.data = str(bid.price_edition), str(bid.costs_edition)


def _save(form: Any, bid_id: UUID) -> dict[str, TypedMeanwhile]:
    """Keep each half by itself, so that a colleague's change of one does not hold up the other."""
    clashes = {}
    halves = (
        ("edition", actions.save_price, form.amount.data),
        ("costs_edition", actions.save_costs, form.costs()),
    )
    for name, save, typed in halves:
        try:
            with write():
                save(bid_id, typed, edition_of(form, name), actor())
        except TypedMeanwhile as other:
            clashes[name] = other
    bid = queries.own_bid(bid_id, actor())
    form.edition.data, form.costs_edition.data = str(bid.price_edition), str(bid.costs_edition)
    return clashes


def _judge(form: Any, bid: Bid) -> bool:
    """Put what is still missing beside its field; says whether anything is."""
    sheet = sheet_of(bid)
    problems = [each for each in (price_problem(sheet), cost_problem(sheet)) if each]
    for problem in problems:
        # Of a field only the first error is drawn, so both sentences stand in one.
        form[problem.field].errors = [" ".join([*form[problem.field].errors, problem.text])]
    return bool(problems)


def _page(form: SheetForm, bid: Bid, clashes: dict[str, TypedMeanwhile] | None = None) -> str:
    before = costs_before(bid, actor())
    return render_template(
        "bids/price/show.html",
        form=form,
        kinds_of=before[0] if before else None,
        bid=bid,
        sheet=sheet_of(bid),
        rows=SHORT_ROWS if is_short_form(bid.lot) else ROWS,
        clashes=clashes or {},
    )
