"""Months of a contract, reviews, decisions and grants in life, for tests and the world."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import update

from lots.contracts import actions
from lots.contracts.delivery import reviewing
from lots.contracts.delivery.models import ContractFigure, ContractMonth, PriceReview
from lots.contracts.delivery.vocabulary import Indicator
from lots.contracts.grants import paying, reporting
from lots.contracts.grants.models import GrantReport
from lots.contracts.models import Contract
from lots.contracts.renewal import actions as renewing
from lots.contracts.renewal.models import Choice
from lots.vocabulary import PaymentProfile, PriceBasis, Route
from marketplace import clock
from marketplace.acting import Acting
from marketplace.calendar import months_later
from marketplace.database import db, new_id
from tests.support.contracts import make_contract, make_live_contract
from tests.support.people import written

if TYPE_CHECKING:
    from tests.support.world import World


def last_months(count: int) -> list[date]:
    """The first days of so many months before this one, the earliest first."""
    this = clock.today().replace(day=1)
    return [months_later(this, -number) for number in range(count, 0, -1)]


def keep_month(
    contract_id: UUID, month: date, starts: int, expected: int | None, of: int = 0, people: int = 0
):
    """A month as the job would have kept it; `of` stands below each indicator, all reached."""
    with written():
        row = ContractMonth(
            id=new_id(),
            contract_id=contract_id,
            month=month,
            starts=starts,
            expected=expected,
            is_whole=True,
            kept_at=clock.now(),
        )
        row.figures = [
            ContractFigure(indicator=each, numerator=of, denominator=of, people=people)
            for each in Indicator
        ]
        db.session.add(row)


def open_review(contract_id: UUID) -> PriceReview:
    """A review that two months far below the expectation have opened."""
    for month in last_months(2):
        keep_month(contract_id, month, 2, 10)
    with written():
        assert reviewing.open_review(contract_id)
        review = db.session.scalars(
            db.select(PriceReview).where(PriceReview.contract_id == contract_id)
        ).one()
        db.session.expunge(review)
    return review


def end_on(contract_id: UUID, day: date) -> None:
    """Let a contract and its areas have this last day."""
    with written():
        db.session.execute(update(Contract).where(Contract.id == contract_id).values(ends_on=day))


def make_grant(provider: Any, buyer: Any, director: Acting, trustee: Acting, **facts: Any):
    """A grant that was offered and accepted a moment ago, in pence, one month at £1,000."""
    given = {
        "route": Route.GRANT,
        "price_basis": PriceBasis.MONTHLY_FEE,
        "price": 100_000,
        "term_months": 3,
        "payment_profile": PaymentProfile.UP_FRONT,
    }
    contract = make_contract(provider, buyer, **(given | facts))
    for by in (director, trustee):
        with written():
            actions.sign(contract.id, by.name, contract.text_hash, by)
    return contract


def want_report(contract_id: UUID) -> GrantReport:
    """The report of a grant that has ended."""
    with written():
        reporting.want(db.session.get_one(Contract, contract_id), None)
        report = reporting.report_of(contract_id)
        assert report is not None
        db.session.expunge(report)
    return report


def add_to(world: World) -> None:
    """A review, and reports to write, to read and to settle."""
    provider, region = world.people["trustee"][1], world.people["director"][1]
    director, trustee = world.by("director"), world.by("trustee")
    reviewed = make_live_contract(provider, buyer=region)
    world.things["price review"] = {"review_id": open_review(reviewed.id).id}
    decided = make_live_contract(provider, buyer=region)
    with written():
        officer = world.by("commissioning officer")
        renewing.decide(decided.id, Choice.RECOMPETE, "It is needed.", "", officer)
    world.things["contract to compete for again"] = {"contract_id": decided.id}
    for name in ("report to write", "report to read", "report with a rest"):
        grant = make_grant(provider, region, director, trustee)
        report = want_report(grant.id)
        world.things[name] = {"report_id": report.id}
        if name == "report to write":
            continue
        with written():
            reporting.send(report.id, "It went well.", 5_000, trustee)
        if name == "report with a rest":
            with written():
                reporting.accept(report.id, world.by("contract manager"))
    assert paying.fall_due(clock.now()) == 0
