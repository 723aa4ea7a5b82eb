"""A charity that is new here: it registers, proves who it is, qualifies and bids."""

from __future__ import annotations

import pyotp

from marketplace import clock
from tests.journeys.thread import DIRECTOR, FRAMEWORK, Walk
from tests.journeys.visitors import Visitor

LOT = "A meeting place in North Yorkshire"
NAME = "Lantern Yard"
PERSON = "Winifred Ogilvie"
ADDRESS = "winifred@lantern-yard.example"
PASSWORD = "correct lanterns beside the yard"


def register(walk: Walk) -> None:
    """The form, the mail's link with its button, and the authenticator."""
    visitor = walk.visitor
    visitor.go("/sign-in")
    visitor.follow("Register your organisation")
    visitor.press(
        "Register",
        name=NAME,
        legal_form="Charity",
        charity_number="1199999",
        income_band="£10,000 to £100,000",
        is_voluntary="Yes",
        based_in="North Yorkshire",
        person_name=PERSON,
        email=ADDRESS,
    )
    visitor.go("/demonstration/clock")
    visitor.press("Move the clock", move="One hour")
    visitor.follow("See the mails that were sent")
    visitor.sees("You have registered Lantern Yard")
    visitor.go(_link_in(visitor))
    visitor.press("Confirm and sign in", password=PASSWORD)
    visitor.go("/sign-in/second-factor")
    visitor.sees("Set up your authenticator")
    secret = _key_on(visitor)
    visitor.press("Continue", code=pyotp.TOTP(secret).at(clock.technical_now()))
    visitor.sees("recovery")


def _link_in(visitor: Visitor) -> str:
    links = visitor.page.links().values()
    return next("/" + link.split("/", 3)[3] for link in links if "/sign-in/with/" in link)


def _key_on(visitor: Visitor) -> str:
    keys = [e for e in visitor.page.all("strong") if e.get("class") == "app-key"]
    return "".join("".join(keys[0].itertext()).split())


CATEGORIES = (
    "Emotional wellbeing",
    "Family and significant others",
    "Lifestyle and associates",
    "Social inclusion",
)


def apply(walk: Walk) -> None:
    """Four categories: what is asked of the organisation is answered once for all of them."""
    visitor = walk.visitor
    visitor.go("/organisation/profile/change")
    visitor.press("Save", areas=["North Yorkshire"])
    visitor.go("/qualification")
    visitor.follow("Apply for categories")
    visitor.press("Continue", categories=list(CATEGORIES))
    visitor.follow(CATEGORIES[0])
    visitor.follow("About your organisation")
    visitor.sees("These answers count for all your drafts")
    visitor.press(
        "Save and continue",
        answer_safeguarding=True,
        answer_vetting="Before the first referral",
        answer_data_protection="Yes",
        answer_exclusion="No ground applies",
    )
    for number, category in enumerate(CATEGORIES):
        if number:
            visitor.go("/qualification")
            visitor.follow(category)
            visitor.follow("About your work")
        practice = PLANNED if category == CATEGORIES[-1] else {"answer_field_practice": "Yes"}
        visitor.press(
            "Save and continue", practice, answer_what_you_do="Soup, a room and an open door."
        )
        visitor.press("Submit application")
    visitor.sees("The decision is due by")
    visitor.go("/qualification")
    visitor.sees("Submitted", "Confirm it by")


PLANNED = {
    "answer_field_practice": "No, but we have the people and a plan",
    "answer_field_plan": "Two of us open the room on Fridays too.",
}


def decide(walk: Walk) -> None:
    """What is planned is read and decided by the framework manager; the rest was clear."""
    visitor = walk.visitor
    visitor.sign_in(*FRAMEWORK)
    visitor.go("/qualification/queue")
    visitor.follow(NAME)
    visitor.sees("Two of us open the room on Fridays too.")
    visitor.press("Assess this application")
    visitor.press("Record the decision", decision="Qualified")


def bid(walk: Walk) -> None:
    """A bid with its receipt."""
    visitor = walk.visitor
    visitor.go("/opportunities")
    visitor.follow(LOT)
    visitor.press("Start a bid")
    visitor.sees("Your organisation is qualified for this service.")
    visitor.follow("Question 1")
    for _question in range(3):
        visitor.press("Save and continue", text="We open at noon and stay until the last one goes.")
    visitor.press("Save and continue", amount="1,900")
    visitor.follow("Check and submit")
    visitor.press("Submit the bid", {"declarations": True})
    visitor.sees("SHA-256")


def nobody_else_sees_it(walk: Walk) -> None:
    """Neither the buyer's director nor the public learns of it."""
    visitor = walk.visitor
    visitor.sign_in("Stuart Lacey", DIRECTOR[1])
    for page in ("/lots", "/opportunities"):
        visitor.go(page)
        visitor.follow(LOT)
        visitor.does_not_see(NAME)
