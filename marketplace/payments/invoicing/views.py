"""The pages of invoices: to pay, asked of others, and one with its story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.acting import Role
from marketplace.database import write
from marketplace.organisations.stories import story
from marketplace.payments import causes
from marketplace.payments.invoicing import following, queries, recording
from marketplace.payments.invoicing.forms import PaidForm, WithdrawForm
from marketplace.payments.invoicing.lifecycle import INVOICE, KEEP, SETTLE, TRY_AGAIN, WITHDRAW
from marketplace.payments.invoicing.models import (
    METHODS,
    NOT_SENT,
    PAYABLE,
    Invoice,
    InvoiceState,
)
from marketplace.payments.invoicing.permissions import InvoicePermission
from marketplace.payments.invoicing.queries import Heap
from marketplace.payments.paying.banks import details_of
from marketplace.payments.paying.models import BankDetails
from marketplace.payments.paying.permissions import PaymentPermission
from marketplace.payments.stripes.errors import no_answer
from marketplace.permissions import allowed, check, requires
from marketplace.registry import panels
from marketplace.web.acting import actor
from marketplace.web.filters import shown_pounds
from marketplace.web.pictures import Bar

blueprint = Blueprint("invoices", __name__, url_prefix="/invoices")

HEAPS = {
    "late": _l("Overdue"),
    "open": _l("To be paid"),
    "coming": _l("Paid, not yet settled"),
    "settled": _l("Settled"),
    "gone": _l("Taken back"),
}
STORY = {
    "invoice:made": _l("It was written"),
    "invoice:send": _l("It was given to Stripe to send"),
    "invoice:issue": _l("It was sent"),
    "invoice:hold": _l("It was held"),
    "invoice:try_again": _l("It was put forward again"),
    "invoice:keep": _l("It was put forward to be sent without Stripe"),
    "invoice:reminded": _l("The funder was reminded"),
    "invoice:recorded": _l("It was recorded as paid into the bank; Stripe is told"),
    "invoice:collect": _l("It was paid; the money is on its way"),
    "invoice:fail": _l("The payment failed"),
    "invoice:settle": _l("The money came and can be used"),
    "invoice:take_back": _l("The money was taken back"),
    "invoice:reinstate": _l("The money came again"),
    "invoice:lose": _l("The money is gone"),
    "invoice:withdraw": _l("It was withdrawn"),
    "invoice:cancel": _l("It was withdrawn at Stripe"),
}


@blueprint.get("/to-pay")
@requires(InvoicePermission.LIST)
def to_pay() -> str:
    """What the organisation acted for is to pay, and has paid."""
    return _list("to_pay", queries.to_pay(actor()))


@blueprint.get("/asked")
@requires(InvoicePermission.LIST)
def asked() -> str:
    """What the organisation acted for asks of others."""
    return _list("asked", queries.asked(actor()))


def _list(name: str, side: Any) -> str:
    by = actor()
    heaps = queries.heaps(side)
    return render_template(
        f"marketplace/payments/invoicing/{name}.html",
        page=queries.listed(side),
        heaps=heaps,
        heap_names=HEAPS,
        bars=_bars(heaps),
        today=clock.today(),
        sees_all=by.has(Role.AUDITOR),
        pays=allowed(by, PaymentPermission.LIST),
        panels=[panel(by) for panel in panels().get(f"invoices_{name}", ())],
    )


def _bars(heaps: Sequence[Heap]) -> list[Bar]:
    return [Bar(str(HEAPS[each.name]), each.pence, shown_pounds(each.pence)) for each in heaps]


@blueprint.get("/<uuid:invoice_id>")
@requires(InvoicePermission.SEE)
def show(invoice_id: UUID) -> str:
    """One invoice: how it stands, what can be done, and its story."""
    by = actor()
    invoice = queries.invoice(invoice_id, by)
    offers = INVOICE.offers(invoice, by)
    return render_template(
        "marketplace/payments/invoicing/show.html",
        invoice=invoice,
        lines=invoice.lines,
        links=causes.pages_of([(each.cause_kind, each.cause_id) for each in invoice.lines], by),
        is_funder=invoice.funder_id == by.organisation_id,
        is_issuer=invoice.issuer_id == by.organisation_id,
        is_late=invoice.is_late_on(clock.today()),
        is_payable=invoice.state in PAYABLE,
        may_record=SETTLE in offers and invoice.state != InvoiceState.COLLECTING,
        may_withdraw=WITHDRAW in offers,
        may_try_again=TRY_AGAIN in offers,
        may_keep=KEEP in offers and invoice.state == InvoiceState.HELD,
        may_ask=allowed(by, InvoicePermission.COLLECT, invoice) and _is_followed(invoice),
        may_take_back=invoice.paid_outside
        and invoice.state == InvoiceState.SETTLED
        and allowed(by, InvoicePermission.COLLECT, invoice),
        details=_where_to_pay(invoice),
        may_set_bank=allowed(by, PaymentPermission.SET_BANK_DETAILS),
        not_sent=NOT_SENT,
        methods=METHODS,
        story=story(invoice),
        sentences=STORY,
        panels=[panel(invoice, by) for panel in panels().get("invoice", ())],
    )


def _where_to_pay(invoice: Invoice) -> BankDetails | None:
    """The issuer's bank, for both sides; who oversees reads everything but bank details."""
    is_side = actor().organisation_id in (invoice.issuer_id, invoice.funder_id)
    return details_of(invoice.issuer_id) if is_side and not invoice.is_at_stripe else None


def _is_followed(invoice: Invoice) -> bool:
    return invoice.is_at_stripe and invoice.state in following.FOLLOWED


@blueprint.get("/<uuid:invoice_id>/paper")
@requires(InvoicePermission.SEE)
def paper(invoice_id: UUID) -> str:
    """The invoice to print or to save, as accounts offices file it."""
    invoice = queries.invoice(invoice_id, actor())
    return render_template(
        "marketplace/payments/invoicing/paper.html",
        invoice=invoice,
        lines=invoice.lines,
        details=_where_to_pay(invoice),
    )


@blueprint.route("/<uuid:invoice_id>/record", methods=["GET", "POST"])
@requires(InvoicePermission.COLLECT)
def record(invoice_id: UUID) -> str | Response:
    """Record that the money came to the issuer's bank."""
    by = actor()
    invoice = queries.invoice(invoice_id, by)
    check(by, InvoicePermission.COLLECT, invoice)
    form = PaidForm()
    if form.validate_on_submit():
        assert form.paid_on.data is not None  # required
        with no_answer():
            recording.paid_outside(invoice_id, form.paid_on.data, form.reference.data or "", by)
            flash(_("Recorded as paid. The funder has been told."), "success")
        return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
    INVOICE.expect(SETTLE, invoice)
    return render_template("marketplace/payments/invoicing/record.html", invoice=invoice, form=form)


@blueprint.route("/<uuid:invoice_id>/withdraw", methods=["GET", "POST"])
@requires(InvoicePermission.COLLECT)
def withdraw(invoice_id: UUID) -> str | Response:
    """Withdraw an invoice that was wrong: first a page that says what follows."""
    by = actor()
    invoice = queries.invoice(invoice_id, by)
    check(by, InvoicePermission.COLLECT, invoice)
    form = WithdrawForm()
    if form.validate_on_submit():
        with no_answer():
            recording.withdraw(invoice_id, by)
            flash(_("Withdrawn. What it asked for is due again."), "success")
        return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
    INVOICE.expect(WITHDRAW, invoice)
    return render_template(
        "marketplace/payments/invoicing/withdraw.html", invoice=invoice, form=form
    )


@blueprint.post("/<uuid:invoice_id>/try-again")
@requires(InvoicePermission.COLLECT)
def try_again(invoice_id: UUID) -> Response:
    """Have Stripe be asked again to send it."""
    queries.invoice(invoice_id, actor())
    with write():
        recording.try_again(invoice_id, actor())
    flash(_("It is tried in a moment. Reload this page to see what came of it."))
    return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)


@blueprint.post("/<uuid:invoice_id>/without-stripe")
@requires(InvoicePermission.COLLECT)
def without_stripe(invoice_id: UUID) -> Response:
    """Send it by our own mail, to be paid into the issuer's bank account."""
    queries.invoice(invoice_id, actor())
    with no_answer():
        recording.keep_from_stripe(invoice_id, actor())
        flash(_("It is sent in a moment by our own mail. Record it here when the money has come."))
    return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)


@blueprint.post("/<uuid:invoice_id>/ask")
@requires(InvoicePermission.COLLECT)
def ask(invoice_id: UUID) -> Response:
    """Ask Stripe how it stands, and record what it says."""
    by = actor()
    invoice = queries.invoice(invoice_id, by)
    check(by, InvoicePermission.COLLECT, invoice)
    with no_answer():
        following.follow(invoice_id)
        flash(_("Stripe has answered. This page shows what it says."), "success")
    return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)


@blueprint.post("/<uuid:invoice_id>/never-came")
@requires(InvoicePermission.COLLECT)
def never_came(invoice_id: UUID) -> Response:
    """What was recorded as paid is not in the bank."""
    queries.invoice(invoice_id, actor())
    with write():
        recording.never_came(invoice_id, actor())
    flash(_("Recorded: the money is not there. You can ask for it again."))
    return redirect(url_for("invoices.show", invoice_id=invoice_id), 303)
