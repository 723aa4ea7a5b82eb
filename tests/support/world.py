"""A small world: one of each thing, and somebody of every role on each side of it.

Built once for each database by the product's own actions and committed; the tests of rules walk
through it and undo what they change. Kent, Surrey and Sussex is the buyer of everything; its
namesakes elsewhere, called "other …", hold the same roles in another organisation and area.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from bids.evaluation import actions as evaluating
from bids.evaluation import seats
from bids.evaluation.vocabulary import Answer
from lots.contracts import actions as contract_actions
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.accounts import actions as accounts
from marketplace.accounts import memberships, sessions
from marketplace.accounts.models import Invitation, Membership, Person, SignInSession
from marketplace.acting import ROLES_OF_KIND, Acting, OrganisationKind, Role
from marketplace.database import db, new_id, write
from marketplace.jobs import JobLease
from marketplace.organisations.models import Organisation
from referrals.answering import actions as referral_actions
from referrals.answering import assigning
from referrals.delivery.models import Method
from referrals.delivery.sessions import arrange_session
from referrals.delivery.venues import Venue
from referrals.teams import actions as teams
from tests.support import (
    bid_attachments,
    bid_finder,
    bid_partners,
    bids,
    books,
    cases,
    challenges,
    claims,
    competition,
    compliance,
    continuity,
    contract_changes,
    drafting,
    drafts,
    files,
    funding,
    handing,
    invoices,
    keyholders,
    life,
    lots,
    paying,
    pipeline,
    plans,
    proportionality,
    questions,
    reconciling,
    referrals,
    sending,
    stripes,
)
from tests.support import qualification as qualifying
from tests.support.contracts import make_contract, make_live_contract
from tests.support.people import acting_as, give_role, make_organisation, make_person
from tests.support.sessions import add_sessions

VISITOR = "visitor"
AREAS = [("K", "kent", 30), ("K", "sussex", 20)]
KIND_NAMES = {
    OrganisationKind.REGION: "region",
    OrganisationKind.PCC: "pcc",
    OrganisationKind.OTHER_BUYER: "buyer",
    OrganisationKind.PRISON: "prison",
    OrganisationKind.PROVIDER: "provider",
    OrganisationKind.NATIONAL: "national",
}
# Roles that exist in two kinds of organisation are told apart by the kind.
SHARED = (Role.EVALUATOR, Role.COMMISSIONER_LEAD, Role.DECISION_MAKER)


@dataclass
class World:
    """`people` and `things` by their names in the reviewed table; a thing is what its URL names."""

    app: Flask
    people: dict[str, tuple[Person, Organisation]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)

    def by(self, who: str) -> Acting:
        """The person as actions are given them."""
        person, organisation = self.people[who]
        return acting_as(person, organisation)

    def sign_in(self, client: FlaskClient, who: str) -> None:
        """Have this browser be theirs, both factors given a moment ago."""
        with client.session_transaction() as cookie:
            cookie.clear()
            if who != VISITOR:
                cookie["_user_id"] = self.tokens[who]


def who_name(role: Role, kind: OrganisationKind, prefix: str = "") -> str:
    """What the reviewed table calls somebody: "officer" words are the role's own."""
    name = role.value.replace("_", " ")
    if role in SHARED and kind is not OrganisationKind.REGION:
        name = f"{KIND_NAMES[kind]} {name}"
    return f"{prefix}{name}"


def build(app: Flask) -> World:
    """Fill an empty prepared database; returns what stands in it."""
    world = World(app)
    with app.app_context():
        _add_people(world)
        _add_competitions(world)
        _add_lots_and_bids(world)
        pipeline.add_to(world.things)
        funding.add_to(world)
        proportionality.add_to(world)
        _add_contracts(world)
        _add_cases(world)
        cases.add_to(world)
        handing.add_to(world)
        continuity.add_to(world)
        life.add_to(world)
        paying.add_to(world)
        stripes.add_to(world)
        reconciling.add_to(world)
        contract_changes.add_to(world)
        books.add_to(world)
        invoices.add_to(world)
        qualifying.add_to(world)
        files.make_file(world.by("bid manager"))
        _add_accounts(world)
        questions.add_to(world)
        bid_finder.add_to(world)
        for who in world.people:
            world.tokens[who] = _begin_session(*world.people[who])
        # Fresh, and just seen, for as long as a walk may take.
        ahead = clock.technical_now() + timedelta(hours=2)
        with write():
            db.session.execute(
                update(SignInSession).values(second_factor_at=ahead, last_seen_at=ahead)
            )
        db.session.remove()
    return world


def _begin_session(person: Person, organisation: Organisation) -> str:
    with write():
        return sessions.begin(person, organisation.id, second_factor=True, how="test")


def _add_people(world: World) -> None:
    own = {
        OrganisationKind.REGION: {"region_code": "K", "name": "Kent, Surrey and Sussex"},
        OrganisationKind.PCC: {"area_code": "kent", "name": "Kent PCC"},
        OrganisationKind.OTHER_BUYER: {"name": "Garden Fund"},
        OrganisationKind.PRISON: {"name": "HMP Orchard", "region_code": "K"},
        OrganisationKind.NATIONAL: {"name": "Framework team"},
        OrganisationKind.PROVIDER: {"name": "Harbour Trust", "contact_email": "in@harbour.example"},
    }
    other = {
        OrganisationKind.REGION: {"region_code": "F", "name": "East Midlands"},
        OrganisationKind.PCC: {"area_code": "derbyshire", "name": "Derbyshire PCC"},
        OrganisationKind.PRISON: {"name": "HMP Moor", "region_code": "F"},
        OrganisationKind.PROVIDER: {"name": "Lantern House"},
    }
    for prefix, named in (("", own), ("other ", other)):
        for kind, facts in named.items():
            organisation = make_organisation(kind, **facts)
            for role in ROLES_OF_KIND[kind]:
                name = who_name(role, kind, prefix)
                world.people[name] = (
                    make_person(role, organisation, name=name.title()),
                    organisation,
                )
    region = world.people["practitioner"][1]
    world.people["author"] = (make_person(Role.PRACTITIONER, region, name="Author Person"), region)
    world.people["named"] = (make_person(Role.PRACTITIONER, region, name="Named Person"), region)
    world.people["team mate"] = (make_person(Role.PRACTITIONER, region, name="Mate Person"), region)
    provider = world.people["caseworker"][1]
    world.people["assigned"] = (
        make_person(Role.CASEWORKER, provider, name="Assigned Person"),
        provider,
    )
    world.people["seated evaluator"] = (
        make_person(Role.EVALUATOR, region, name="Seat Person"),
        region,
    )
    conflicted = make_person(Role.COMMISSIONING_OFFICER, region, name="Conflicted Person")
    give_role(conflicted, provider, Role.TRUSTEE)
    world.people["conflicted officer"] = (conflicted, region)
    bid_partners.add_people_to(world)


def _add_competitions(world: World) -> None:
    bidders = (world.people["trustee"][1], world.people["other trustee"][1])
    for organisation in bidders:
        bids.qualify(organisation)
    facts: dict[str, Any] = {
        "buyer": world.people["director"][1],
        "areas": AREAS,
        "bidders": bidders,
    }
    facts["prepare"] = bid_partners.naming(world)
    closed = bids.closed_competition(**facts)
    world.things["closed lot"] = {"lot_id": closed.lot.id}
    for name, make in (
        ("evaluation in scoring", bids.opened_competition),
        ("evaluation in moderation", bids.moderating_competition),
        ("evaluation ranked", bids.priced_competition),
        ("evaluation recommended", bids.recommended_competition),
        ("evaluation decided", bids.decided_competition),
    ):
        made = make(**facts)
        world.things[name] = {
            "evaluation_id": made.evaluation_id,
            "bid_id": made.bids[0],
            "criterion_id": made.criteria()[0],
        }
        if name == "evaluation in scoring":
            world.things[name]["member_id"] = seat(world, made)
    challenges.add_to(world)
    bid_attachments.add_to(world)
    compliance.add_to(world)
    world.things["own outcome"] = {"bid_id": world.things["evaluation decided"]["bid_id"]}


def seat(world: World, competition: bids.Competition) -> UUID:
    """Our own evaluator takes a seat and declares no conflict."""
    officer, evaluator = world.by("commissioning officer"), world.by("seated evaluator")
    evaluation_id = competition.evaluation_id
    assert evaluation_id is not None
    with write():
        member_id = evaluating.assign(evaluation_id, evaluator.person_id, officer).id
    with write():
        seats.declare(evaluation_id, Answer.NO, evaluator)
    return member_id


def _add_lots_and_bids(world: World) -> None:
    region, provider = world.people["director"][1], world.people["trustee"][1]
    for name, state, buyer in (
        ("draft lot", LotState.DRAFT, region),
        ("planned lot", LotState.PLANNED, region),
        ("awarded lot", LotState.AWARDED, region),
        ("lot of a PCC", LotState.DRAFT, world.people["pcc decision maker"][1]),
    ):
        lot = lots.make_lot(state, buyer=buyer, areas=AREAS)
        world.things[name] = {
            "lot_id": lot.id,
            "question_id": lot.questions[0].id,
            "task": "service",
        }
    drafting.add_to(world)
    keyholders.add_to(world)
    competition.add_to(world)
    lot = lots.make_open_lot(buyer=region, areas=AREAS)
    world.things["open lot"] = {"lot_id": lot.id}
    bid_id = bids.submitted_bid(lot, provider)
    world.things["own bid"] = {
        "bid_id": bid_id,
        "question_id": lot.questions[0].id,
        "number": 1,
    }
    bid_partners.add_to(world)


def _add_contracts(world: World) -> None:
    provider, region = world.people["trustee"][1], world.people["director"][1]
    drafted = make_contract(provider, region)
    signing = make_contract(provider, region)
    for who in ("director", "trustee"):
        with write():
            signer = world.by(who)
            contract_actions.sign(signing.id, signer.name, signing.text_hash, signer)
    live = make_live_contract(provider, buyer=region, service_code="accommodation")
    claims.add_to(world)
    for name, contract in (
        ("drafted contract", drafted),
        ("contract being mobilised", signing),
        ("live contract", live),
    ):
        world.things[name] = {
            "contract_id": contract.id,
            "contract_area_id": contract.areas[0].id,
            "kind": "insurance",
        }
    of_pcc = make_live_contract(provider, buyer=world.people["pcc decision maker"][1])
    world.things["contract of a PCC"] = {"contract_id": of_pcc.id}
    world.things["service"] = {"contract_area_id": live.areas[0].id}


def _add_cases(world: World) -> None:
    area_id = world.things["service"]["contract_area_id"]
    author, caseworker = world.by("author"), world.by("assigned")
    with write():
        asked = {
            who: teams.choose("east-kent", world.by(who)).id
            for who in ("team manager", "team mate", "practitioner")
        }
        teams.confirm(asked["team mate"], "east-kent", world.by("team manager"))
    world.things["colleague to confirm"] = {"member_id": asked["practitioner"]}
    draft = referrals.make_draft(area_id, author)
    world.things["referral draft"] = {"draft_id": draft.id, "slug": "name"}
    named = world.people["named"][0].email
    restricted = {"restricted": {"is_restricted": "yes", "named": named}}
    sent = referrals.send(area_id, author)
    world.things["new case"] = {"referral_id": sent.id}
    queried = referrals.send(area_id, author)
    with write():
        referral_actions.query(queried.id, "Which days suit?", caseworker)
    world.things["queried case"] = {"referral_id": queried.id}
    started = referrals.started(referrals.send(area_id, author), caseworker)
    world.things["active case"] = {
        "referral_id": started.id,
        "session_id": _session(started.id, caseworker),
        "person_id": caseworker.person_id,
    }
    hidden = referrals.send(area_id, author, referrals.finished_answers() | restricted)
    hidden = referrals.started(hidden, world.by("service manager"))
    with write():
        assigning.assign(hidden.id, caseworker.person_id, world.by("service manager"))
    world.things["restricted case"] = {
        "referral_id": hidden.id,
        "session_id": _session(hidden.id, caseworker),
        "person_id": caseworker.person_id,
    }
    drafts.add_to(world)
    add_sessions(world)
    sending.add(world)
    plans.add(world)


def _session(referral_id: UUID, caseworker: Acting) -> UUID:
    with write():
        return arrange_session(
            referral_id, clock.now() + timedelta(days=2), Venue(Method.PHONE), caseworker
        ).id


def _add_accounts(world: World) -> None:
    caseworker, provider = world.people["caseworker"]
    now = clock.technical_now()
    with write():
        token = memberships.invite(
            provider, Role.CASEWORKER, "new@example.org", world.by("service manager")
        )
        link = accounts.write_link(world.people["finance"][0])
        new_password = accounts.write_link(world.people["director"][0])
        # No jobs run beside the tests; however long those take, nobody is told so.
        beat_at = now + timedelta(days=1)
        db.session.add(JobLease(id=1, holder="nobody", held_until=now, beat_at=beat_at))
    invented = make_person(Role.FINANCE, provider, is_demonstration=True)
    world.things["invented person"] = {"person": invented.id, "organisation": provider.id}
    world.things["invitation"] = {"token": token}
    world.things["link"] = {"token": link}
    world.things["link for a new password"] = {"token": new_password}
    membership = select(Membership.id).where(Membership.person_id == caseworker.id)
    invitation = select(Invitation.id).where(Invitation.organisation_id == provider.id)
    world.things["provider"] = {
        "organisation_id": provider.id,
        "person_id": caseworker.id,
        "membership_id": db.session.scalars(membership).first(),
        "invitation_id": db.session.scalars(invitation).first(),
    }
    world.things["region"] = {"organisation_id": world.people["director"][1].id}
    # Whoever asks to end a session that is not theirs ends nothing.
    world.things["session of another"] = {"session_id": new_id()}
