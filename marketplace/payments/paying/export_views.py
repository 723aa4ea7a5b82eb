"""The pages by which a buyer pays from its own bank: files for it, and what it has paid."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from marketplace import once
from marketplace.database import write
from marketplace.observations import observe_read
from marketplace.payments.paying import outside, queries
from marketplace.payments.paying.forms import ExportForm, RecordForm
from marketplace.payments.paying.models import Payment, PaymentState
from marketplace.payments.paying.permissions import PaymentPermission
from marketplace.payments.paying.queries import Payable
from marketplace.payments.paying.views import blueprint
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor
from marketplace.web.fields import SelectChoice
from marketplace.web.filters import shown_date, shown_pounds
from marketplace.web.tables import csv_answer


def _choice(payment: Payment) -> SelectChoice:
    amount = shown_pounds(payment.pence)
    label = _("%(amount)s to %(payee)s", amount=amount, payee=payment.payee.name)
    return SelectChoice(str(payment.id), label)


def _hint(payment: Payment) -> str:
    return _(
        "%(reference)s, %(about)s, due %(day)s",
        reference=payment.reference,
        about=payment.about,
        day=shown_date(payment.due_on),
    )


def _hint_to_bank(payable: Payable) -> str:
    payment, details = payable
    assert details is not None  # only those that have some are offered
    ending = details.account_number[-4:]
    parts = [_hint(payment), _("account ending %(ending)s", ending=ending)]
    if queries.is_new(details):
        parts.append(
            _("bank details entered on %(day)s: telephone first", day=shown_date(details.set_at))
        )
    return "; ".join(parts)


@blueprint.route("/export", methods=["GET", "POST"])
@requires(PaymentPermission.PAY)
def export() -> str | Response:
    """Choose what goes into one file for the bank."""
    by = actor()
    found = queries.to_export(by)
    known = [each for each in found if each.details is not None]
    form = ExportForm(
        [_choice(each.payment) for each in known],
        {str(each.payment.id): _hint_to_bank(each) for each in known},
    )
    if form.is_submitted() and not known:
        flash(_("There is nothing left to put into a file. The files that were made are here."))
        return redirect(url_for("payments.exports"), 303)
    if form.validate_on_submit():
        with write():
            once.use_up(form.once.data)
            made = outside.export(form.payments.ids, by)
        flash(_("The file is ready. Save it, give it to your bank, then record what was paid."))
        return redirect(url_for("payments.show_export", export_id=made.id), 303)
    return render_template(
        "marketplace/payments/paying/export.html",
        form=form,
        is_any=bool(known),
        without=[each.payment for each in found if each.details is None],
    )


@blueprint.get("/files")
@requires(PaymentPermission.SEE_EXPORT)
def exports() -> str:
    """The files for the bank, the latest first."""
    return render_template(
        "marketplace/payments/paying/exports.html",
        page=queries.exports(actor()),
        makes_files=allowed(actor(), PaymentPermission.PAY),
    )


@blueprint.get("/files/<uuid:export_id>")
@requires(PaymentPermission.SEE_EXPORT)
def show_export(export_id: UUID) -> str:
    """One file: what is in it, and what of that was paid."""
    made = queries.export(export_id, actor())
    payments = queries.payments_of(made)
    return render_template(
        "marketplace/payments/paying/show_export.html",
        export=made,
        payments=payments,
        pays=allowed(actor(), PaymentPermission.PAY, made),
        open_ones=[each for each in payments if each.state == PaymentState.EXPORTED],
    )


@blueprint.get("/files/<uuid:export_id>/save")
@requires(PaymentPermission.SAVE_EXPORT)
def save_export(export_id: UUID) -> Response:
    """The file itself, the same whenever it is saved."""
    made = queries.export(export_id, actor())
    check(actor(), PaymentPermission.SAVE_EXPORT, made)
    observe_read("payment_export", export_id, actor())
    return csv_answer(f"{made.reference}.csv", made.file)


@blueprint.post("/files/<uuid:export_id>/take-back")
@requires(PaymentPermission.PAY)
def take_back(export_id: UUID) -> Response:
    """The bank did not take the file: what is not recorded as paid is to be paid again."""
    made = queries.export(export_id, actor())
    payments = queries.payments_of(made)
    exported = [each.id for each in payments if each.state == PaymentState.EXPORTED]
    with write():
        outside.take_back(exported, actor())
    flash(_("Taken back. These payments are to be paid again; do not use the file any more."))
    return redirect(url_for("payments.index"), 303)


@blueprint.post("/<uuid:payment_id>/take-back")
@requires(PaymentPermission.PAY)
def take_one_back(payment_id: UUID) -> Response:
    """The bank did not take this one payment of a file."""
    queries.payment(payment_id, actor())
    with write():
        outside.take_back([payment_id], actor())
    flash(_("Taken back: it is to be paid again."))
    return redirect(url_for("payments.show", payment_id=payment_id), 303)


@blueprint.route("/record", methods=["GET", "POST"])
@requires(PaymentPermission.PAY)
def record() -> str | Response:
    """Record what the bank has paid: one payment, those of a file, or any of all."""
    by = actor()
    only, of_export = _asked("payment"), _asked("file")
    found = queries.to_record(by, only, of_export)
    form = RecordForm(
        [_choice(each) for each in found],
        {str(each.id): _hint(each) for each in found},
        {str(each.id): outside.earliest_day(each) for each in found},
        all_ticked=only is not None or of_export is not None,
    )
    if form.is_submitted() and not found:
        flash(_("There is nothing left to record here: it has been recorded or taken back."))
        return redirect(url_for("payments.index"), 303)
    if form.validate_on_submit():
        assert form.paid_on.data is not None  # required
        reference = form.bank_reference.data or ""
        with write():
            done = outside.record(form.payments.ids, form.paid_on.data, reference, by)
        flash(_recorded(done), "success")
        return redirect(url_for("payments.index"), 303)
    return render_template("marketplace/payments/paying/record.html", form=form, is_any=bool(found))


def _recorded(done: Sequence[Payment]) -> str:
    return ngettext(
        "%(num)s payment is recorded as paid: %(sum)s. The provider has been told.",
        "%(num)s payments are recorded as paid: %(sum)s. The providers have been told.",
        len(done),
        sum=shown_pounds(sum(each.pence for each in done)),
    )


def _asked(name: str) -> UUID | None:
    """The id that stands in the address; None where it is missing or nonsense."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None
