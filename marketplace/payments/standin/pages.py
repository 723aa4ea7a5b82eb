"""The stand-in's pages: what Stripe hosts (set-up, invoices), and a desk to move and break things.

They are reached by whoever has the link, as Stripe's own; nothing on them is real.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from flask_babel import Babel, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace.payments.standin import accounts, collecting
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.store import Books, Store, Thing, now

OUTCOMES = {
    "ready": _l("Everything is in order: it can be paid"),
    "checking": _l("It must be checked first"),
    "lacking": _l("Something is missing"),
    "refused": _l("It is refused"),
}
WAYS = {
    "bacs_debit": _l("By Bacs Direct Debit"),
    "customer_balance": _l("By bank transfer"),
    "refused": _l("By Bacs Direct Debit, which the bank will refuse"),
}
INVOICE_STATES = {
    "open": _l("To be paid"),
    "paid": _l("Paid"),
    "uncollectible": _l("Given up"),
    "void": _l("Withdrawn"),
}
blueprint = Blueprint("hosted", __name__)


def store() -> Store:
    """The file of the stand-in that answers."""
    return current_app.extensions["standin"]


@blueprint.get("/setup/<account_id>/<token>")
def setup(account_id: str, token: str) -> str | Response:
    with store().read() as books:
        link, account = _link(books, account_id, token)
        if _is_over(link):
            return redirect(link["refresh_url"])
        return render_template(
            "standin/setup.html",
            name=account["business_profile"]["name"] or account["id"],
            merchant=books.merchant(link["merchant"]).name,
            outcomes=OUTCOMES,
            return_url=link["return_url"],
        )


@blueprint.post("/setup/<account_id>/<token>")
def set_up(account_id: str, token: str) -> Response:
    outcome = request.form.get("outcome", "")
    if outcome not in OUTCOMES:
        abort(400)
    with store().write() as books:
        link, account = _link(books, account_id, token)
        if _is_over(link):
            return redirect(link["refresh_url"], 303)
        books.rows("UPDATE link SET used = ? WHERE token = ?", now(), token)
        accounts.finish(books, link["merchant"], account, outcome)
    return redirect(link["return_url"], 303)


def _link(books: Books, account_id: str, token: str) -> tuple[Thing, Thing]:
    found = books.rows("SELECT * FROM link WHERE token = ? AND account = ?", token, account_id)
    account = books.get(found[0]["merchant"], "", "account", account_id) if found else None
    if account is None:
        abort(404)
    return dict(found[0]), account


def _is_over(link: Thing) -> bool:
    return bool(link["used"]) or link["expires"] < now()


@blueprint.get("/invoice/<invoice_id>/<token>")
def invoice(invoice_id: str, token: str) -> str:
    with store().read() as books:
        return _invoice_page(books, *_invoice(books, invoice_id, token))


@blueprint.post("/invoice/<invoice_id>/<token>")
def pay(invoice_id: str, token: str) -> Response | tuple[str, int]:
    way = request.form.get("way", "")
    if way not in WAYS:
        abort(400)
    method = collecting.BACS if way == "refused" else way
    with store().write() as books:
        merchant, body = _invoice(books, invoice_id, token)
        try:
            collecting.pay_on_page(books, merchant, body, method, refused_later=way == "refused")
        except Refused:
            wrong = _("This invoice was not waiting to be paid. See its state below.")
            return _invoice_page(books, merchant, body, wrong), 409
    return redirect(url_for("hosted.invoice", invoice_id=invoice_id, token=token), 303)


def _invoice(books: Books, invoice_id: str, token: str) -> tuple[str, Thing]:
    found = books.rows(
        "SELECT merchant FROM thing WHERE id = ? AND kind = 'invoice' AND account = ''", invoice_id
    )
    body = books.get(found[0]["merchant"], "", "invoice", invoice_id) if found else None
    if body is None or not (body["hosted_invoice_url"] or "").endswith(f"/{token}"):
        abort(404)
    return found[0]["merchant"], body


def _invoice_page(books: Books, merchant: str, body: Thing, wrong: str = "") -> str:
    is_open = body["status"] in ("open", "uncollectible")
    coming = is_open and collecting.is_on_its_way(books, merchant, "", body)
    allowed = body["payment_settings"]["payment_method_types"]
    ways = {
        way: words
        for way, words in WAYS.items()
        if way in allowed or (way == "refused" and collecting.BACS in allowed)
    }
    return render_template(
        "standin/invoice.html",
        invoice=body,
        merchant=books.merchant(merchant).name,
        state=_("Being collected") if coming else INVOICE_STATES[body["status"]],
        can_pay=is_open and not coming,
        ways=ways,
        wrong=wrong,
    )


def shown_pounds(pence: int) -> str:
    """£1,234.56; below zero with a minus."""
    sign = "−" if pence < 0 else ""
    return f"{sign}£{abs(pence) / 100:,.2f}"


def shown_day(seconds: int | None) -> str:
    """The day of a moment as Stripe counts it."""
    return format_date(datetime.fromtimestamp(seconds, UTC), "d MMMM yyyy") if seconds else ""


def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; form-action *; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _nothing_here(_error: Exception) -> tuple[str, int]:
    return render_template("standin/over.html"), 404


def register(app: Flask) -> None:
    """Add the pages that Stripe would host, and what all pages need."""
    Babel(app, default_locale="en", default_timezone="Europe/London")
    app.jinja_env.filters.update(pounds=shown_pounds, day=shown_day)
    app.after_request(_guard)
    app.register_error_handler(404, _nothing_here)
    app.register_blueprint(blueprint)
