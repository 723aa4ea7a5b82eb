"""The contracts on screen: signed, opened, partners paid; an area is lost, and nobody with it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlalchemy import select

from lots.contracts.continuity.models import ContinuityAct
from lots.contracts.models import Contract, ContractArea
from marketplace import clock
from marketplace.database import db, write
from referrals.teams import actions as teams
from tests.journeys.deciding_scene import (
    LINCOLN,
    SECOND,
    SUPPORTED,
    THREE,
    WINNER,
    Scene,
    pass_to,
)
from tests.journeys.thread import typed
from tests.support import referrals
from tests.support.pages import text_of

PROVIDERS = {THREE: SECOND, LINCOLN: WINNER}
ITEMS = {
    "insurance": "Certificate of this year, seen.",
    "data_protection": "Sharing agreement signed in May.",
    "vetting": "All are cleared.",
}
LOST = "lincolnshire"
CASE = re.compile(r"Case \d+")
CLOSED, STAY = SUPPORTED[5], SUPPORTED[6:]
WHY = (
    "The house in Lincoln is sold and no other can be found. The women’s centre there has places, "
    "so that Lincolnshire leaves this contract and nobody is left without support."
)


def sign_the_contracts(scene: Scene) -> None:
    """Both sides sign the text that was drawn up; its hash stands beside the names."""
    for title, name in PROVIDERS.items():
        page = scene.contract(title)
        for who in ("director", name):
            visitor = scene.as_(who)
            visitor.go(f"{page}/sign")
            visitor.press("Sign", name=scene.people[who][0].name, authority=True)
            visitor.sees("You have signed the agreement.")
    director = scene.as_("director")
    director.go(scene.contract(THREE))
    scene.keep("agreement.txt", director, "Download the agreement as text")
    scene.keep("agreement.docx", director, "Download the agreement as a Word document")


def open_for_referrals(scene: Scene) -> None:
    """Every point of the list is confirmed, every area has its places, and the day has come."""
    for title, name in PROVIDERS.items():
        page, manager = scene.contract(title), scene.as_(f"service_manager of {name}")
        for area in _areas(scene, title):
            manager.go(f"/contracts/areas/{area.id}/places")
            manager.press("Save", places=str(area.contracted_places))
        for kind in ("insurance", "data_protection"):
            manager.go(f"{page}/confirm/{kind}")
            manager.press("Confirm", evidence=ITEMS[kind])
    pass_to(scene, _contract(scene, THREE).starts_on)
    for title in PROVIDERS:
        buyer = scene.as_("manager")
        buyer.go(f"{scene.contract(title)}/confirm/vetting")
        buyer.press("Confirm", evidence=ITEMS["vetting"])
        buyer.press("Open for referrals")
        buyer.sees("The contract is live. Its services take people now.")


def pay_a_partner(scene: Scene) -> None:
    """The lead states what it paid, the partner confirms; only then it counts, for everybody."""
    start = _contract(scene, THREE).starts_on
    pass_to(scene, date(start.year, start.month, 1) + timedelta(days=40))
    lead = scene.as_(SECOND)
    for partner in scene.size.partners:
        lead.go(f"{scene.contract(THREE)}/partners")
        lead.follow(f"State a payment to {partner}")
        months = lead.page.form("State the payment").choices("month") or set()
        paid = typed("paid_on", clock.today())
        lead.press("State the payment", paid, month=max(months), amount="800")
    for partner in scene.size.partners[:2]:
        visitor = scene.as_(partner)
        visitor.go("/contracts")
        visitor.follow(_contract(scene, THREE).reference)
        buttons = visitor.page.buttons()
        visitor.press(next(each for each in buttons if each.startswith("Yes, we were paid this")))
    scene.public().go(scene.contract(THREE).replace("/contracts/", "/published-contracts/"))
    scene.public().sees("£800", "£30,000")


def open_cases(scene: Scene) -> None:
    """Women are supported in Lincolnshire; their practitioners sent them there."""
    (area_id,) = (each.id for each in _areas(scene, THREE) if each.area_code == LOST)
    practitioner, worker = scene.by("practitioner"), scene.by(f"caseworker of {SECOND}")
    with write():
        teams.choose("east-and-west-lincolnshire", practitioner)
    for number, name in enumerate(scene.size.supported):
        answers = referrals.finished_answers(area={"area": LOST}, name={"name": name})
        sent = referrals.send(area_id, practitioner, answers)
        if number % 3:
            referrals.started(sent, worker)


def agree_that_an_area_leaves(scene: Scene) -> None:
    """Proposed by the buyer; signed by both sides and by the funder; notice comes by itself."""
    manager = scene.as_("manager")
    manager.go(f"{scene.contract(THREE)}/changes/new/areas")
    day = clock.today() + timedelta(days=60)
    manager.press(
        "Propose the change", typed("effective_on", day), left=["Lincolnshire"], reason=WHY
    )
    change = manager.page.url.rstrip("?")
    for who in ("director", "pcc", SECOND):
        visitor = scene.as_(who)
        visitor.go(change)
        visitor.follow("Read and sign")
        visitor.press("Sign", name=scene.people[who][0].name, authority=True)
    manager.go(change)
    manager.sees("Signed, in force on its day")
    scene.keep("change.txt", manager, "Download the change as text")
    scene.keep("change.docx", manager, "Download the change as a Word document")
    manager.go(_act())
    cases = len(scene.size.supported)
    manager.sees(f"It cannot take effect while {cases} cases have no decision.")


def decide_on_every_case(scene: Scene) -> None:
    """Their practitioner is told at once: some move next door, one is closed, some stay."""
    visitor = scene.as_("practitioner")
    visitor.go("/")
    cases = len(scene.size.supported)
    visitor.follow(f"Decide on {cases} cases")
    where = str(_areas(scene, LINCOLN)[0].id)
    for name in scene.size.supported:
        choice = {"choice": "It stays here" if name in STAY else where}
        if name == CLOSED:
            choice = {"choice": "Close it now", "reason": "service_closes"}
        visitor.go("/my-cases/decisions")
        visitor.follow(name)
        visitor.press("Decide", choice)
        visitor.sees("Decided:")
    manager = scene.as_("manager")
    manager.go(_act())
    manager.sees(f"{cases} of {cases} cases are decided.")


def the_area_leaves(scene: Scene) -> None:
    """On its day, nobody having been left without support."""
    pass_to(scene, clock.today() + timedelta(days=70))
    manager = scene.as_("manager")
    manager.go(_act())
    manager.sees("In effect since")
    shown = [text_of(each) for each in manager.page.all("h1", "h2", "p", "dt", "dd", "tr")]
    # Which case has which number is drawn by lot.
    cases = sorted(CASE.sub("Case", each) for each in shown if CASE.match(each))
    lines = [each for each in shown if not CASE.match(each)] + cases
    scene.documents["continuity-act.txt"] = "\n".join([*lines, ""]).encode()
    (area,) = (each for each in _areas(scene, THREE) if each.area_code == LOST)
    assert area.ends_on < _contract(scene, THREE).ends_on
    public = scene.public()
    public.go(scene.contract(THREE).replace("/contracts/", "/published-contracts/"))
    public.sees(WHY)


def _act() -> str:
    # What was read before is of its moment; a new transaction sees the notice.
    db.session.remove()
    act = db.session.scalars(select(ContinuityAct)).one()
    return f"/contracts/continuity/{act.id}"


def _contract(scene: Scene, title: str) -> Contract:
    return db.session.scalars(select(Contract).where(Contract.lot_id == scene.lots[title])).one()


def _areas(scene: Scene, title: str) -> list[ContractArea]:
    return list(_contract(scene, title).areas)


STEPS = (
    sign_the_contracts,
    open_for_referrals,
    pay_a_partner,
    open_cases,
    agree_that_an_area_leaves,
    decide_on_every_case,
    the_area_leaves,
)
