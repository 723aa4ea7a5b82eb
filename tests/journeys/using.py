"""The thread's second half: a referral is sent, delivered, claimed for and paid.

Keep it in step with docs/tour.md: each function is a section of the tour.
"""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.answering import USUAL, answer, dates
from tests.journeys.thread import CASEWORKER, MANAGER, PRACTITIONER, Walk, typed
from tests.journeys.visitors import FIRST, Values

PROVIDER = "Peer Steps (demonstration)"
PERSON = "Meinir ap Rhydderch"


def refer(walk: Walk) -> None:
    """8. A practitioner finds the service, refers a person, and a place is reserved."""
    visitor = walk.visitor
    visitor.sign_in(*PRACTITIONER)
    visitor.go("/services")
    visitor.press("Show services", need="Social inclusion", area="Gwent")
    visitor.sees("4 free places")
    visitor.follow(f"Personal wellbeing, Gwent ({PROVIDER})")
    visitor.press("Begin a referral")
    visitor.follow("CRN or prison number")
    answer(visitor, USUAL | dates(walk.today) | _answers())
    visitor.sees(PERSON, "Somebody to walk with")
    visitor.press("Send the referral")
    visitor.sees("Referral sent", "A place is kept for the person.")
    visitor.follow("Open the case")
    visitor.sees("Sent, waiting for an answer", PERSON)
    walk.case = visitor.page.url
    visitor.go("/services")
    visitor.press("Show services", need="Social inclusion", area="Gwent")
    visitor.sees("3 free places")


def _answers() -> dict[str, Values]:
    """What is said of this person alone."""
    return {
        "crn": {"crn": "X777123"},
        "name": {"name": PERSON},
        "language": {"language": "Welsh"},
        "area": {"area": "Gwent"},
        "practitioner": {
            "name": PRACTITIONER[0],
            "email": "sian.obrien-rhys@wales.example",
            "delivery_unit": "Gwent",
        },
        "needs": {"needs": ["Social inclusion"]},
        "outcomes": {"outcomes": ["Builds and keeps social networks; less isolated"]},
        "reason": {
            "reason": "Sees nobody from one week to the next.",
            "aims": "Somebody to walk with.",
        },
    }


def deliver(walk: Walk) -> None:
    """9. The provider accepts, assesses, meets the person, and ends with a report."""
    visitor = walk.visitor
    visitor.sign_in(*CASEWORKER)
    visitor.go("/referrals?show=new")
    visitor.follow(PERSON)
    visitor.press("Accept")
    visitor.sees("Accepted")
    visitor.follow("Record the initial assessment")
    walk.started = walk.today
    visitor.press(
        "Record the assessment",
        typed("held_on", walk.today) | {"position_*": "2"},
        method="In person, somewhere else",
        notes="Wants to walk by the canal, on Tuesdays.",
    )
    visitor.sees("The assessment is recorded. The work has begun.")
    visitor.follow("Arrange a session")
    meeting = walk.today + timedelta(days=1)
    visitor.press(
        "Arrange the session",
        typed("day", meeting),
        time="10:00",
        method="In person, somewhere else",
        line_1="The lock keeper’s cottage",
        town="Cwmbran",
        postcode="NP44 1AA",
    )
    visitor.sees("The session is arranged.")
    walk.pass_to(meeting + timedelta(days=1))
    _finish(walk)

    visitor.sign_in(*PRACTITIONER)
    visitor.go(walk.case)
    visitor.sees("Completed")
    visitor.follow("Read the end of service report")
    visitor.sees("Came every week; has two people to call.")
    visitor.go("/services")
    visitor.press("Show services", need="Social inclusion", area="Gwent")
    visitor.sees("4 free places")


def _finish(walk: Walk) -> None:
    visitor = walk.visitor
    visitor.go(walk.case)
    visitor.follow("Sessions")
    visitor.follow("Record what came of it")
    visitor.press(
        "Record the session",
        happened="Yes",
        late="No",
        response=FIRST,
        done="Walked for an hour.",
        responded="Met two others.",
        next_steps="The same next week.",
        tell=["No, there is nothing"],
    )
    visitor.sees("The session is recorded.")
    visitor.go(walk.case)
    visitor.press("Finish the sessions")
    visitor.press(
        "Send the report",
        {"achievement_*": "Achieved", "comment_*": "Goes by herself now.", "position_*": "4"},
        summary="Came every week; has two people to call.",
    )
    visitor.sees("The report is sent. The case is completed.")


def claim(walk: Walk) -> None:
    """10. The month's claim is computed from that start, approved, and owed."""
    visitor = walk.visitor
    month = f"{walk.started:%B} {walk.started.year}"
    next_month = (walk.started.replace(day=1) + timedelta(days=32)).replace(day=1)
    walk.pass_to(next_month + timedelta(days=1))
    visitor.sign_in(*MANAGER)
    visitor.go(walk.contract)
    visitor.follow(month)
    visitor.sees("People who started: Gwent", "1 × £700")
    visitor.follow("Approve")
    visitor.press("Approve the claim")
    visitor.sees("The claim is approved. Its payment stands among the payments to make.")


def pay(walk: Walk) -> None:
    """11. It is paid from the bank: in a file of many, and recorded when the bank has paid."""
    visitor = walk.visitor
    visitor.go("/payments")
    visitor.follow("Make a file for the bank")
    visitor.sees(f"£700 to {PROVIDER}")
    visitor.press("Make the file")
    visitor.sees("The file is ready.")
    visitor.follow("Record what the bank has paid")
    visitor.press("Record as paid", typed("paid_on", walk.today), bank_reference="BACS 0001")
    visitor.sees("recorded as paid")
    visitor.go("/payments/paid")
    visitor.sees(PROVIDER, "£700")


USING = (refer, deliver, claim, pay)
