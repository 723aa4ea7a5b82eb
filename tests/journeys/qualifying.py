"""A charity that is new here: from the home page to qualified, and to its first bid."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pyotp

from marketplace import clock
from tests.journeys.thread import DIRECTOR, FRAMEWORK, Walk
from tests.journeys.visitors import Visitor
from tests.support.files import png

LOT = "A meeting place in North Yorkshire"


@dataclass(frozen=True)
class Newcomer:
    """An organisation that is not here yet, and whoever registers it."""

    name: str
    person: str
    email: str
    password: str
    charity_number: str
    based_in: str


CHARITY = Newcomer(
    "Lantern Yard",
    "Winifred Ogilvie",
    "winifred@lantern-yard.example",
    "correct lanterns beside the yard",
    "1199999",
    "North Yorkshire",
)
NAME = CHARITY.name
FIRST = "Emotional wellbeing"
FURTHER = ("Family and significant others", "Lifestyle and associates", "Social inclusion")
PLANNED = {
    "answer_field_practice": "No, but we have the people and a plan",
    "answer_field_plan": "Two of us open the room on Fridays too.",
}
WORK = "Soup, a room and an open door for anybody who has been inside."


def register(walk: Walk) -> None:
    """From the home page: the form, the mail's link with its button, and the authenticator."""
    visitor = walk.visitor
    visitor.go("/")
    visitor.follow("Register your organisation")
    visitor.press("Register", name=CHARITY.name, person_name=CHARITY.person, email=CHARITY.email)
    visitor.sees("There is a problem", "Select what kind of organisation it is")
    register_as(visitor, CHARITY)


def register_as(visitor: Visitor, who: Newcomer) -> None:
    """Fill in the form that is shown, prove the address, and set up the authenticator."""
    visitor.press(
        "Register",
        name=who.name,
        person_name=who.person,
        email=who.email,
        legal_form="Charity",
        charity_number=who.charity_number,
        income_band="£10,000 to £100,000",
        based_in=who.based_in,
    )
    visitor.sees("A mail is on its way to you.")
    read_mails(visitor)
    visitor.sees(f"You have registered {who.name}")
    visitor.go(link_in_mails(visitor, "/sign-in/with/"))
    visitor.press("Confirm and sign in", password=who.password)
    visitor.go("/sign-in/second-factor")
    visitor.sees("Set up your authenticator")
    secret = _key_on(visitor)
    visitor.press("Continue", code=pyotp.TOTP(secret).at(clock.technical_now()))
    visitor.sees("recovery")


def read_mails(visitor: Visitor) -> None:
    """Let an hour pass, so that what waits is sent, and open the demonstration's letter box."""
    visitor.go("/demonstration/clock")
    visitor.press("Move the clock", move="One hour")
    visitor.follow("See the mails that were sent")


def link_in_mails(visitor: Visitor, part: str) -> str:
    """The newest mailed address with this in it."""
    links = visitor.page.links().values()
    return next("/" + link.split("/", 3)[3] for link in links if part in link)


def _key_on(visitor: Visitor) -> str:
    keys = [e for e in visitor.page.all("strong") if e.get("class") == "app-key"]
    return "".join("".join(keys[0].itertext()).split())


def apply(walk: Walk) -> None:
    """One category: the task list leads through profile and answers; half may be saved."""
    visitor = walk.visitor
    visitor.go("/")
    visitor.follow("Qualification")
    visitor.follow("Apply for categories")
    visitor.press("Continue", categories=[FIRST])
    application = visitor.page.url
    visitor.follow("Your profile")
    visitor.follow("Change")
    visitor.press("Save", areas=["North Yorkshire"], contact_email="office@lantern-yard.example")
    visitor.sees("The profile is saved.")
    visitor.go(application)
    visitor.follow("About your organisation")
    visitor.press("Save and continue", answer_vetting="Before the first referral")
    visitor.go(application)
    visitor.sees("3 answers to go")
    visitor.follow("About your organisation")
    visitor.press(
        "Save and continue",
        answer_safeguarding=[
            "A safeguarding policy in writing",
            "One person who leads on safeguarding",
            "Training for everybody who meets clients",
        ],
        answer_data_protection="Yes",
        answer_exclusion="No ground applies",
    )
    visitor.press("Save and continue", answer_what_you_do=WORK)


def qualify(walk: Walk) -> None:
    """What is missing is said before submitting; with everything met it is qualified at once."""
    visitor = walk.visitor
    visitor.sees("Check your answers", "You meet 6 of 7.", "Missing:")
    visitor.follow("Do you do this work now?")
    visitor.press("Save and continue", answer_field_practice="Yes")
    visitor.sees("You meet 7 of 7.", "you are qualified as soon as you submit", WORK)
    visitor.press("Submit application")
    visitor.sees("Every check passes. You are qualified.")
    _stands_in_the_register(visitor, FIRST)


def _stands_in_the_register(visitor: Visitor, *categories: str) -> None:
    visitor.go("/qualified")
    visitor.press("Show organisations", name=NAME)
    visitor.follow(NAME)
    visitor.sees(WORK, "office@lantern-yard.example", *categories)


def apply_for_more(walk: Walk) -> None:
    """Three categories more: three answers each; a plan is for a person to judge."""
    visitor = walk.visitor
    visitor.go("/qualification")
    visitor.follow("Apply for categories")
    visitor.press("Continue", categories=list(FURTHER))
    visitor.follow(FURTHER[0])
    visitor.sees("1 answer to go", "2 answers to go")
    visitor.follow("About your organisation")
    visitor.sees(
        "What you answered before is filled in.", "These answers count for all your drafts"
    )
    visitor.press("Save and continue", answer_exclusion="No ground applies")
    for category in FURTHER:
        visitor.go("/qualification")
        visitor.follow(category)
        visitor.follow(f"About your work in: {category}")
        practice = {"answer_field_practice": "We did, in the last three years"}
        visitor.press(
            "Save and continue",
            PLANNED if category == FURTHER[-1] else practice,
            answer_what_you_do=WORK,
        )
        visitor.press("Submit application")
    visitor.sees("The decision is due by", "You will be told by mail.")
    _stands_in_the_register(visitor, FIRST, *FURTHER[:-1])
    visitor.does_not_see(FURTHER[-1])


def decide(walk: Walk) -> None:
    """What is planned is read and decided by the framework manager; the rest was clear."""
    visitor = walk.visitor
    visitor.sign_in(*FRAMEWORK)
    visitor.go("/qualification/queue")
    visitor.follow(NAME)
    visitor.sees(PLANNED["answer_field_plan"])
    visitor.press("Assess this application")
    visitor.press("Record the decision", decision="Qualified")
    _stands_in_the_register(visitor, FIRST, *FURTHER)


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
    visitor.press(
        "Save and continue",
        {"staff-what-1": "A host for three evenings", "staff-pence-1": "20,000"},
        amount="1,900",
    )
    visitor.follow("Document: A drawing or photograph of the rooms")
    visitor.press("Send the file", file=(BytesIO(png()), "our-room.png"))
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


QUALIFYING = (register, apply, qualify, apply_for_more)
