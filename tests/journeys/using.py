"""The thread's second half: a referral is sent, delivered and claimed for.

Keep it in step with docs/tour.md: each function is a section of the tour.
"""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.thread import CASEWORKER, MANAGER, PRACTITIONER, Walk, typed

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
    for answers in _answers(walk):
        visitor.press("Save and continue", answers)
    visitor.go(visitor.page.url)
    if "Check and send" in visitor.page.links():
        visitor.follow("Check and send")
    visitor.sees(PERSON, "Somebody to walk with")
    visitor.press("Send the referral")
    visitor.sees("Referral sent", "A place is kept for the person.")
    visitor.follow("Open the case")
    visitor.sees("Sent, waiting for an answer", PERSON)
    walk.case = visitor.page.url
    visitor.go("/services")
    visitor.press("Show services", need="Social inclusion", area="Gwent")
    visitor.sees("3 free places")


def _answers(walk: Walk) -> list[dict[str, object]]:
    """One page after another, in the order in which the draft asks them."""
    ends_on = walk.today + timedelta(days=300)
    return [
        {"crn": "X777123"},
        {"name": PERSON},
        typed("date_of_birth", walk.today.replace(year=1991, day=4)),
        {"sex": "Female"},
        {"phone": "07700 900777"},
        {"language": "Welsh"},
        {"area": "Gwent"},
        {"whereabouts": "In the community"},
        {
            "name": PRACTITIONER[0],
            "email": "sian.obrien-rhys@wales.example",
            "delivery_unit": "Gwent",
        },
        {"is_restricted": "No"},
        {"at_risk": "Nobody is known to be at risk.", "understood": True},
        {"accessibility": "Step-free paths."},
        {"needs_interpreter": "No"},
        {"has_commitments": "No"},
        {"needs": ["Social inclusion"]},
        {"outcomes": ["Builds and keeps social networks; less isolated"]},
        {"complexity": "Medium"},
        {"has_end": "Yes"} | typed("ends_on", ends_on),
        {"rar_days": "10"},
        typed("complete_by", ends_on - timedelta(days=100)),
        {"reason": "Sees nobody from one week to the next.", "aims": "Somebody to walk with."},
        {"priority": "No, the usual order is right"},
    ]


def deliver(walk: Walk) -> None:
    """9. The provider accepts, assesses, meets the person, and ends with a report."""
    visitor = walk.visitor
    visitor.sign_in(*CASEWORKER)
    visitor.go("/referrals")
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
    )
    visitor.sees("The session is arranged.")
    walk.pass_to(meeting + timedelta(days=1))
    _finish(walk)

    visitor.sign_in(*PRACTITIONER)
    visitor.go(walk.case)
    visitor.sees("Completed", "Came every week; has two people to call.")
    visitor.go("/services")
    visitor.press("Show services", need="Social inclusion", area="Gwent")
    visitor.sees("4 free places")


def _finish(walk: Walk) -> None:
    visitor = walk.visitor
    visitor.go(walk.case)
    visitor.follow("Record")
    visitor.press(
        "Record the session",
        attendance="Yes, on time",
        feedback="Walked for an hour and met two others.",
        has_concern="No",
    )
    visitor.sees("The session is recorded.")
    visitor.press("Finish the sessions")
    visitor.follow("Write the end of service report")
    visitor.press(
        "Send the report",
        {"achievement_*": "Achieved", "comment_*": "Goes by herself now.", "position_*": "4"},
        summary="Came every week; has two people to call.",
    )
    visitor.sees("The report is sent. The case is completed.")


def claim(walk: Walk) -> None:
    """10. The month's claim is computed from that start, approved, and recorded in the ledger."""
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
    visitor.sees("Recorded in the ledger as to be paid outside this system.")


USING = (refer, deliver, claim)
