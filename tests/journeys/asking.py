"""A bidder asks about an open lot; the buyer answers everybody, and nobody learns who asked."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.thread import AUDITOR, Walk
from tests.journeys.visitors import Visitor

LOT = "A meeting place in North Yorkshire"
BIDDER = ("Edith Camara", "Bid manager")
ORGANISATION = "Oak & Anchor Trust"
OTHER_BIDDER = ("Maggie O’Dowd", "Bid manager")
OFFICER = ("Beth Ogden", "Commissioning officer")
DIRECTOR = ("Stuart Lacey", "Regional Probation Director")
QUESTION = "Is rent for a room in Whitby part of the grant, or do we bring the room?"
ANSWER = "Rent is part of the grant. Say in your bid what you expect it to be."


def ask(walk: Walk) -> None:
    """A bidder asks, and is told how it goes on."""
    visitor = walk.visitor
    visitor.sign_in(*BIDDER)
    visitor.go("/opportunities")
    visitor.follow(LOT)
    visitor.follow("Ask a question")
    visitor.sees("Nobody at the buyer sees who asked.")
    visitor.press("Ask the question")
    visitor.sees("Write your question")
    visitor.press("Ask the question", question=QUESTION)
    visitor.sees("Your question is with the buyer.", "What your organisation has asked", QUESTION)


def a_day_passes(walk: Walk) -> None:
    """On the day itself nobody but the asker is shown the question: its hour would tell."""
    walk.visitor.sign_in(*OFFICER)
    walk.visitor.go("/lots")
    walk.visitor.follow(LOT)
    walk.visitor.does_not_see(QUESTION)
    walk.pass_to(walk.today + timedelta(days=1))


def answer(walk: Walk) -> None:
    """The officer keeps a first answer, then publishes; no page on the way says who asked."""
    visitor = walk.visitor
    visitor.sign_in(*OFFICER)
    _says_nothing_of_the_asker(visitor, "/")
    visitor.go("/lots")
    visitor.follow(LOT)
    _says_nothing_of_the_asker(visitor, visitor.page.url)
    visitor.follow("Questions from bidders")
    visitor.sees(QUESTION)
    _says_nothing_of_the_asker(visitor, visitor.page.url)
    visitor.follow(f"Answer: {QUESTION[:40]}")
    visitor.press("Keep and go on later", answer="Rent is part of the grant.")
    visitor.sees("Your answer is kept.")
    visitor.follow("Go on with the answer")
    _says_nothing_of_the_asker(visitor, visitor.page.url)
    visitor.press("Publish to everybody", answer=ANSWER)
    visitor.sees("Question and answer are published.")
    visitor.sign_in(*DIRECTOR)
    visitor.go("/lots")
    visitor.follow(LOT)
    visitor.follow("Questions from bidders")
    visitor.sees(QUESTION, ANSWER)
    _says_nothing_of_the_asker(visitor, visitor.page.url)


def read(walk: Walk) -> None:
    """The bidder, another bidder and somebody without an account read the same."""
    visitor = walk.visitor
    visitor.sign_in(*BIDDER)
    _reads_the_answer(visitor)
    visitor.follow("Ask a question")
    visitor.sees("What your organisation has asked", ANSWER)
    visitor.sign_in(*OTHER_BIDDER)
    _reads_the_answer(visitor)
    _says_nothing_of_the_asker(visitor, visitor.page.url)
    visitor.press("Sign out")
    _reads_the_answer(visitor)
    _says_nothing_of_the_asker(visitor, visitor.page.url)


def only_the_auditor_finds_out(walk: Walk) -> None:
    """The framework team's auditor can see who asked, and that is recorded."""
    visitor = walk.visitor
    visitor.go("/opportunities")
    visitor.follow(LOT)
    lot = visitor.page.url.rsplit("/", 1)[1].rstrip("?")
    visitor.sign_in(*AUDITOR)
    visitor.go(f"/lots/{lot}/questions-asked")
    visitor.follow(f"See who asked (recorded): {QUESTION[:40]}")
    visitor.sees("That you have read this is on record.", ORGANISATION, BIDDER[0])


def _reads_the_answer(visitor: Visitor) -> None:
    visitor.go("/opportunities")
    visitor.follow(LOT)
    visitor.sees("Questions from bidders, and the buyer’s answers", QUESTION, ANSWER)


def _says_nothing_of_the_asker(visitor: Visitor, page: str) -> None:
    visitor.go(page)
    visitor.does_not_see(ORGANISATION, BIDDER[0])


ASKING = (ask, a_day_passes, answer, read, only_the_auditor_finds_out)
