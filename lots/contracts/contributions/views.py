"""The pages of shares: what a funder pays, and what a buyer is owed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lots.contracts.books.permissions import BooksPermission
from lots.contracts.contributions import actions, gathering, queries
from lots.contracts.contributions.forms import OrderForm
from lots.contracts.contributions.permissions import SharePermission
from lots.contracts.contributions.queries import Sums
from marketplace import clock
from marketplace.acting import Role
from marketplace.calendar import months_later
from marketplace.database import write
from marketplace.payments.invoicing import queries as invoices
from marketplace.payments.invoicing.permissions import InvoicePermission
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor
from marketplace.web.filters import shown_pounds
from marketplace.web.pictures import Bar

blueprint = Blueprint(
    "contributions", "lots", url_prefix="/contributions", template_folder="templates"
)


@blueprint.get("")
@requires(SharePermission.SEE)
def index() -> str:
    """What the organisation acted for pays of others' contracts."""
    by = actor()
    sums = queries.whole(queries.own_shares(by))
    return render_template(
        "lots/contracts/contributions/index.html",
        page=queries.shares(queries.own_shares(by)),
        promised=queries.promised_by_own(by),
        sums=sums,
        bars=_bars(sums),
        may_set_order=allowed(by, SharePermission.SET_ORDER),
        sees_statement=allowed(by, BooksPermission.SEE_FUNDERS),
        organisation_id=by.organisation_id,
        next_day=_next_day(),
    )


@blueprint.get("/owed")
@requires(SharePermission.SEE_OWED)
def owed() -> str:
    """What others owe the organisation acted for."""
    by = actor()
    by_funder = queries.sums_by_funder(by)
    return render_template(
        "lots/contracts/contributions/owed.html",
        by_funder=by_funder,
        bars=[
            Bar(each.name, sums.due + sums.invoiced, shown_pounds(sums.due + sums.invoiced))
            for each, sums in by_funder
        ],
        page=queries.shares(queries.owed_shares(by)),
        may_ask=allowed(by, SharePermission.ASK),
        audits=by.has(Role.AUDITOR),
        next_day=_next_day(),
    )


def _bars(sums: Sums) -> list[Bar]:
    shown = (
        (_("Due, not yet invoiced"), sums.due),
        (_("On invoices"), sums.invoiced),
        (_("Paid"), sums.received),
        (_("Taken back"), sums.disputed),
    )
    return [Bar(label, pence, shown_pounds(pence)) for label, pence in shown]


def _next_day() -> object:
    return months_later(gathering.last_day(clock.today()), 1)


@blueprint.route("/<uuid:funding_id>/purchase-order", methods=["GET", "POST"])
@requires(SharePermission.SET_ORDER)
def purchase_order(funding_id: UUID) -> str | Response:
    """Say under which number this share is to be asked for."""
    funding = queries.own_share(funding_id, actor())
    form = OrderForm(obj=funding)
    if form.validate_on_submit():
        with write():
            actions.set_purchase_order(funding_id, form.purchase_order.data or "", actor())
        flash(_("Saved. It stands on your invoices from now on."), "success")
        return redirect(url_for("contributions.index"), 303)
    return render_template(
        "lots/contracts/contributions/purchase_order.html", funding=funding, form=form
    )


@blueprint.post("/owed/<uuid:funder_id>/invoice")
@requires(SharePermission.ASK)
def ask_now(funder_id: UUID) -> Response:
    """Write an invoice over what a funder owes, without waiting for the day."""
    queries.funder_of(funder_id, actor())
    with write():
        made = actions.ask_now(funder_id, actor())
        invoice_id = made[0].id
    flash(_("The invoice is written. It is sent by itself in a moment."), "success")
    return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)


@blueprint.post("/invoices/<uuid:invoice_id>/ask-again")
@requires(InvoicePermission.COLLECT)
def ask_again(invoice_id: UUID) -> Response:
    """What was taken back is to be paid after all."""
    by = actor()
    check(by, InvoicePermission.COLLECT, invoices.invoice(invoice_id, by))
    with write():
        number = actions.ask_again(invoice_id, actor())
    flash(
        ngettext(
            "%(num)s part is due again, for the next invoice.",
            "%(num)s parts are due again, for the next invoice.",
            number,
        )
    )
    return redirect(url_for("contributions.owed"), 303)


def register(app: Flask) -> None:
    """Serve these pages."""
    app.register_blueprint(blueprint)
