"""The market itself: every version of its rules as a release, and its notices under the Act."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from lots.notices.posting import plain
from lots.notices.posting import put as post
from lots.notices.vocabulary import NoticeKind, Regime
from lots.proportionality.lifecycle import PUBLISH
from lots.proportionality.models import MarketPolicy
from lots.proportionality.vocabulary import PolicyState
from lots.releases.values import first_moment
from lots.releases.writing import market, market_body, put
from marketplace import events
from marketplace.acting import Acting
from marketplace.database import db


def rules_published(policy: MarketPolicy, by: Acting | None) -> None:
    """A version of the market's rules is published, with the notices that it needs."""
    amendment = {
        "id": f"rules-{policy.version}",
        "date": first_moment(policy.valid_from),
        "description": f"Version {policy.version} of the market's rules",
    }
    process = market()
    body = market_body()
    body["tender"]["amendments"] = [amendment]
    put(process, ["tenderUpdate"], body)
    if by is None:
        return
    facts = {
        "buyer": by.organisation_name,
        "title": body["tender"]["title"],
        "valid_from": plain(policy.valid_from),
    }
    for kind in _due(policy):
        post(kind, Regime.ACT_2023, facts, by.organisation_id)


def _due(policy: MarketPolicy) -> tuple[NoticeKind, ...]:
    """Which of the Act's market notices a version needs (s.39), by the regime before it."""
    before = db.session.scalar(
        select(MarketPolicy.regime)
        .where(
            MarketPolicy.state == PolicyState.PUBLISHED,
            MarketPolicy.id != policy.id,
            MarketPolicy.version < policy.version,
        )
        .order_by(MarketPolicy.version.desc())
        .limit(1)
    )
    under_act = policy.regime == Regime.ACT_2023
    if before == Regime.ACT_2023:
        return (NoticeKind.MARKET_CHANGE if under_act else NoticeKind.MARKET_END,)
    return (NoticeKind.MARKET_INTENTION, NoticeKind.MARKET_SET_UP) if under_act else ()


def register(app: Flask) -> None:
    """Hear of every version of the rules."""
    events.when(app, PUBLISH, rules_published)
