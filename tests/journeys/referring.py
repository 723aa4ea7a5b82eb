"""Two practitioners: one in the community, one in prison; and what comes back to them.

Each function is a step; they share one walk, so that each goes on with the cases before it.
"""

from __future__ import annotations

from datetime import date, timedelta

from tests.journeys.answering import USUAL, answer, dates
from tests.journeys.thread import Walk, typed
from tests.journeys.visitors import FIRST, Values

PRACTITIONER = ("Daniel Fairweather", "Probation practitioner")
IN_PRISON = ("Keith Vaughan", "Prison offender manager")
CASEWORKER = ("Dev Solanki", "Caseworker")
MANAGER = ("Hannah Sykes", "Service manager")
PERSON, PRISONER = "Mari O’Nevison", "Bob Tranter"
HOMES, WOMEN = "Accommodation, Northumbria", "Women's services, Northumbria"
ADD = "Add Women's services, Women Rising Together (demonstration)"
QUESTION, REPLY = "Does she want to stay in Byker?", "Yes, Byker or Heaton."
NOTE = "Her sister is away from Monday; please ring before noon."
FRIDAY = 4


def find_and_compare(walk: Walk) -> None:
    """By need and area; then, with a draft begun, what fits its person, two beside each other."""
    visitor = walk.visitor
    visitor.sign_in(*PRACTITIONER)
    visitor.go("/services")
    visitor.press("Show services", need="Accommodation", area="Northumbria")
    visitor.follow(HOMES)
    visitor.press("Begin a referral")
    walk.draft = visitor.page.url.split("?")[0]
    visitor.follow("CRN or prison number")
    begun = USUAL | {
        "crn": {"crn": "X777124"},
        "name": {"name": PERSON},
        "area": {"area": "Northumbria"},
    }
    answer(visitor, begun, until="practitioner")
    visitor.go("/services")
    visitor.press("Show services", area="Northumbria", draft=PERSON)
    visitor.sees(f"Checked against the referral you have begun for {PERSON}.")
    visitor.sees("Fits this person as far as the draft says.", "Median wait in the last 90 days")
    visitor.press("Compare what is ticked", service=[f"Compare {HOMES}", f"Compare {WOMEN}"])
    visitor.sees("This person", "Free places", "Second Street Homes", "Women Rising Together")


def send_to_two_services(walk: Walk) -> None:
    """The person is described once; each service asks for its own and gives a place."""
    visitor = walk.visitor
    visitor.go(walk.draft)
    visitor.follow("Refer to another service as well")
    visitor.press(ADD)
    visitor.go(walk.draft)
    visitor.follow("Your details")
    answer(visitor, USUAL | dates(walk.today))
    visitor.sees(PERSON, "One referral is made for each service")
    visitor.press("Send the referrals")
    visitor.sees("A place is kept for the person.", "within two working days")
    cases = [to for text, to in visitor.page.links().items() if text.startswith("Open the case")]
    assert len(cases) == 2, "one for each service"
    walk.case, walk.other_case = cases


def ask_and_reply(walk: Walk) -> None:
    """The caseworker asks; the question waits on the practitioner's front page for its reply."""
    visitor = walk.visitor
    visitor.sign_in(*CASEWORKER)
    visitor.go(walk.case)
    visitor.follow("Ask a question")
    visitor.press("Send the question", text=QUESTION)
    visitor.sign_in(*PRACTITIONER)
    visitor.go("/")
    visitor.follow("2 questions from providers")
    visitor.follow(PERSON)
    visitor.sees(QUESTION)
    visitor.follow("Reply")
    visitor.press("Send the reply", text=REPLY)
    visitor.sees("Answer the referral", REPLY)


def amend_and_note(walk: Walk) -> None:
    """What has changed is said with a reason, old and new value; what is urgent is acknowledged."""
    visitor = walk.visitor
    visitor.go(walk.case)
    visitor.follow("Change the referral")
    visitor.follow("Contact details")
    visitor.press("Save the change", phone="07700 900999", why="She has a new number.")
    visitor.sees("It is changed. The provider is told.", "07700 900778", "07700 900999")
    visitor.go(walk.case)
    visitor.follow("Add a note")
    visitor.press("Add the note", text=NOTE, tells="Urgent")
    visitor.sees("Not acknowledged by the other side yet.")
    visitor.sign_in(*CASEWORKER)
    visitor.go(f"{walk.case}/notes")
    visitor.press(next(each for each in visitor.page.buttons() if "I have read this" in each))
    visitor.sign_in(*PRACTITIONER)
    visitor.go(f"{walk.case}/notes")
    visitor.sees(NOTE, f"Acknowledged by {CASEWORKER[0]}")


def refer_from_prison(walk: Walk) -> None:
    """Nobody is allocated, the release is a Friday without an address: too early for a place."""
    visitor = walk.visitor
    visitor.sign_in(*IN_PRISON)
    visitor.go("/services")
    visitor.press("Show services", need="Accommodation", area="Northumbria")
    visitor.follow(HOMES)
    visitor.press("Begin a referral")
    visitor.follow("CRN or prison number")
    answer(visitor, USUAL | dates(walk.today) | _of_prisoner(walk.today))
    visitor.press("Send the referral")
    visitor.sees("Referral sent")
    visitor.follow("Open the case")
    walk.other_case = visitor.page.url.split("?")[0]
    visitor.sees("On the waiting list", "with an earlier release date")
    visitor.sees(
        "In prison: a place is given on", "You need do nothing: a place is given by itself."
    )


def hand_to_the_community(walk: Walk) -> None:
    """The practitioner in the community takes the case; its Friday stands out in their list."""
    visitor = walk.visitor
    visitor.follow("Hand over")
    visitor.press("Continue", email="daniel.fairweather@north-east.example")
    visitor.sees(PRACTITIONER[0], "Your organisation will not see the cases any more.")
    visitor.press("Hand over")
    visitor.sign_in(*PRACTITIONER)
    visitor.go("/my-cases?show=waiting")
    visitor.sees(PRISONER, "Friday", "No address")
    visitor.follow(PRISONER)
    visitor.sees("On the waiting list")


def _of_prisoner(today: date) -> dict[str, Values]:
    release = today + timedelta(days=100)
    release += timedelta(days=(FRIDAY - release.weekday()) % 7)
    return {
        "crn": {"crn": "A1234BC"},
        "name": {"name": PRISONER},
        "sex": {"sex": "Male"},
        "area": {"area": "Northumbria"},
        "whereabouts": {"whereabouts": "In prison"},
        "establishment": {"other_prison": "HMP Saltmarsh"},
        "allocated": {"allocated": "No"},
        "released": {"released": "Yes"},
        "release": {"is_known": "Yes"} | typed("release_on", release),
        "address": {"has_address": "No"},
        "office": {"is_known": "No", "office_unknown": "The court decides in spring."},
        "main-contact": {
            "name": IN_PRISON[0],
            "role": "Prison offender manager",
            "email": "keith.vaughan@prison.example",
            "based": "At a probation office",
            "office": FIRST,
            "delivery_unit": "Newcastle Upon Tyne",
            "before_allocation": "He loses his room on the first day.",
        },
        "sentence-status": {"status": "prison"},
    }


STEPS = (
    find_and_compare,
    send_to_two_services,
    ask_and_reply,
    amend_and_note,
    refer_from_prison,
    hand_to_the_community,
)
