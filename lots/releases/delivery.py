"""What a contract comes to each month, published as metrics of its implementation (UK9)."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import force_locale

from lots.contracts.delivery.models import ContractMonth
from lots.contracts.delivery.months import last_day_of
from lots.contracts.delivery.queries import total_of
from lots.contracts.delivery.vocabulary import INDICATORS, Happening, Indicator
from lots.contracts.models import Contract
from lots.releases.contracts import deliver
from lots.releases.values import first_moment, moment
from marketplace import events
from marketplace.acting import Acting
from marketplace.calendar import end_of
from marketplace.database import db


def month_kept(month: ContractMonth, by: Acting | None) -> None:
    """Publish each indicator as it stands at the end of a month, by the rule of the public page.

    Counted from the contract's first day: a month alone may be one person's.
    """
    contract = db.session.get_one(Contract, month.contract_id)
    with force_locale("en"):
        metrics = [
            _metric(contract, month, indicator, share.public_percent)
            for indicator, share in total_of(contract.id).shares.items()
            if share.public_percent is not None
        ]
    if metrics:
        deliver(contract, {"metrics": metrics})


def _metric(
    contract: Contract, month: ContractMonth, indicator: Indicator, percent: int
) -> dict[str, Any]:
    return {
        "id": indicator.value,
        "title": str(INDICATORS[indicator]),
        "observations": [
            {
                "id": f"{contract.reference}-{indicator}-{month.month:%Y-%m}",
                "period": {
                    "startDate": first_moment(contract.starts_on),
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
