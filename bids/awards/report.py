"""The recommendation report: generated from what is stored, kept as it was with its SHA-256.

It is made with the recommendation and never altered, so that decision-makers and co-signers decide
on the same text. What it says is JSON; `bids.awards.report_shown` puts it into the reader's words.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from bids.awards.figures import figures
from bids.awards.models import Award, RecommendationReport
from bids.compliance.queries import told_of
from bids.evaluation import queries, standings
from bids.evaluation.models import Evaluation, PanelDeclaration, PanelMember
from bids.models import Bid
from bids.permissions import BidPermission
from bids.sealing import canonical, digest
from lots.models import Lot
from lots.prices.arithmetic import whole
from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, allowed


def keep(award: Award) -> RecommendationReport:
    """Make the report of a recommendation, inside its own transaction."""
    db.session.flush()
    text = canonical(_content(award))
    report = RecommendationReport(
        id=new_id(),
        award_id=award.id,
        content=text.decode(),
        sha256=digest(text),
        made_at=clock.now(),
    )
    db.session.add(report)
    return report


def report_of(award_id: UUID) -> RecommendationReport | None:
    """The report of a recommendation; none where it was made before there were reports."""
    found = select(RecommendationReport).where(RecommendationReport.award_id == award_id)
    return db.session.scalar(found)


def sha_of(award_id: UUID) -> str:
    """The SHA-256 of the report, empty where there is none."""
    report = report_of(award_id)
    return report.sha256 if report else ""


def content_of(report: RecommendationReport) -> dict[str, Any]:
    """What the report says. Raises Refusal where it is not what its hash was taken of."""
    if digest(report.content.encode()) != report.sha256:
        raise Refusal(_("This report is not what was recommended. Tell the framework team."))
    return json.loads(report.content)


def readable(evaluation_id: UUID, by: Acting) -> tuple[Evaluation, RecommendationReport]:
    """The current report, for the lead buyer's own people and the co-signers. Raises NotYours."""
    evaluation = queries.get(evaluation_id)
    reads = (BidPermission.READ_OPENED, BidPermission.COSIGN)
    if not any(allowed(by, each, evaluation) for each in reads):
        raise NotYours(evaluation_id)
    found = (
        select(RecommendationReport)
        .join(Award)
        .where(Award.evaluation_id == evaluation.id, Award.superseded_at.is_(None))
    )
    report = db.session.scalar(found)
    if report is None:
        raise NotYours(evaluation_id)
    return evaluation, report


def must_be(award: Award, seen: str) -> None:
    """Raise Refusal unless `seen` is the hash of the report of this very recommendation."""
    if seen != sha_of(award.id):
        raise Refusal(
            _(
                "The recommendation is not the one that stood on your page any more, so nothing "
                "was done. Read the report as it is now and press again."
            )
        )


def _content(award: Award) -> dict[str, Any]:
    evaluation, lot = award.evaluation, award.lot
    bids = queries.opened_bids(evaluation)
    names = queries.bidder_names(bids)
    ranked = standings.ranked(evaluation)
    recommended = award.recommended_bid_id
    return {
        "lot": _lot(lot),
        "opened_at": evaluation.started_at.isoformat(),
        "panel": _panel(evaluation),
        "bids": _bids(evaluation, bids, names),
        "ranking": _ranking(evaluation, ranked),
        "recommended": str(recommended) if recommended else None,
        "reasons": award.recommendation,
        "by": db.session.get_one(Person, award.recommended_by_id).name,
        "at": award.recommended_at.isoformat(),
        "figures": figures(bids, len(ranked)),
    }


def _lot(lot: Lot) -> dict[str, Any]:
    competition = lot.competition
    return {
        "reference": lot.reference,
        "title": lot.title,
        "buyer": lot.lead_buyer.name,
        "route": lot.route.value,
        "value_net_pence": lot.value_net_pence,
        "price_basis": lot.price_basis.value,
        "closed_at": lot.closes_at.isoformat() if lot.closes_at else None,
        "criteria": [{"name": each.name, "weight": each.weight} for each in lot.criteria],
        "price_weight": lot.price_weight or 0,
        "tie_rule": lot.tie_rule.value,
        "competition": {
            "reference": competition.reference,
            "title": competition.title,
            "most_lots": competition.most_lots,
        }
        if competition
        else None,
    }


def _panel(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Who sat, for whom, on what, and what was declared; not what an interest was in private."""
    ids = [member.id for member in evaluation.panel]
    found = select(PanelDeclaration).where(PanelDeclaration.member_id.in_(ids))
    declared: dict[UUID, list[PanelDeclaration]] = {}
    for each in db.session.scalars(found.order_by(PanelDeclaration.declared_at)):
        declared.setdefault(each.member_id, []).append(each)
    criteria = {each.id: each.name for each in evaluation.lot.criteria}
    return [
        {
            "name": member.person.name,
            "organisation": member.organisation.name,
            "state": member.state.value,
            "left_because": member.left_because.value if member.left_because else None,
            "criteria": _scored(member, criteria),
            "declared": [
                {
                    "answer": each.answer.value,
                    "at": each.declared_at.isoformat(),
                    "kept": each.kept,
                    "reason": each.reason,
                }
                for each in declared.get(member.id, [])
            ],
        }
        for member in evaluation.panel
    ]


def _scored(member: PanelMember, criteria: dict[UUID, str]) -> list[str]:
    return [name for criterion_id, name in criteria.items() if criterion_id in member.criteria]


def _bids(evaluation: Evaluation, bids: list[Bid], names: dict[UUID, str]) -> list[dict[str, Any]]:
    """Each bid with its check, its moderated scores and its price, by the bidder's name."""
    agreed, prices = queries.moderated(evaluation), queries.opened_prices(evaluation)
    corrected = told_of([bid.id for bid in bids])
    return [
        {
            "bid": str(bid.id),
            "name": names[bid.id],
            "state": bid.state.value,
            "ground": bid.ground.value if bid.ground else None,
            "ground_reason": bid.ground_reason or "",
            "corrections": corrected.get(bid.id, []),
            "scores": [
                {
                    "criterion": criterion.name,
                    "weight": criterion.weight,
                    "score": agreed[bid.id, criterion.id].score,
                    "reason": agreed[bid.id, criterion.id].reason,
                }
                for criterion in evaluation.lot.criteria
                if (bid.id, criterion.id) in agreed
            ],
            "price_pence": prices.get(bid.id),
            "whole_pence": whole(evaluation.lot, prices[bid.id]) if bid.id in prices else None,
        }
        for bid in sorted(bids, key=lambda each: (names[each.id], each.id))
    ]


def _ranking(evaluation: Evaluation, ranked: list[standings.Ranked]) -> dict[str, Any] | None:
    stored = queries.ranking_of(evaluation)
    if stored is None:
        return None
    won = standings.lots_won(evaluation)
    return {
        "sha256": stored.sha256,
        "computed_at": stored.computed_at.isoformat(),
        "rows": [
            {"bid": each.key, **each.as_told, "lots_won": won.get(each.key, [])} for each in ranked
        ],
    }
