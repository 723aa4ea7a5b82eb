"""The desk: what the stand-in holds, money that arrives at once, and faults to order."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace.payments.standin import arriving, disputes, faults
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.faults import Kind
from marketplace.payments.standin.pages import INVOICE_STATES, shown_pounds, store
from marketplace.payments.standin.store import Books, Merchant, Thing

MOST_ROWS = 20
# Long enough to be felt; the product gives up waiting only after longer.
SECONDS = 5.0
KINDS = {
    Kind.DROPPED: _l("The work is done, the answer is lost"),
    Kind.DELAYED: _l("The work begins late"),
    Kind.ANSWERED_LATE: _l("The answer comes late"),
    Kind.CONFLICT: _l("Refused: the same is being done already (409)"),
    Kind.TOO_MANY: _l("Refused: too many requests (429)"),
    Kind.BROKEN: _l("It breaks, nothing is done (500)"),
    Kind.BROKEN_AFTER: _l("It breaks, but the work is done (500)"),
    Kind.HOOK_LATE: _l("The event is told late"),
    Kind.HOOK_DOUBLED: _l("The event is told twice"),
    Kind.HOOK_REORDERED: _l("The event is told after the next one"),
}
TARGETS = {
    "*": _l("The next one of any kind"),
    "POST /v1/transfers": _l("The next transfer"),
    "POST /v1/topups": _l("The next top-up"),
    "POST /v1/invoices*": _l("The next step of an invoice"),
    "POST /v1/account*": _l("The next step of a connected account"),
    "transfer.*": _l("The next event of a transfer"),
    "invoice.*": _l("The next event of an invoice"),
    "account.*": _l("The next event of a connected account"),
}
blueprint = Blueprint("desk", __name__)


@blueprint.get("/")
def index() -> str:
    """All accounts with their balances, and the faults that wait."""
    with store().read() as books:
        waiting = books.rows("SELECT * FROM fault WHERE times > 0 ORDER BY id")
        return render_template(
            "standin/index.html",
            merchants=[_summary(books, each) for each in books.merchants()],
            kinds=KINDS,
            targets=TARGETS,
            ordered=[
                {"words": KINDS[Kind(row["kind"])], "matching": row["matching"]} for row in waiting
            ],
        )


def _summary(books: Books, merchant: Merchant) -> Thing:
    return {
        "id": merchant.id,
        "name": merchant.name,
        "available": books.balance(merchant.id, "", "available"),
        "pending": books.balance(merchant.id, "", "pending"),
    }


@blueprint.get("/accounts/<merchant_id>")
def merchant(merchant_id: str) -> str:
    """One account: its movements, transfers, invoices, connected accounts, letters, requests."""
    with store().read() as books:
        owner = _owner(books, merchant_id)
        letters = books.rows(
            "SELECT d.attempts, d.answer, json_extract(t.body, '$.type') AS kind FROM delivery d "
            "JOIN thing t ON t.id = d.event WHERE t.merchant = ? ORDER BY d.id DESC LIMIT ?",
            *(merchant_id, MOST_ROWS),
        )
        asked = books.rows(
            "SELECT * FROM asked WHERE merchant = ? ORDER BY id DESC LIMIT ?",
            *(merchant_id, MOST_ROWS),
        )
        return render_template(
            "standin/merchant.html",
            merchant=owner,
            movements=[_movement(each) for each in _last(books, owner, "balance_transaction")],
            transfers=[_transfer(each) for each in _last(books, owner, "transfer")],
            invoices=[_invoice(books, owner, each) for each in _last(books, owner, "invoice")],
            accounts=[_account(books, owner, each) for each in _last(books, owner, "account")],
            letters=[_letter(row) for row in letters],
            asked=[
                (row["status"], f"{row['method']} {row['path']}", row["fault"], _moment(row["at"]))
                for row in asked
            ],
        )


def _owner(books: Books, merchant_id: str) -> Merchant:
    found = [each for each in books.merchants() if each.id == merchant_id]
    if not found:
        abort(404)
    return found[0]


def _last(books: Books, owner: Merchant, kind: str) -> list[Thing]:
    return books.find(owner.id, "", kind)[:MOST_ROWS]


def _moment(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC), "d MMM, HH:mm:ss")


def _letter(row: sqlite3.Row) -> tuple[str, ...]:
    answers = {"": _("Not sent yet"), "none": _("No answer")}
    return str(row["attempts"]), row["kind"], answers.get(row["answer"], row["answer"])


def _movement(each: Thing) -> tuple[str, ...]:
    return (
        shown_pounds(each["amount"]),
        each["reporting_category"],
        shown_pounds(each["fee"]),
        each["status"],
        _moment(each["created"]),
    )


def _transfer(each: Thing) -> tuple[str, ...]:
    return (
        shown_pounds(each["amount"]),
        each["destination"],
        each["transfer_group"] or "",
        str(_("Taken back") if each["reversed"] else _("Made")),
        _moment(each["created"]),
    )


def _account(books: Books, owner: Merchant, each: Thing) -> tuple[str, ...]:
    return (
        shown_pounds(books.balance(owner.id, each["id"], "available")),
        each["business_profile"]["name"] or "",
        each["id"],
        each["capabilities"].get("transfers", "inactive"),
    )


def _invoice(books: Books, owner: Merchant, each: Thing) -> Thing:
    paid = [
        charge
        for paying in books.find(owner.id, "", "invoice_payment", invoice=each["id"])
        for charge in books.find(
            owner.id, "", "charge", payment_intent=paying["payment"]["payment_intent"]
        )
        if charge["status"] == "succeeded" and not charge["disputed"]
    ]
    return {
        "amount": each["total"],
        "number": each["number"],
        "page": each["hosted_invoice_url"],
        "state": INVOICE_STATES.get(each["status"], each["status"]),
        "charge": paid[0]["id"] if paid else None,
    }


@blueprint.post("/arrive")
def arrive() -> Response:
    """Take everything on its way one step further."""
    arriving.arrive_due(store(), everything=True)
    return redirect(url_for("desk.index"), 303)


@blueprint.post("/faults")
def order_fault() -> Response:
    """One fault, once."""
    kind, matching = request.form.get("kind", ""), request.form.get("matching", "")
    if kind not in KINDS or matching not in TARGETS:
        abort(400)
    with store().write() as books:
        faults.order(books, Kind(kind), matching, seconds=SECONDS)
    return redirect(url_for("desk.index"), 303)


@blueprint.post("/faults/clear")
def clear_faults() -> Response:
    """Take every ordered fault back."""
    with store().write() as books:
        faults.clear(books)
    return redirect(url_for("desk.index"), 303)


@blueprint.post("/accounts/<merchant_id>/charges/<charge_id>/dispute")
def dispute(merchant_id: str, charge_id: str) -> Response:
    """The bank takes back what was paid for an invoice, also after it has gone on."""
    with store().write() as books:
        owner = _owner(books, merchant_id)
        charge = books.get(owner.id, "", "charge", charge_id)
        if charge is None:
            abort(404)
        try:
            disputes.open_dispute(books, owner.id, charge)
        except Refused:
            abort(409)
    return redirect(url_for("desk.merchant", merchant_id=merchant_id), 303)
