"""A crowd of cases: referrals and their sessions, in the numbers of a whole country.

One case is sent by the product's own action; every other is a copy of its row with a person,
place, state and dates of its own, written with COPY. What a list or a search reads is real:
names and CRNs are encrypted one by one, and the keys of the search are made as the job makes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from lots.contracts.models import Contract, ContractArea
from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.areas.queries import delivery_units_on
from marketplace.database import db
from marketplace.organisations.models import Organisation
from referrals.models import TeamMember
from tests.bench import crowd_rows
from tests.bench.crowd_rows import TEAM, Stage
from tests.support import lots, referrals
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person, written


@dataclass(frozen=True)
class Size:
    """How many there are of everything, and what part is of the provider and team that look.

    The small country is theirs for a third, so that the pages compared have as many rows.
    """

    referrals: int
    services: int
    providers: int
    people: int
    share_of_first: float
    share_of_team: float


SMALL = Size(
    referrals=1_000, services=10, providers=4, people=4, share_of_first=0.3, share_of_team=0.3
)
LARGE = Size(
    referrals=100_000,
    services=120,
    providers=24,
    people=120,
    share_of_first=0.1,
    share_of_team=0.02,
)


@dataclass(frozen=True)
class Crowd:
    """Who looks: a practitioner and their manager, a caseworker and theirs, who pays for it."""

    people: dict[Role, Person]


def make(size: Size) -> Crowd:
    """Fill the prepared database that the application is bound to."""
    region = lots.make_region("K")
    charity = make_organisation(name="Harbour", contact_email="in@harbour.example")
    roles = (Role.PRACTITIONER, Role.TEAM_MANAGER, Role.CONTRACT_MANAGER)
    people = {role: make_person(role, region) for role in roles}
    people |= {role: make_person(role, charity) for role in (Role.SERVICE_MANAGER, Role.CASEWORKER)}
    _confirm_team([people[Role.PRACTITIONER], people[Role.TEAM_MANAGER]], region)
    services = _services(size, charity, region)
    sent = referrals.send(services[0][0], acting_as(people[Role.PRACTITIONER]))
    further = range(size.people)
    practitioners = [make_person(Role.PRACTITIONER, region).id for _ in further]
    caseworkers = [make_person(Role.CASEWORKER, charity).id for _ in further]
    stage = Stage(
        services,
        [each for each in services if each[1] == charity.id],
        [each.code for each in delivery_units_on(clock.today())],
        [people[Role.PRACTITIONER].id, *practitioners],
        [people[Role.CASEWORKER].id, *caseworkers],
    )
    crowd_rows.write(size.referrals, size.share_of_first, size.share_of_team, stage, sent.id)
    return Crowd(people)


def _confirm_team(members: Sequence[Person], region: Organisation) -> None:
    with written():
        for person in members:
            db.session.add(
                TeamMember(
                    person_id=person.id,
                    organisation_id=region.id,
                    delivery_unit_code=TEAM,
                    since=clock.now(),
                    confirmed_at=clock.now(),
                    confirmed_by_id=members[-1].id,
                )
            )


def _services(
    size: Size, charity: Organisation, region: Organisation
) -> list[tuple[UUID, UUID, UUID]]:
    """Contract area, provider and contract of each service."""
    providers = [charity, *(make_organisation() for _number in range(size.providers - 1))]
    made = []
    for number in range(size.services):
        provider = providers[number % len(providers)]
        contract: Contract = make_live_contract(provider, buyer=region, places=1000)
        area: ContractArea = contract.areas[0]
        made.append((area.id, provider.id, contract.id))
    return made
