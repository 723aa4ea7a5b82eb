"""Bids full of marker words, with a partner, files and comments, in the world of the rules."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bids.attachments import actions as attaching
from bids.library import actions as taking_over
from bids.library import queries as library
from bids.models import BidVersion
from bids.partners import actions as partnering
from bids.partners import answering as partners
from bids.partners.models import BidPartner
from bids.partners.parts import DECLARATIONS as OF_PARTNERS
from bids.partners.parts import Part, code_of
from bids.price import actions as pricing
from bids.price.arithmetic import Costs, Line
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from bids.writing import actions as answering
from bids.writing import comments, sharing
from lots.models import Lot
from lots.vocabulary import Demand
from marketplace.accounts import sessions
from marketplace.accounts.models import Person
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from marketplace.files import inspect
from marketplace.organisations.models import Organisation
from marketplace.outbox.models import OutboxMessage
from tests.support.bids import bid_as_stored, bidder, fill_in, qualify, seen_of
from tests.support.files import PDF
from tests.support.lots import make_open_lot, whole_lot
from tests.support.people import acting_as, make_organisation, make_person
from tests.support.world import AREAS, World

ANSWER = "Zwetschgendatschi"
COMMENT = "Reineclaudenkompott"
COST_LABEL = "Holunderkuechle"
EXPLANATION = "Schlehenlikoer"
WORDS = "Hagebuttenmark"
FILE_NAME = "Brombeergelee"
FILE_CONTENT = b"Preiselbeerquark"
ROLE_OF_PARTNER = "Sanddornsaft"
INVITED_NAME = "Vogelbeermus"
INVITED_EMAIL = "kornelkirsche@example.org"
PRICE = 7_654_321_09
COST = 276_123_987_54
SHARE = 98_761_234_56

CONTENT: dict[str, str | UUID] = {
    "an answer": ANSWER,
    "a comment": COMMENT,
    "a cost's label": COST_LABEL,
    "the explanation of the price": EXPLANATION,
    "words about a demand": WORDS,
    "a file's name": FILE_NAME,
    "a file's content": FILE_CONTENT.decode(),
    "a partner's role": ROLE_OF_PARTNER,
    "an invited organisation's name": INVITED_NAME,
    "an invitation's address": INVITED_EMAIL,
    "the price": str(PRICE),
    "the price as shown": "7,654,321.09",
    "a cost": str(COST),
    "a cost as shown": "276,123,987.54",
    "a share": str(SHARE),
    "a share as shown": "98,761,234.56",
}
OF_PRICE = {
    "a cost's label",
    "the explanation of the price",
    "the price",
    "the price as shown",
    "a cost",
    "a cost as shown",
    "a share",
    "a share as shown",
}


@dataclass
class Canary:
    """The sealed bids, and everybody and everything that must not be tied to their lots."""

    world: World
    lot: Lot
    other_lot: Lot
    organisation: Organisation
    manager: Person
    colleague: Person
    partner: Organisation
    partners_person: Person
    cousin: Person
    ids: dict[str, Any] = field(default_factory=dict)
    bids: dict[str, UUID] = field(default_factory=dict)
    cousins_bid: UUID | None = None

    @property
    def insiders(self) -> dict[str, Person]:
        """Whoever may see the bid, or the partner's part of it."""
        return {
            "canary manager": self.manager,
            "canary colleague": self.colleague,
            "canary partner": self.partners_person,
        }

    def identities(self) -> dict[str, str | UUID]:
        """Names, addresses and ids of bidder and partner."""
        known: dict[str, str | UUID] = {}
        for organisation in (self.organisation, self.partner):
            known[f"the name {organisation.name}"] = organisation.name
            known[f"the id of {organisation.name}"] = organisation.id
            known[f"the contact of {organisation.name}"] = str(organisation.contact_email)
        for person in self.insiders.values():
            known[f"the name of {person.name}"] = person.name
            known[f"the id of {person.name}"] = person.id
            known[f"the address of {person.name}"] = person.email
        return known


def prepare(world: World) -> Canary:
    """Two open lots, the bidder and its partner, before anybody has begun a bid."""
    region = world.people["director"][1]
    demands = [
        (Demand.DOCUMENT, "Your safeguarding policy", None, False),
        (Demand.CERTIFICATE, "A quality mark", None, True),
    ]
    facts = {
        "buyer": region,
        "areas": AREAS,
        "value_net_pence": 280_000_000_00,
        "value_gross_pence": 336_000_000_00,
    }
    lot = make_open_lot(demands=demands, **facts)
    other_lot = make_open_lot(title="A meeting place by the sea", **facts)
    organisation = make_organisation(name="Quittenmus Trust", contact_email="quitte@example.org")
    partner = make_organisation(name="Mirabellengeist CIC", contact_email="mirabelle@example.org")
    for each in (organisation, partner):
        qualify(each)
    canary = Canary(
        world,
        lot,
        other_lot,
        organisation,
        make_person(
            Role.BID_MANAGER, organisation, name="Zenobia Weichsel", email="weichsel@example.org"
        ),
        make_person(
            Role.BID_MANAGER, organisation, name="Xaver Traubenkirsch", email="xaver@example.org"
        ),
        partner,
        make_person(
            Role.BID_MANAGER, partner, name="Yolanda Berberitz", email="berberitz@example.org"
        ),
        bidder()[1],
    )
    for name, person in canary.insiders.items():
        of = partner if person is canary.partners_person else organisation
        world.people[name] = (person, of)
        with write():
            world.tokens[name] = sessions.begin(person, of.id, second_factor=True, how="test")
    canary.ids = {"lot_id": lot.id, "question_id": lot.questions[0].id, "number": 1}
    return canary


def bid(canary: Canary) -> None:
    """Write, share, comment, attach, find partners, submit, withdraw and submit again."""
    by, colleague = acting_as(canary.manager), acting_as(canary.colleague)
    lot = whole_lot(canary.lot.id)
    bid_id = _written(lot, by)
    with write():
        comments.add_comment(bid_id, lot.questions[0].id, f"{COMMENT}, do you think?", colleague)
    with write():
        part = next(iter(sharing.parts_of(bid_as_stored(bid_id))))
        sharing.give(bid_id, {part: str(canary.colleague.id)}, {}, by)
    _attach(canary, lot, bid_id)
    _find_partner(canary, lot, bid_id)
    _submit(bid_id, by)
    with write():
        submitting.withdraw_bid(bid_id, by)
    _submit(bid_id, by)
    # In the other lot the same organisation has only begun, and waits for a partner's answer.
    other_lot = whole_lot(canary.other_lot.id)
    other = _written(other_lot, by)
    with write():
        earlier = library.answered(by, leave_out=other)[0]
        taking_over.take_over(other, other_lot.questions[0].id, earlier.key, 1, by)
    proposal = Part(ROLE_OF_PARTNER, (code_of(canary.other_lot.areas[0]),), SHARE)
    with write():
        partnering.invite_address(other, INVITED_NAME, INVITED_EMAIL, proposal, by)
    canary.bids = {"lot": bid_id, "other lot": other}
    # Another organisation's bid, to tell what any two bids share.
    cousin = acting_as(canary.cousin)
    canary.cousins_bid = fill_in(whole_lot(canary.other_lot.id), cousin)
    _submit(canary.cousins_bid, cousin)
    version = db.session.scalars(select(BidVersion).where(BidVersion.bid_id == bid_id)).first()
    assert version is not None
    canary.ids |= {"bid_id": bid_id, "version_id": version.id}


def _written(lot: Lot, by: Acting) -> UUID:
    with write():
        bid_id = answering.start_bid(lot.id, by).id
    for question in lot.questions:
        with write():
            answering.save_answer(bid_id, question.id, f"{ANSWER} {question.position}", 0, by)
    costs = Costs(
        staff=(Line(COST_LABEL, COST),), other=(Line("Rent", 1),), explanation=EXPLANATION
    )
    with write():
        pricing.save_price(bid_id, PRICE, 0, by)
    with write():
        pricing.save_costs(bid_id, costs, 0, by)
    return bid_id


def _attach(canary: Canary, lot: Lot, bid_id: UUID) -> None:
    by = acting_as(canary.manager)
    document, certificate = lot.demands
    with write():
        upload = inspect(f"{FILE_NAME}.pdf", PDF + FILE_CONTENT)
        sent = attaching.add_file(bid_id, document.id, upload, by)
        db.session.flush()
        canary.ids |= {"demand_id": document.id, "sent_id": sent.id, "file_id": sent.file_id}
    with write():
        attaching.save_words(bid_id, certificate.id, WORDS, 0, by)


def _find_partner(canary: Canary, lot: Lot, bid_id: UUID) -> None:
    by, partner = acting_as(canary.manager), acting_as(canary.partners_person)
    areas = (code_of(lot.areas[0]),)
    with write():
        invited = partnering.invite_address(
            bid_id, INVITED_NAME, INVITED_EMAIL, Part(ROLE_OF_PARTNER, areas, SHARE), by
        )
        canary.ids["partner_id"] = invited.id
    found = select(OutboxMessage).where(
        OutboxMessage.subject_id == canary.ids["partner_id"],
        OutboxMessage.template.endswith("mail/invited.txt"),
    )
    token = json.loads(db.session.scalars(found).one().facts or "")["token"]
    with write():
        partners.take_up_with(token, partner)
    part = Part(ROLE_OF_PARTNER, areas, SHARE, tuple(OF_PARTNERS))
    with write():
        seen = db.session.get_one(BidPartner, invited.id).edition
        partners.confirm(invited.id, part, seen, partner)


def _submit(bid_id: UUID, by: Acting) -> None:
    with write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by, hours=37)
