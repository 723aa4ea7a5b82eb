"""A small charity bids: qualified on the way, with colleagues and a partner, sealed, then opened.

What its partners do, and the order of all steps, stand in `partnering.py`; both walk one `Story`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

import docx

from tests.journeys.thread import DIRECTOR, FRAMEWORK, OFFICER, Walk
from tests.journeys.thread import open_bids as open_together
from tests.journeys.visitors import Visitor
from tests.support.files import PDF

LOT = "Llety: homes in North Wales"
BIDDER = "Peer Steps (demonstration)"
MANAGER = ("Kayleigh Moss", "Bid manager")
TRUSTEE = ("Ade Balogun", "Trustee sign-off")
STRANGER = ("Rupert Hale", "Bid manager")

FIRST_WORDS = "A worker stands at the gate with a key, and stays for the first forty days."
BETTER_WORDS = "A worker stands at the gate with a key, and stays for the first fifty days."
TRUSTEES_WORDS = "The harbour café keeps two tables for us and knows every landlord in Bangor."
LAST_WORDS = "She calls our safeguarding lead before she leaves the building."
COMMENT = "Shall we name the café? It is glad to be named."
INSTEAD = "Two of us sit the level 3 examination in spring; an adviser of the council reads along."
LICENCE = "our-rent-smart-licence.pdf"
EXPLANATION = "The council lends us the office, so that this price needs no rent."
# The lot pays in several ways; bidders give one price, for its whole term.
PRICE = "140,400"
COSTS = {
    "staff-what-1": "Two housing workers",
    "staff-pence-1": "92,000",
    "overheads-what-1": "Insurance and supervision",
    "overheads-pence-1": "11,000",
}
# What nobody outside may come across before the opening.
SEALED = (FIRST_WORDS, BETTER_WORDS, TRUSTEES_WORDS, COMMENT, INSTEAD, LICENCE, EXPLANATION)


@dataclass
class Story:
    """The bidder's browser, which others borrow, and that of the partner; the addresses met."""

    lead: Walk
    partner: Walk
    lot: str = ""
    bid: str = ""
    part: str = ""


def start_from_the_public_page(story: Story) -> None:
    """Read without an account, sign in to bid, and see what the bid needs."""
    visitor = story.lead.visitor
    visitor.go("/opportunities")
    visitor.follow(LOT)
    story.lot = visitor.page.url.rstrip("?")
    closes = re.search(r"Bids close (\d+ \w+ \d{4})", visitor.page.text)
    assert closes, visitor.page.text
    story.lead.closing = datetime.strptime(closes[1], "%d %B %Y").date()
    visitor.follow("Sign in to bid")
    visitor.press(", ".join(MANAGER))
    visitor.sees("You need not be qualified yet")
    visitor.press("Start a bid")
    story.bid = visitor.page.url.rstrip("?")
    visitor.sees(
        "1 of 9 done.",
        "Your organisation has not applied to qualify for Accommodation.",
        "Question 3 is not answered.",
        "The certificate “Rent Smart Wales licence” is missing.",
        "The price is missing.",
    )


def apply_on_the_way(story: Story) -> None:
    """Qualifying is a step of the bid; what a person must judge does not hold the bid up."""
    visitor = story.lead.visitor
    visitor.follow("Qualification: Accommodation")
    visitor.press("Continue")
    application = visitor.page.url
    visitor.follow("About your organisation")
    visitor.press("Save and continue", answer_exclusion="No ground applies")
    visitor.go(application)
    visitor.follow("About your work in: Accommodation")
    visitor.press(
        "Save and continue",
        answer_field_practice="No, but we have the people and a plan",
        answer_field_plan="Two of us have let rooms for a housing association.",
        answer_what_you_do="Rooms, deposits, and somebody at the door.",
    )
    visitor.press("Submit application")
    visitor.go(story.bid)
    visitor.sees("You can submit your bid meanwhile; it counts if the decision is yes.")


def share_the_work(story: Story) -> None:
    """One answer is given to the trustee, who is told, writes it, and leaves a comment."""
    visitor = story.lead.visitor
    visitor.follow("Choose who does what")
    visitor.press("Save", {visitor.name_of("Question 2"): TRUSTEE[0]})
    visitor.sees("Saved. Whoever was given something new gets a mail.")
    visitor.sees(f"For {TRUSTEE[0]}", f"Question 2 is not answered. ({TRUSTEE[0]})")
    visitor.sign_in(*TRUSTEE)
    visitor.go("/")
    visitor.follow(f"You are asked to write 1 part of the bid for “{LOT}”")
    visitor.follow("Question 2")
    visitor.sees(f"This answer is given to {TRUSTEE[0]}.")
    visitor.press("Save and add the comment", text=TRUSTEES_WORDS, comment=COMMENT)
    visitor.sees("1 comment", COMMENT)
    visitor.sign_in(*MANAGER)
    visitor.go(story.bid)
    visitor.sees("1 comment")


def answer_the_rest(story: Story) -> None:
    """Two answers, a certificate as a file, and words instead of the other one."""
    visitor = story.lead.visitor
    visitor.follow("Question 1")
    visitor.press("Save and go back to the list", text=FIRST_WORDS)
    visitor.follow("Question 3")
    visitor.press("Save and go back to the list", text=LAST_WORDS)
    visitor.follow("Certificate: Rent Smart Wales licence")
    visitor.press("Send the file", file=(BytesIO(PDF), LICENCE))
    visitor.sees("The file is saved with your bid.", LICENCE)
    visitor.follow("Certificate: Trained housing adviser (level 3)")
    visitor.press("Save and continue", words=INSTEAD)
    visitor.sees("Said in words")


def price_it(story: Story) -> None:
    """The price with its costs; one that is abnormally low must be explained, and is not lost."""
    visitor = story.lead.visitor
    visitor.go(story.bid)
    visitor.follow("Price")
    visitor.press("Save and continue", COSTS, amount=PRICE)
    visitor.sees("below the value of the lot. Explain how you can deliver the service for it.")
    visitor.press("Save and continue", explanation=EXPLANATION)
    visitor.sees(f"£{PRICE} in all")


def submit_at_first(story: Story) -> None:
    """While the application is still being decided; with the hours that it took."""
    _submit(story, 1, hours="14")


def submit_once_more(story: Story) -> None:
    """With the partner that stays."""
    _submit(story, 3)


def _submit(story: Story, version: int, **hours: str) -> None:
    """Check everything, confirm each statement, submit; the receipt can be recomputed."""
    visitor = story.lead.visitor
    visitor.go(story.bid)
    visitor.follow("Check and submit")
    visitor.sees("This is what will be sealed:", TRUSTEES_WORDS, LICENCE, EXPLANATION)
    visitor.press("Submit the bid")
    visitor.sees("Confirm all of the statements.")
    visitor.press("Submit the bid", {"declarations": True}, **hours)
    visitor.sees("Your bid is submitted", f"Version {version} counts: the last one submitted.")
    _recompute(visitor, version)


def _recompute(visitor: Visitor, version: int) -> None:
    content = visitor.download(f"Download the bid, version {version}")
    price = visitor.download(f"Download the price part, version {version}")
    whole, part = (hashlib.sha256(each).hexdigest() for each in (content, price))
    visitor.sees(whole, part)
    assert json.loads(content)["price_sha256"] == part


def the_plan_is_judged(story: Story) -> None:
    """The framework manager decides on the application while the bid already lies sealed."""
    visitor = story.lead.visitor
    visitor.sign_in(*FRAMEWORK)
    visitor.go("/qualification/queue")
    visitor.follow(BIDDER)
    visitor.sees("Accommodation")
    visitor.press("Assess this application")
    visitor.press("Record the decision", decision="Qualified")
    visitor.sign_in(*MANAGER)
    visitor.go(story.bid)
    visitor.sees("Your organisation is qualified for this service.")


def improve_the_answer(story: Story) -> None:
    """The submitted version counts until the better one replaces it; both can be taken home."""
    visitor = story.lead.visitor
    visitor.follow("Question 1")
    visitor.press("Save and go back to the list", text=BETTER_WORDS)
    visitor.sees("Changes not submitted", "Version 1 is submitted and counts.")
    document = docx.Document(BytesIO(visitor.download("Download the bid as a Word document")))
    lines = [each.text for each in document.paragraphs]
    assert lines.index(BETTER_WORDS) < lines.index(TRUSTEES_WORDS) < lines.index(LAST_WORDS)
    _submit(story, 2)
    visitor.sees("Version 1", "Version 2")


def others_see_nothing(story: Story) -> None:
    """A bidder's rival and the buyer's own people look round while the bid is sealed."""
    visitor = story.lead.visitor
    for person in (STRANGER, OFFICER, DIRECTOR):
        visitor.sign_in(*person)
        for page in _pages_in_reach(visitor, story.lot):
            visitor.go(page)
            visitor.does_not_see(*SEALED, PRICE)
            if LOT in visitor.page.text:
                visitor.does_not_see(BIDDER)


def _pages_in_reach(visitor: Visitor, lot: str) -> list[str]:
    """The lot's public page, all of the navigation, and whatever page of the lot these lead to."""
    about_lot = re.compile(rf"/[\w-]+/{lot.rsplit('/', 1)[1]}(/[\w-]+)?")
    visitor.go(lot)
    navigation = [to for to in visitor.page.links().values() if re.fullmatch(r"/[\w-]*", to)]
    found: dict[str, None] = {}
    for page in (lot, *navigation):
        visitor.go(page)
        links = visitor.page.links().values()
        found |= dict.fromkeys((page, *(to for to in links if about_lot.fullmatch(to))))
    return list(found)


def open_the_bids(story: Story) -> None:
    """After the closing two people open; who runs the evaluation reads all of it but the price."""
    story.lead.pass_to(story.lead.closing + timedelta(days=1))
    visitor = story.lead.visitor
    open_together(visitor, LOT)
    visitor.sees(BIDDER)
    visitor.follow(BIDDER)
    visitor.sees(BETTER_WORDS, TRUSTEES_WORDS, LAST_WORDS, INSTEAD, LICENCE)
    assert visitor.download(LICENCE) == PDF
    visitor.sees("Price Sealed until the scores are agreed")
    visitor.does_not_see(FIRST_WORDS, COMMENT, PRICE, EXPLANATION, "£92,000")
