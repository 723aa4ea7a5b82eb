"""The public market report, as a page and as open data."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template, request
from flask_babel import format_decimal, format_percent
from flask_babel import gettext as _

from lots.market.days_to_pay import days_to_pay
from lots.market.forms import MarketForm
from lots.market.map import area_rows, bought_elsewhere, map_of
from lots.market.queries import (
    LAST_DAY,
    UNKNOWN,
    bids_decided,
    first_and_last_day,
    live_contracts,
    market_report,
    report_of,
    supply_chain,
)
from lots.market.rows import COLUMNS, market_rows
from marketplace.areas.queries import region_names
from marketplace.categories.queries import service_names
from marketplace.organisations.models import INCOME_BANDS
from marketplace.permissions import public
from marketplace.web.kept import kept
from marketplace.web.pictures import Bar
from marketplace.web.tables import csv_file

blueprint = Blueprint("market", __name__, template_folder="../templates")


@blueprint.get("/market")
@public
def report() -> Any:
    """The market on the day asked for, today where none is."""
    form = MarketForm(request.args)
    in_demonstration = current_app.extensions["settings"].demonstration
    context: dict[str, Any] = {"form": form, "offer_demonstration": in_demonstration}
    if not form.validate():
        return render_template("lots/market/report.html", report=None, **context), 400
    on, demonstration = form.on.data, form.demonstration.data
    assert on is not None
    context |= _shown(on, demonstration, request.args.get("service", ""))
    return render_template("lots/market/report.html", **context)


@blueprint.get("/open-data/market.json")
@public
def open_data() -> Any:
    """The same figures for machines; 400 with what is expected for a date that cannot be read."""
    form = MarketForm(request.args)
    if not form.validate():
        title = _("The date cannot be read")
        return jsonify(error={"status": 400, "title": title, "detail": form.on.errors[0]}), 400
    assert form.on.data is not None
    return kept(jsonify(market_report(form.on.data, form.demonstration.data)))


@blueprint.get("/open-data/market.csv")
@public
def as_csv() -> Any:
    """The same figures for a spreadsheet."""
    form = MarketForm(request.args)
    if not form.validate():
        return Response(str(form.on.errors[0]), 400, mimetype="text/plain")
    assert form.on.data is not None
    report = market_report(form.on.data, form.demonstration.data)
    return kept(csv_file("market.csv", COLUMNS, market_rows(report)))


def _shown(on: date, demonstration: bool, service: str) -> dict[str, Any]:
    live = live_contracts(on, demonstration)
    figures = report_of(on, live, demonstration)
    known, regions = service_names(), region_names()
    services = {code: known[code] for code in figures["services"]}
    service = service if service in services else ""
    rows = area_rows(on, live, service or None)
    paid = days_to_pay(min(on, LAST_DAY), demonstration)
    return {
        "on": on,
        "report": figures,
        "chain": supply_chain({each.line for each in live}),
        "bids": bids_decided(on, demonstration),
        "paid": paid,
        "paid_bars": _paid_bars(paid["buyers"]),
        "bands": INCOME_BANDS | {UNKNOWN: _("Not known")},
        "value_in_millions": _millions(figures["value_gbp"]),
        "voluntary_share": _share(figures["voluntary_value_share"]),
        "demonstration_counted": demonstration,
        "span": first_and_last_day(demonstration),
        "services": services,
        "regions": regions,
        "service": service,
        "service_bars": _bars(figures["services"], services),
        "region_bars": _bars(figures["regions"], regions),
        "areas": rows,
        "map": map_of(rows),
        "elsewhere": [each for each in bought_elsewhere() if service in ("", each.service_code)],
    }


def _bars(figures: dict[str, dict[str, Any]], names: dict[str, str]) -> list[Bar]:
    return [Bar(names[code], row["contracts"]) for code, row in figures.items()]


def _paid_bars(buyers: dict[str, dict[str, Any] | None]) -> list[Bar]:
    """The share of each buyer's payments that were made within 30 days."""
    return [
        Bar(name, row["within_30_days"] * 100, format_percent(row["within_30_days"]))
        for name, row in buyers.items()
        if row is not None
    ]


def _millions(pounds: float) -> str:
    return _("£%(millions)sm", millions=format_decimal(pounds / 1_000_000, "#,##0.0"))


def _share(fraction: float | None) -> str:
    return _("none") if fraction is None else format_percent(fraction, "0.0%")


def register(app: Flask) -> None:
    """Serve the report."""
    app.register_blueprint(blueprint)
