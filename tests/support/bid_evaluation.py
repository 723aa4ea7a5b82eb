"""Panels for tests: a lot that a commissioner helps to pay for, and seats on its panel."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from bids.evaluation import actions, queries, seats
from bids.evaluation.models import PanelMember
from bids.evaluation.vocabulary import Answer
from lots.funding.models import FunderState, LotFunder
from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, new_id
from marketplace.organisations.models import Organisation
from tests.support.bids import Competition, opened_competition
from tests.support.people import acting_as, make_organisation, make_person, written


def funder_of(competition: Competition) -> Organisation:
    """A commissioner who accepted to pay nothing but attention: a party to the lot."""
    funder = make_organisation(OrganisationKind.PCC, name="Garden PCC")
    with written():
        db.session.add(
            LotFunder(
                id=new_id(),
                lot_id=competition.lot.id,
                organisation_id=funder.id,
                share_pence=0,
                state=FunderState.ACCEPTED,
                invited_by_id=competition.officer.id,
                invited_at=clock.now(),
            )
        )
    db.session.expire_all()
    return funder


def seated(
    competition: Competition,
    organisation: Organisation,
    criteria: set[UUID] | None = None,
    *,
    lived: bool = False,
    answer: Answer | None = Answer.NO,
    **facts: Any,
) -> tuple[Person, PanelMember]:
    """An evaluator of the organisation with a seat, who has declared unless `answer` is None."""
    officer = competition.acting(competition.officer)
    person = make_person(Role.EVALUATOR, organisation, **facts)
    assert competition.evaluation_id is not None
    with written():
        member = actions.assign(competition.evaluation_id, person.id, officer, lived=lived)
    if criteria is not None:
        with written():
            seats.allocate(competition.evaluation_id, member.id, criteria, officer)
    if answer is not None:
        by = acting_as(person, organisation)
        with written():
            seats.declare(competition.evaluation_id, answer, by, "A cousin works there.")
    return person, member


def score_all(competition: Competition, person: Person, organisation: Organisation) -> None:
    """The evaluator gives 2 to everything that is theirs, and locks."""
    by = acting_as(person, organisation)
    assert competition.evaluation_id is not None
    with written():
        member = queries.seat(competition.evaluation_id, by)
        for cell in queries.to_score(member):
            actions.save_score(competition.evaluation_id, cell, 2, "Fair", by)
        db.session.flush()
        actions.lock_scores(competition.evaluation_id, by)


def two_organisations() -> tuple[Competition, Organisation, Person, PanelMember]:
    """An opened competition, its funder, and the funder's evaluator of the second criterion."""
    competition = opened_competition()
    funder = funder_of(competition)
    person, member = seated(
        competition, funder, {competition.criteria()[1]}, lived=True, name="Lil Linden"
    )
    return competition, funder, person, member
