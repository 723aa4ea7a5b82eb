"""The statement of what a body holds at Stripe, for any days; on screen and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, render_template, request, url_for
from sqlalchemy import select

from marketplace import calendar
from marketplace.money import plain_pounds
from marketplace.payments import statements
from marketplace.payments.bodies import queries
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.payments.models import AccountKind, Posting
from marketplace.payments.periods import PeriodForm, offered
from marketplace.payments.showing import in_words
from marketplace.payments.statements import Period, Total
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.tables import csv_file

blueprint = Blueprint("stripe_books", __name__, url_prefix="/payments/stripe")
HEADER = ("row", "day", "what", "money_in", "money_out", "balance", "cause", "cause_id")


@blueprint.get("/<uuid:body_id>/statement")
@requires(StripePermission.SEE)
def show(body_id: UUID) -> Any:
    """What came in and went out, each movement with what it was for, and what was left."""
    account = queries.account_of(body_id, actor())
    form = PeriodForm(request.args)
    if not form.validate():
        return _page(account, form), 400
    period, holds = form.period(), _holds(account)
    page = statements.movements(holds, period)
    movements = in_words(page.items, actor())
    return _page(
        account,
        form,
        period=period,
        total=_total(account, period),
        page=page,
        movements=[(each, _comes_in(account, each.posting)) for each in movements],
    )


def _page(account: StripeAccount, form: PeriodForm, **more: Any) -> str:
    first, last = request.args.get("first"), request.args.get("last")
    return render_template(
        "marketplace/payments/stripes/statement.html",
        account=account,
        form=form,
        offered=offered(),
        csv=url_for("stripe_books.csv", body_id=account.organisation_id, first=first, last=last),
        **more,
    )


@blueprint.get("/<uuid:body_id>/statement.csv")
@requires(StripePermission.SEE)
def csv(body_id: UUID) -> Response:
    """The same for a spreadsheet."""
    account = queries.account_of(body_id, actor())
    form = PeriodForm(request.args)
    if not form.validate():
        return Response(str((form.first.errors or form.last.errors)[0]), 400, mimetype="text/plain")
    period = form.period()
    name = f"stripe-statement-{period.first}-{period.last}.csv"
    return csv_file(name, HEADER, _rows(account, period))


def _holds(account: StripeAccount) -> Any:
    """The account that counts what stands at Stripe; what it moved against says the same."""
    return select(StripeAccount.balance_account_id).where(
        StripeAccount.organisation_id == account.organisation_id
    )


def _comes_in(account: StripeAccount, posting: Posting) -> bool:
    return posting.debit_account_id == account.balance_account_id


def _total(account: StripeAccount, period: Period) -> Total:
    nothing = Total(AccountKind.BALANCE, 0, 0, 0)
    return statements.totals(_holds(account), period).get(AccountKind.BALANCE, nothing)


def _rows(account: StripeAccount, period: Period) -> Iterator[tuple[object, ...]]:
    balance = _total(account, period).opening
    yield "opening", period.first, "", "", "", plain_pounds(balance), "", ""
    for move in in_words(statements.all_movements(_holds(account), period)):
        posting = move.posting
        comes_in = _comes_in(account, posting)
        balance += posting.pence if comes_in else -posting.pence
        pounds = plain_pounds(posting.pence)
        yield (
            "movement",
            calendar.day_of(posting.at),
            move.why,
            pounds if comes_in else "",
            "" if comes_in else pounds,
            plain_pounds(balance),
            posting.cause_kind,
            posting.cause_id,
        )
    yield "closing", period.last, "", "", "", plain_pounds(balance), "", ""


def register(app: Flask) -> None:
    """Serve these pages."""
    app.register_blueprint(blueprint)
