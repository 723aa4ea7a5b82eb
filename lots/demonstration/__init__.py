"""This floor's share of the demonstration world."""

from __future__ import annotations

from flask import Flask

from lots.demonstration import (
    changes,
    claims,
    competition,
    contracts,
    funders,
    funding,
    keyholders,
    life,
    lots,
    notices,
    payments,
    pipeline,
    proportionality,
    shares,
    stripe_payees,
)
from marketplace.registry import DemonstrationPart, demonstration


def register(app: Flask) -> None:
    """Add lots, what becomes of their contracts, and claims to the parts of the world."""
    demonstration(app).extend(
        [
            DemonstrationPart("funds", funding.build, 15),
            DemonstrationPart("market policy", proportionality.build, 19),
            DemonstrationPart("lots", lots.build, 20),
            DemonstrationPart("funders", funders.build, 26),
            DemonstrationPart("key holders", keyholders.build, 27),
            DemonstrationPart("pipeline", pipeline.build, 25),
            DemonstrationPart("why not", pipeline.build_why_not, 35),
            DemonstrationPart("competition", competition.build, 33),
            DemonstrationPart("contracts", contracts.build, 40),
            DemonstrationPart("contracts brought to today", contracts.bring_to_today, 59),
            DemonstrationPart("claims", claims.build, 60),
            DemonstrationPart("claims of the last month", claims.build_last_month, 61),
            DemonstrationPart("changes to contracts", changes.build, 61),
            DemonstrationPart("contracts in life", life.build, 62),
            DemonstrationPart("notices", notices.build, 63),
            DemonstrationPart("shares of funders", shares.build, 65),
            DemonstrationPart("providers at Stripe", stripe_payees.build, 64),
            DemonstrationPart("payments", payments.build, 65),
        ]
    )
