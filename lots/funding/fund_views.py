"""The funds of an organisation: what there is, what is taken, and what is left."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.funding import fund_actions, queries
from lots.funding.arithmetic import year_name
from lots.funding.books import Books, YearFigures, books_of
from lots.funding.forms import BudgetForm, FundForm, NewFundForm
from lots.funding.models import RULES, Fund
from lots.funding.permissions import FundingPermission
from marketplace import clock, once
from marketplace.areas.queries import region_names
from marketplace.calendar import financial_year
from marketplace.categories.queries import service_names
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("funds", __name__, template_folder="../templates")


@blueprint.get("/funds")
@requires(FundingPermission.SEE_FUNDS)
def index() -> str:
    """Every fund with this year's figures."""
    by = actor()
    page = queries.funds(by)
    books = books_of([each.id for each in page.items])
    year = financial_year(clock.today())
    return render_template(
        "lots/funding/funds.html",
        page=page,
        figures={fund_id: this_year(kept.years([year]), year) for fund_id, kept in books.items()},
        year=year_name(year),
        regions=region_names(),
        may_keep=allowed(by, FundingPermission.KEEP_FUNDS),
    )


def this_year(figures: list[YearFigures], year: int) -> YearFigures:
    """The figures of one year out of several."""
    return next(each for each in figures if each.year == year)


@blueprint.get("/funds/<uuid:fund_id>")
@requires(FundingPermission.SEE_FUNDS)
def show(fund_id: UUID) -> str:
    """One fund: its years, its rules, the lots that draw on it, and what was changed."""
    by = actor()
    fund = queries.fund(fund_id, by)
    books = books_of([fund.id])[fund.id]
    return render_template(
        "lots/funding/fund.html",
        fund=fund,
        years=books.years(),
        takes={lot_id: sum(kept.values()) for lot_id, kept in _taken(books).items()},
        page=queries.lots_of(fund),
        changes=queries.changes(fund),
        rules=RULES,
        services=service_names(),
        regions=region_names(),
        may_keep=allowed(by, FundingPermission.KEEP_FUNDS, fund),
        year_name=year_name,
    )


def _taken(books: Books) -> dict[UUID, dict[int, int]]:
    return {**books.planned, **books.committed}


@blueprint.route("/funds/new", methods=["GET", "POST"])
@requires(FundingPermission.KEEP_FUNDS)
def new() -> str | Response:
    """Begin a fund."""
    form = NewFundForm()
    if form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                fund_id = fund_actions.start_fund(form.values(), actor()).id
            return redirect(url_for("funds.show", fund_id=fund_id), 303)
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
    return render_template("lots/funding/fund_form.html", form=form, fund=None)


@blueprint.route("/funds/<uuid:fund_id>/change", methods=["GET", "POST"])
@requires(FundingPermission.KEEP_FUNDS)
def change(fund_id: UUID) -> str | Response:
    """Change a fund's name, rules or dates."""
    fund = _kept(fund_id)
    form = FundForm()
    if form.validate_on_submit():
        try:
            with write():
                fund_actions.change_fund(fund_id, form.values(), actor())
            flash(_("Saved."), "success")
            return redirect(url_for("funds.show", fund_id=fund_id), 303)
        except Refusal as refusal:
            fund = _kept(fund_id)
            form.form_errors.append(str(refusal.text))
    elif not form.is_submitted():
        form.fill(fund)
    return render_template("lots/funding/fund_form.html", form=form, fund=fund)


@blueprint.route("/funds/<uuid:fund_id>/budget", methods=["GET", "POST"])
@requires(FundingPermission.KEEP_FUNDS)
def budget(fund_id: UUID) -> str | Response:
    """Set one year's budget."""
    fund = _kept(fund_id)
    form = BudgetForm()
    if form.validate_on_submit():
        with write():
            year, pence = int(form.year.data), form.budget_pence.data or 0
            fund_actions.set_budget(fund_id, year, pence, actor())
        flash(_("Saved."), "success")
        return redirect(url_for("funds.show", fund_id=fund_id), 303)
    return render_template("lots/funding/budget.html", form=form, fund=fund, year_name=year_name)


def _kept(fund_id: UUID) -> Fund:
    fund = queries.fund(fund_id, actor())
    check(actor(), FundingPermission.KEEP_FUNDS, fund)
    return fund


def register(app: Flask) -> None:
    """Serve the pages of funds."""
    app.register_blueprint(blueprint)
