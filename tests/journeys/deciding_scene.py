"""Before the journey of a decision: two lots of one competition, two funders, twelve bidders.

What other journeys walk on screen is set up here by the product's own actions; all that follows the
opening of the bids is walked in `judging.py`, `awarding.py` and `living.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from bids.evaluation.models import Evaluation
from bids.opening import actions as opening
from lots import actions as publishing
from lots.contracts.models import Contract
from lots.together import actions as together
from lots.vocabulary import LotState
from marketplace import calendar, clock, jobs
from marketplace.accounts.models import Person
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.database import db, write
from marketplace.organisations.models import IncomeBand, LegalForm, Organisation
from tests.journeys.visitors import HttpVisitor, Visitor
from tests.support import bid_partners, bids, funding
from tests.support.client import Client
from tests.support.lots import make_lot, pass_closing, whole_lot
from tests.support.people import acting_as, make_organisation, make_person, sign_in
from tests.support.qualification import qualify

# A Monday. Business time never runs back, so it lies well ahead; the calendar is computed for it.
BEGINNING = datetime(2035, 1, 8, 9, tzinfo=UTC)
THREE, LINCOLN = "Women’s services in three counties", "A women’s centre for Lincoln"
TOGETHER = "Women’s services in the East Midlands"
WINNER, FIRST, SECOND = "Rowan House", "Willow Bank", "Alder Women’s Centre"
CORRECTS, SET_ASIDE, CHALLENGER = "Hazel Lane", "Larch Works", "Birch Grove"
TIED = ("Oak and Ash", "Juniper Street")
NAMES = (
    WINNER,
    SECOND,
    "Oak and Ash",
    FIRST,
    CORRECTS,
    CHALLENGER,
    "Elder Path",
    "Hawthorn Trust",
    "Juniper Street",
    "Maple Row",
    "Cherry Orchard",
    SET_ASIDE,
)
# By bidder, pounds a month; the two that tie ask the same.
MONTHLY = (9000, 8000, 8500, 8600, 8800, 9200, 9400, 9300, 8500, 8900, 9500, 7900)
PRICES = {
    THREE: dict(zip(NAMES, MONTHLY, strict=True)),
    LINCOLN: {"Oak and Ash": 3000, CORRECTS: 3200, WINNER: 2900},
}
PARTNERS = ("Fern Mentors", "Moss Legal Advice", "Heather Childcare")
SUPPORTED = tuple(
    f"{name} Example" for name in ("Ann", "Bea", "Cat", "Dee", "Eve", "Fay", "Gwen", "Hope", "Ivy")
)
SHARE = 30_000_00
ROLES = {
    "officer": Role.COMMISSIONING_OFFICER,
    "director": Role.DIRECTOR,
    "manager": Role.CONTRACT_MANAGER,
    "practitioner": Role.PRACTITIONER,
    "first evaluator": Role.EVALUATOR,
    "third": Role.EVALUATOR,
}


# Gives somebody a browser of their own; the client holds the cookies of whoever is signed in.
Enter = Callable[[str, Client], Visitor]


@dataclass(frozen=True)
class Size:
    """How many take part: all of them, or the few without whom a step has nobody to act."""

    bidders: tuple[str, ...] = NAMES
    partners: tuple[str, ...] = PARTNERS
    supported: tuple[str, ...] = SUPPORTED


@dataclass
class Scene:
    """Who takes part, each with a browser of their own, and what the journey comes across."""

    app: Flask
    people: dict[str, tuple[Person, Organisation]]
    size: Size
    enter: Enter
    lots: dict[str, UUID] = field(default_factory=dict)
    browsers: dict[str, Visitor] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)

    def as_(self, who: str) -> Visitor:
        """The browser of somebody, signed in."""
        if who not in self.browsers:
            client = Client(self.app)
            sign_in(client, *self.people[who])
            self.browsers[who] = self.enter(who, client)
        return self.browsers[who]

    def public(self) -> Visitor:
        """A browser without an account."""
        if "public" not in self.browsers:
            self.browsers["public"] = self.enter("public", Client(self.app))
        return self.browsers["public"]

    def bidders(self, title: str) -> list[str]:
        """Who bids for a lot, by name."""
        return [name for name in PRICES[title] if name in self.size.bidders]

    def by(self, who: str) -> Acting:
        """Somebody, for what is set up by actions."""
        return acting_as(*self.people[who])

    def evaluation(self, title: str) -> str:
        """The address of a lot's evaluation."""
        wanted = select(Evaluation.id).where(Evaluation.lot_id == self.lots[title])
        return f"/evaluations/{db.session.scalars(wanted).one()}"

    def contract(self, title: str) -> str:
        """The address of a lot's contract."""
        wanted = select(Contract.id).where(Contract.lot_id == self.lots[title])
        return f"/contracts/{db.session.scalars(wanted).one()}"

    def bid(self, title: str, name: str) -> str:
        """The address of an organisation's bid for a lot, as its own people know it."""
        organisation = self.people[name][1].id
        wanted = select(bids.Bid.id).where(
            bids.Bid.lot_id == self.lots[title], bids.Bid.organisation_id == organisation
        )
        return f"/bids/{db.session.scalars(wanted).one()}"

    def keep(self, name: str, visitor: Visitor, link: str) -> None:
        """Keep a document that this person downloads by a link of the page, for docs/examples."""
        self.documents[name] = visitor.download(link)


def pass_to(scene: Scene, day: Any) -> None:
    """Have it be nine o'clock on this day, and what is due by then done."""
    ahead = calendar.start_of(day) + timedelta(hours=9) - clock.judged_now()
    with write():
        clock.set_offset(clock.offset_seconds() + max(int(ahead.total_seconds()) + 1, 0))
    jobs.sweep_all(scene.app)
    db.session.remove()


def _over_http(_who: str, client: Client) -> Visitor:
    return HttpVisitor(client)


def set_up(app: Flask, size: Size | None = None, enter: Enter = _over_http) -> Scene:
    """The two lots with their bids, closed and opened; everybody takes part if not told else."""
    with write():
        clock.set_offset(int((BEGINNING - clock.judged_now()).total_seconds()) + 1)
    size = size or Size()
    scene = Scene(app, _buyers() | _bidders(size), size, enter)
    _lots(scene)
    _bids(scene)
    _open(scene)
    return scene


def _buyers() -> dict[str, tuple[Person, Organisation]]:
    region = make_organisation(
        OrganisationKind.REGION, region_code="F", name="Probation Service: East Midlands"
    )
    pcc = make_organisation(
        OrganisationKind.PCC,
        area_code="derbyshire",
        name="Police and Crime Commissioner for Derbyshire",
    )
    people = {
        who: (make_person(role, region, name=f"Robin {who.title()}"), region)
        for who, role in ROLES.items()
    }
    people["second evaluator"] = (make_person(Role.EVALUATOR, pcc, name="Lil Linden"), pcc)
    people["pcc lead"] = (make_person(Role.COMMISSIONER_LEAD, pcc, name="Max Maple"), pcc)
    people["pcc"] = (make_person(Role.DECISION_MAKER, pcc, name="Ada Aspen"), pcc)
    return people


def _bidders(size: Size) -> dict[str, tuple[Person, Organisation]]:
    """Each bidder and partner by name, with a trustee; the others of the winners by role."""
    people = {}
    for number, name in enumerate((*size.bidders, *size.partners), 1):
        organisation = make_organisation(
            name=name,
            legal_form=LegalForm.CHARITY,
            income_band=(IncomeBand.TO_1M, IncomeBand.TO_10M)[number % 2],
            is_voluntary=True,
            org_ids=[f"GB-CHC-99000{number:02}"],
        )
        qualify(organisation)
        trustee = make_person(Role.TRUSTEE, organisation, name=f"Trustee of {name}")
        people[name] = (trustee, organisation)
        for role in (Role.SERVICE_MANAGER, Role.CASEWORKER):
            person = make_person(role, organisation, name=f"{role.value.title()} of {name}")
            people[f"{role.value} of {name}"] = (person, organisation)
    return people


def _lots(scene: Scene) -> None:
    region, pcc = scene.people["officer"][1], scene.people["pcc"][1]
    counties = [
        ("F", code, places)
        for code, places in (("derbyshire", 12), ("leicestershire", 10), ("lincolnshire", 9))
    ]
    three = make_lot(LotState.DRAFT, buyer=region, title=THREE, areas=counties)
    lincoln = make_lot(
        LotState.DRAFT,
        buyer=region,
        title=LINCOLN,
        areas=[("F", "lincolnshire", 6)],
        value_net_pence=120_000_00,
        value_gross_pence=144_000_00,
    )
    scene.lots = {THREE: three.id, LINCOLN: lincoln.id}
    funding.invite(three, pcc, 90_000_00)
    funding.accept(three, pcc)
    officer = scene.by("officer")
    with write():
        competition = together.begin(three.id, TOGETHER, officer)
        together.join(lincoln.id, competition.id, officer)
        together.set_rule(three.id, TOGETHER, 1, officer)
    funding.sign(three, pcc, scene.by("pcc"))
    for lot_id in scene.lots.values():
        with write():
            publishing.publish_lot(lot_id, scene.by("director"))


def _bids(scene: Scene) -> None:
    for title in (THREE, LINCOLN):
        for name in scene.bidders(title):
            partners = scene.size.partners if (title, name) == (THREE, SECOND) else ()
            _bid(scene, title, name, PRICES[title][name], partners)


def _bid(scene: Scene, title: str, name: str, pounds: int, partners: tuple[str, ...] = ()) -> None:
    def with_partners(bid_id: UUID, lead: Acting) -> None:
        for partner in partners:
            bid_partners.confirmed_partner(bid_id, lead, scene.people[partner][1], SHARE)

    bids.submitted_bid(
        whole_lot(scene.lots[title]),
        scene.people[name][1],
        answer=f"{name} works from its own house, with women who have been there.",
        price=pounds * 100,
        prepare=with_partners,
    )


def _open(scene: Scene) -> None:
    for lot_id in scene.lots.values():
        pass_closing(whole_lot(lot_id))
    day = clock.today() + timedelta(days=1)
    pass_to(scene, day)
    for lot_id in scene.lots.values():
        for who in ("officer", "director"):
            with write():
                opening.confirm_opening(lot_id, scene.by(who))
