"""Before the journeys of money: a grant that is awarded, and twelve contracts that run.

What other journeys walk on screen is set up here by the product's own actions; whoever acts in
`money_early.py`, `money_monday.py` and `money_shared.py` signs in on screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import PurePath
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from lots.contracts.changes.models import ContractShare
from lots.contracts.models import Contract
from lots.contracts.partners.models import ContractPartner
from lots.vocabulary import PaymentProfile, PriceBasis, Route
from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.organisations.models import IncomeBand, LegalForm, Organisation
from marketplace.payments.paying import banks
from marketplace.payments.paying.models import Payment
from tests.journeys.deciding_scene import pass_to
from tests.journeys.visitors import HttpVisitor, Visitor
from tests.support.bids import decided_competition
from tests.support.client import Client
from tests.support.contracts import make_live_contract
from tests.support.mails import mails_to
from tests.support.partners import add_partner
from tests.support.people import PASSWORD, acting_as, make_organisation, make_person, totp_code
from tests.support.qualification import qualify

# Business time never runs back, so it lies well ahead; the calendar is computed for it.
BEGINNING = datetime(2034, 11, 1, 9, tzinfo=UTC)
MONDAY = date(2035, 1, 8)
GARDEN, OTHER = "Garden Gate", "Maple Row"
HARBOUR, LEAD, PARTNER = "Harbour Trust", "Alder Women’s Centre", "Fern Mentors"
# Pounds a month: eleven of one provider, and one that is shared and above the limit for one person.
FEES = tuple(1_000 + 10 * number for number in range(1, 12))
SHARED_FEE = 10_500
TERM = 36
SHARED_VALUE = SHARED_FEE * TERM * 100
PCC_PERCENT, PARTNER_PERCENT = 30, 20
GRANT_MONTHLY = 1_200
STAFF = {
    "region": (Role.DIRECTOR, Role.CONTRACT_MANAGER),
    "pcc": (Role.COMMISSIONER_LEAD,),
    GARDEN: (Role.TRUSTEE, Role.FINANCE),
    HARBOUR: (Role.FINANCE,),
    LEAD: (Role.FINANCE,),
    PARTNER: (Role.TRUSTEE,),
}

Enter = Callable[[Client], Visitor]


@dataclass
class Money:
    """Who takes part, each with a browser of their own, and what they act on."""

    app: Flask
    enter: Enter
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[tuple[str, Role], Person] = field(default_factory=dict)
    browsers: dict[tuple[str, Role], Visitor] = field(default_factory=dict)
    grant: UUID | None = None
    shared: UUID | None = None

    def as_(self, name: str, role: Role) -> Visitor:
        """The browser of somebody, who signs in on screen with both factors the first time."""
        who = (name, role)
        if who not in self.browsers:
            visitor = self.browsers[who] = self.enter(Client(self.app))
            person = self.people[who]
            visitor.go("/sign-in")
            visitor.press("Sign in", email=person.email, password=PASSWORD)
            visitor.press("Continue", code=totp_code(person))
        self.browsers[who].go("/")
        return self.browsers[who]

    def mails(self, name: str, role: Role) -> list[str]:
        """The names of the mails to somebody, the oldest first."""
        db.session.rollback()
        return [PurePath(mail.template).stem for mail in mails_to(self.people[name, role].email)]

    def contract(self, contract_id: UUID | None) -> Contract:
        """A contract as it stands now."""
        db.session.rollback()
        return db.session.get_one(Contract, contract_id, populate_existing=True)

    def payments(self, name: str) -> list[Payment]:
        """What is or was to be paid to an organisation, as it stands now."""
        db.session.rollback()
        found = select(Payment).where(Payment.payee_id == self.organisations[name].id)
        return list(db.session.scalars(found.order_by(Payment.pence)))


def set_up(app: Flask, enter: Enter = HttpVisitor) -> Money:
    """All that is there on the Thursday before."""
    scene = Money(app, enter)
    with write():
        clock.set_offset(int((BEGINNING - clock.judged_now()).total_seconds()) + 1)
    _people(scene)
    _award_the_grant(scene)
    pass_to(scene, date(2035, 1, 4))
    _contracts(scene)
    return scene


def _people(scene: Money) -> None:
    scene.organisations["region"] = make_organisation(
        OrganisationKind.REGION, region_code="F", name="Probation Service: East Midlands"
    )
    scene.organisations["pcc"] = make_organisation(
        OrganisationKind.PCC, area_code="derbyshire", name="Derbyshire’s commissioner"
    )
    for number, name in enumerate((GARDEN, OTHER, HARBOUR, LEAD, PARTNER), 1):
        scene.organisations[name] = make_organisation(
            name=name,
            legal_form=LegalForm.CHARITY,
            income_band=IncomeBand.TO_10M if name == HARBOUR else IncomeBand.TO_100K,
            is_voluntary=True,
            org_ids=[f"GB-CHC-98000{number:02}"],
        )
        qualify(scene.organisations[name])
    for name, roles in STAFF.items():
        for role in roles:
            organisation = scene.organisations[name]
            scene.people[name, role] = make_person(role, organisation)
    for name in (HARBOUR, LEAD):
        by = acting_as(scene.people[name, Role.FINANCE])
        with write():
            banks.set_details(name, "309430", "00733445", by)


def _award_the_grant(scene: Money) -> None:
    competition = decided_competition(
        route=Route.GRANT,
        title="Gardens behind the women’s centre",
        buyer=scene.organisations["region"],
        bidders=[scene.organisations[name] for name in (GARDEN, OTHER)],
        value_net_pence=45_000_00,
        value_gross_pence=45_000_00,
        payment_profile=PaymentProfile.QUARTERLY_IN_ADVANCE,
        prices=(GRANT_MONTHLY * 100, 1_250_00),
    )
    lot_id = competition.lot.id
    scene.grant = db.session.scalars(select(Contract.id).where(Contract.lot_id == lot_id)).one()


def _contracts(scene: Money) -> None:
    region, pcc = scene.organisations["region"], scene.organisations["pcc"]
    for pounds in FEES:
        _live(scene, HARBOUR, pounds)
    shared = _live(scene, LEAD, SHARED_FEE)
    scene.shared = shared.id
    partner_id = add_partner(shared, scene.organisations[PARTNER], [shared.areas[0].id])
    of_pcc = SHARED_VALUE * PCC_PERCENT // 100
    with write():
        promised = SHARED_VALUE * PARTNER_PERCENT // 100
        one = update(ContractPartner).where(ContractPartner.id == partner_id)
        db.session.execute(one.values(promised_pence=promised))
        for payer, pence in ((region, SHARED_VALUE - of_pcc), (pcc, of_pcc)):
            share = ContractShare(organisation_id=payer.id, pence=pence)
            share.contract_id = shared.id
            db.session.add(share)


def _live(scene: Money, provider: str, pounds: int) -> Contract:
    return make_live_contract(
        scene.organisations[provider],
        buyer=scene.organisations["region"],
        region_code="F",
        area_codes=("derbyshire",),
        price_basis=PriceBasis.MONTHLY_FEE,
        price=pounds * 100,
        term_months=TERM,
    )
