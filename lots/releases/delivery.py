"""What a contract comes to each month, published as metrics of its implementation (UK9)."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import force_locale

from lots.contracts.delivery.models import ContractFigure, ContractMonth
from lots.contracts.delivery.months import last_day_of
from lots.contracts.delivery.vocabulary import INDICATORS, Happening
from lots.contracts.models import Contract
from lots.releases.contracts import deliver
from lots.releases.values import first_moment, moment
from marketplace import events
from marketplace.acting import Acting
from marketplace.calendar import end_of
from marketplace.database import db

# Policy: of fewer people than this nothing is published that could point at one of them.
FEWEST = 5


def month_kept(month: ContractMonth, by: Acting | None) -> None:
    """Publish a month's indicators, each as the share of those it is counted of."""
    contract = db.session.get_one(Contract, month.contract_id)
    with force_locale("en"):
        metrics = [
            _metric(contract, month, each) for each in month.figures if each.denominator >= FEWEST
        ]
    if metrics:
        deliver(contract, {"metrics": sorted(metrics, key=lambda each: each["id"])})


def _metric(contract: Contract, month: ContractMonth, figure: ContractFigure) -> dict[str, Any]:
    percent = round(100 * figure.numerator / figure.denominator)
    return {
        "id": figure.indicator.value,
        "title": str(INDICATORS[figure.indicator]),
        "observations": [
            {
                "id": f"{contract.reference}-{figure.indicator}-{month.month:%Y-%m}",
                "period": {
                    "startDate": first_moment(month.month),
                    "endDate": moment(end_of(last_day_of(month.month))),
                },
                "measure": str(percent),
                "unit": {"name": "percent"},
            }
        ],
    }


def register(app: Flask) -> None:
    """Hear of every month that is kept."""
    events.when(app, Happening.MONTH_KEPT, month_kept)
