"""The pages of payments: what is to be paid, what was, and one payment with its story."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.acting import OrganisationKind
from marketplace.database import write
from marketplace.organisations.stories import story
from marketplace.payments import causes
from marketplace.payments.paying import actions, banks, outside, queries, sending
from marketplace.payments.paying.forms import BankDetailsForm, ReturnForm
from marketplace.payments.paying.lifecycle import CHOOSE, PAYMENT, RETURN, is_clear
from marketplace.payments.paying.models import (
    HELD_REASONS,
    RAILS,
    RETURN_REASONS,
    UNPAID,
    HeldReason,
    Payment,
    PaymentState,
    Rail,
    ReturnReason,
)
from marketplace.payments.paying.permissions import PaymentPermission
from marketplace.payments.paying.rails import Answer
from marketplace.permissions import allowed, check, requires
from marketplace.registry import panels
from marketplace.web.acting import actor
from marketplace.web.filters import shown_pounds
from marketplace.web.pictures import Bar

blueprint = Blueprint("payments", __name__, url_prefix="/payments")

HEAPS = {
    "past_law": _l("Past the 30 days of the law"),
    "past_due": _l("Past our own day"),
    "soon": _l("Due in the next 7 days"),
    "later": _l("Due later"),
}
STORY = {
    "payment:owed": _l("It was put forward to be paid"),
    "payment:send": _l("It was sent to Stripe"),
    "payment:fall_short": _l("There was not enough money in the account with Stripe"),
    "payment:hold": _l("It was held"),
    "payment:learn": _l("Stripe said that it had not been sent"),
    "payment:choose": _l("It was put forward again"),
    "payment:export": _l("It was put into a file for the bank"),
    "payment:take_back": _l("It was taken out of the file for the bank"),
    "payment:pay": _l("It was paid"),
    "payment:return": _l("It came back"),
}


@blueprint.get("")
@requires(PaymentPermission.LIST)
def index() -> str:
    """What is still to be paid, the first due first, and how it stands."""
    by = actor()
    heaps = queries.heaps(by)
    return render_template(
        "marketplace/payments/paying/index.html",
        page=queries.unpaid(by),
        heaps=heaps,
        heap_names=HEAPS,
        bars=[Bar(str(HEAPS[each.name]), each.pence, shown_pounds(each.pence)) for each in heaps],
        today=clock.today(),
        is_payer=allowed(by, PaymentPermission.PAY),
        sees_files=allowed(by, PaymentPermission.SEE_EXPORT),
        may_see_bank=allowed(by, PaymentPermission.SEE_BANK_DETAILS),
        is_payee=by.organisation_kind == OrganisationKind.PROVIDER,
        panels=[panel(by) for panel in panels().get("payments", ())],
    )


@blueprint.get("/paid")
@requires(PaymentPermission.LIST)
def paid() -> str:
    """What was paid or came back, the latest first."""
    by = actor()
    return render_template(
        "marketplace/payments/paying/paid.html",
        page=queries.ended(by),
        is_payee=by.organisation_kind == OrganisationKind.PROVIDER,
    )


@blueprint.get("/<uuid:payment_id>")
@requires(PaymentPermission.SEE)
def show(payment_id: UUID) -> str:
    """One payment: how it stands, what can be done, and its story."""
    by = actor()
    payment = queries.payment(payment_id, by)
    pays = allowed(by, PaymentPermission.PAY, payment)
    cause = payment.cause_kind, payment.cause_id
    return render_template(
        "marketplace/payments/paying/show.html",
        payment=payment,
        story=story(payment),
        sentences=STORY,
        held_reasons=HELD_REASONS,
        return_reasons=RETURN_REASONS,
        rails=RAILS,
        today=clock.today(),
        is_unpaid=payment.state in UNPAID,
        pays=pays,
        could_be_sent=queries.rail_that_takes(payment) != Rail.OUTSIDE,
        is_outside=_is_outside(payment),
        may_choose=pays and payment.state in CHOOSE.frm and is_clear(payment) is None,
        may_return=RETURN in PAYMENT.offers(payment, by) and payment.rail == Rail.OUTSIDE,
        is_unclear=payment.held_reason == HeldReason.UNCLEAR,
        details=banks.details_of(payment.payee_id) if pays else None,
        is_new=queries.is_new,
        again=queries.in_round(payment, payment.round + 1) if payment.returned_at else None,
        before=queries.in_round(payment, payment.round - 1) if payment.round else None,
        panels=[panel(payment, by) for panel in panels().get("payment", ())],
        links=causes.pages_of([cause], by).get(cause, []),
    )


def _is_outside(payment: Payment) -> bool:
    """It is paid by people, from the buyer's bank."""
    at_people = (PaymentState.READY, PaymentState.EXPORTED)
    return payment.state in at_people and payment.rail == Rail.OUTSIDE


@blueprint.post("/<uuid:payment_id>/from-our-bank")
@requires(PaymentPermission.PAY)
def from_our_bank(payment_id: UUID) -> Response:
    """Pay it from the buyer's own bank."""
    queries.payment(payment_id, actor())
    with write():
        outside.choose(payment_id, True, actor())
    flash(_("It is now paid from your own bank: put it into a file, or pay it and record it."))
    return redirect(url_for("payments.show", payment_id=payment_id), 303)


@blueprint.post("/<uuid:payment_id>/try-again")
@requires(PaymentPermission.PAY)
def try_again(payment_id: UUID) -> Response:
    """Have the rail that sends by itself try, or try again."""
    queries.payment(payment_id, actor())
    with write():
        outside.choose(payment_id, False, actor())
    flash(_("It is tried in a moment. Reload this page to see what came of it."))
    return redirect(url_for("payments.show", payment_id=payment_id), 303)


@blueprint.post("/<uuid:payment_id>/ask")
@requires(PaymentPermission.PAY)
def ask(payment_id: UUID) -> Response:
    """Ask the rail whether it was paid, and record what it says."""
    answer = sending.ask_again(payment_id, actor())
    if answer == Answer.UNKNOWN:
        flash(_("Stripe gave no clear answer. Nothing was changed. Ask again in a few minutes."))
    elif answer == Answer.PAID:
        flash(_("Stripe has paid it: it is recorded as paid."))
    else:
        flash(_("Stripe says that it was not sent. You can choose how to go on."))
    return redirect(url_for("payments.show", payment_id=payment_id), 303)


@blueprint.route("/<uuid:payment_id>/came-back", methods=["GET", "POST"])
@requires(PaymentPermission.PAY)
def came_back(payment_id: UUID) -> str | Response:
    """Record that what was paid from the bank came back."""
    by = actor()
    payment = queries.payment(payment_id, by)
    check(by, PaymentPermission.PAY, payment)
    form = ReturnForm()
    if form.validate_on_submit():
        with write():
            outside.record_return(payment_id, ReturnReason(form.reason.data), by)
        flash(_("Recorded. It is owed again; put it forward when you know how to pay it."))
        return redirect(url_for("payments.show", payment_id=payment_id), 303)
    PAYMENT.expect(RETURN, payment)
    return render_template("marketplace/payments/paying/came_back.html", payment=payment, form=form)


@blueprint.post("/<uuid:payment_id>/again")
@requires(PaymentPermission.PAY)
def again(payment_id: UUID) -> Response:
    """Pay anew what came back."""
    queries.payment(payment_id, actor())
    with write():
        fresh = actions.pay_again(payment_id, actor())
    flash(_("It is to be paid again, under a new reference."), "success")
    return redirect(url_for("payments.show", payment_id=fresh.id), 303)


@blueprint.get("/bank-details")
@requires(PaymentPermission.SEE_BANK_DETAILS)
def bank_details() -> str:
    """Where the organisation acted for is paid."""
    by = actor()
    return render_template(
        "marketplace/payments/paying/bank_details.html",
        details=banks.details_of(by.organisation_id),
        may_set=allowed(by, PaymentPermission.SET_BANK_DETAILS),
        is_payee=by.organisation_kind == OrganisationKind.PROVIDER,
        panels=[panel(by) for panel in panels().get("paid_to", ())],
    )


@blueprint.route("/bank-details/change", methods=["GET", "POST"])
@requires(PaymentPermission.SET_BANK_DETAILS)
def set_bank_details() -> str | Response:
    """Say where the organisation acted for is paid; what stood there is never shown whole."""
    form = BankDetailsForm()
    if form.validate_on_submit():
        with write():
            banks.set_details(
                form.account_name.data or "",
                form.sort_code.data or "",
                form.account_number.data or "",
                actor(),
            )
        flash(_("Saved. Everybody who looks after your money has been told."), "success")
        return redirect(url_for("payments.bank_details"), 303)
    return render_template(
        "marketplace/payments/paying/set_bank_details.html",
        form=form,
        is_payee=actor().organisation_kind == OrganisationKind.PROVIDER,
    )
