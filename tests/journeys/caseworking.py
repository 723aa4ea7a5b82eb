"""A caseworker’s day and a service manager’s Monday, with the cases of `referring`."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.journeys.referring import CASEWORKER, MANAGER, PRACTITIONER
from tests.journeys.thread import Walk, typed
from tests.journeys.visitors import FIRST

CONCERN = "She says her brother asks her for money."
GROUP = "Keeping a tenancy"
CASE = re.compile(r"/cases/[0-9a-f-]{36}")


def accept_and_assess(walk: Walk) -> None:
    """A new referral, and where the caseworker and the person each see them."""
    visitor = walk.visitor
    visitor.sign_in(*CASEWORKER)
    visitor.go(walk.case)
    visitor.press("Accept")
    visitor.sees("Accepted", "Now arrange to meet.")
    visitor.follow("Record the initial assessment")
    visitor.press(
        "Record the assessment",
        typed("held_on", walk.today) | {"position_*": "2", "own_*": "3"},
        method="In person, somewhere else",
        notes="Wants a room near her mother.",
    )
    visitor.sees("The assessment is recorded. The work has begun.")


def plan(walk: Walk) -> None:
    """An activity for the outcome, and how many sessions."""
    visitor = walk.visitor
    visitor.press("Write the action plan")
    visitor.follow("Add an activity")
    visitor.press(
        "Save the activity",
        typed("by_on", walk.today + timedelta(days=28)),
        kind=FIRST,
        doer=FIRST,
        frequency=FIRST,
        method="phone",
    )
    visitor.follow("Change Sessions in all")
    visitor.press("Save", sessions="6")
    visitor.press("Send the plan")
    visitor.sees("Version 1")


def arrange_and_move(walk: Walk) -> None:
    """A session is arranged, then moved because the person asked."""
    visitor = walk.visitor
    visitor.go(walk.case)
    visitor.follow("Arrange a session")
    walk.meeting = walk.today + timedelta(days=2)
    visitor.press(
        "Arrange the session",
        typed("day", walk.meeting),
        time="09:10",
        minutes="30",
        method="phone",
    )
    visitor.sees("Arranged")
    visitor.follow("Move to another time")
    walk.meeting += timedelta(days=1)
    visitor.press(
        "Move the session",
        typed("day", walk.meeting),
        time="11:20",
        asked_by="The person did",
        reason="She has to be at the job centre.",
    )
    visitor.sees("Moved", "She has to be at the job centre.")


def remind(walk: Walk) -> None:
    """With consent, by mail, and nothing in it that tells."""
    visitor = walk.visitor
    visitor.go(f"{walk.case}/reminders")
    visitor.press(
        "Record that they agree",
        channel="Email",
        email="mari@example.org",
        language="English",
        call="0300 555 0199",
        agreed=True,
    )
    visitor.sees("Reminders will be sent the day before each session.")


def tell_of_a_concern(walk: Walk) -> None:
    """What came of the session; the concern stays open until the practitioner has read it."""
    visitor = walk.visitor
    walk.pass_to(walk.meeting + timedelta(days=1))
    visitor.go(f"{walk.case}/sessions")
    visitor.follow("Record what came of it")
    visitor.press(
        "Record the session",
        happened="Yes",
        late="No",
        response=FIRST,
        done="Went through three letters.",
        responded="Asked good questions.",
        next_steps="Ring the landlord.",
        tell=[FIRST],
        concern=CONCERN,
    )
    visitor.sign_in(*PRACTITIONER)
    visitor.go(f"{walk.case}/sessions")
    visitor.sees(CONCERN)
    visitor.press(next(each for each in visitor.page.buttons() if "I have read this" in each))
    visitor.sees(f"Acknowledged by {PRACTITIONER[0]}")


def lead_the_group(walk: Walk) -> None:
    """Somebody joins a group and it meets once more; attendance for all of it on one screen."""
    visitor = walk.visitor
    visitor.sign_in(*CASEWORKER)
    visitor.go("/groups")
    visitor.follow(GROUP)
    group = visitor.page.url.split("?")[0]
    visitor.follow("Add people")
    visitor.press("Add to the group", people=[FIRST])
    visitor.sees("1 person joined.")
    visitor.follow("Add dates")
    day = walk.today + timedelta(days=1)
    visitor.press("Add the dates", typed("day", day), time="08:20", weeks="1")
    visitor.sees("1 meeting is added.")
    walk.pass_to(day + timedelta(days=1))
    visitor.go(group)
    visitor.follow("Who came")
    visitor.press("Record who came", {"came_*": "Came"})
    visitor.sees("Recorded for")


def share_out_the_work(walk: Walk) -> None:
    """Monday: what nobody works on, what is overdue and with whom; a second person for a case."""
    visitor = walk.visitor
    walk.pass_to(walk.today + timedelta(days=7 - walk.today.weekday()))
    visitor.sign_in(*MANAGER)
    visitor.go("/referrals?show=unassigned")
    visitor.sees("Unassigned")
    visitor.go("/cases/overdue")
    visitor.sees("overdue", CASEWORKER[0])
    visitor.go(f"{walk.case}/assign")
    visitor.press("Assign", people=[FIRST])
    visitor.go(f"{walk.case}/people")
    visitor.sees(CASEWORKER[0], MANAGER[0])


def decline(walk: Walk) -> None:
    """With a reason from the list, and what the practitioner should know."""
    visitor = walk.visitor
    visitor.go("/referrals?show=new")
    visitor.go(next(to for to in visitor.page.links().values() if CASE.fullmatch(to)))
    visitor.follow("Decline")
    visitor.press(
        "Decline the referral", reason="no_staff", comment="Our second worker leaves in May."
    )
    visitor.sees("The referral is declined.", "Declined")


def propose_an_end(walk: Walk) -> None:
    """The provider proposes; the practitioner decides, here against it."""
    visitor = walk.visitor
    visitor.go(walk.case)
    visitor.follow("Propose an early end")
    visitor.press("Send the proposal", reason=FIRST, why="She has found a room by herself.")
    visitor.sees("The case goes on until the practitioner has answered.")
    visitor.sign_in(*PRACTITIONER)
    visitor.go(walk.case)
    visitor.follow("Answer the proposal")
    visitor.press(
        "Send the answer", reason="No, the case goes on", answer="The room is not certain yet."
    )
    visitor.sees("The case goes on, and the provider has been told.")


def pause(walk: Walk) -> None:
    """Nobody new until a day; whoever looks for a service sees it."""
    visitor = walk.visitor
    visitor.sign_in(*MANAGER)
    visitor.go("/contracts")
    visitor.follow("CON-")
    visitor.follow("Pause")
    visitor.press(
        "Pause new referrals", typed("until", walk.today + timedelta(days=21)), reason=FIRST
    )
    visitor.sees("paused")


def save_a_list(walk: Walk) -> None:
    """A list is saved only once it is said why; without names where they are not needed."""
    visitor = walk.visitor
    visitor.go("/referrals?show=active")
    visitor.follow("Save this list as a table")
    visitor.press("Save the table")
    visitor.sees("Choose why you need this table", "With names and CRNs")


DAY = (accept_and_assess, plan, arrange_and_move, remind, tell_of_a_concern, lead_the_group)
MONDAY = (share_out_the_work, decline, propose_an_end, pause, save_a_list)
WORKING = (*DAY, *MONDAY)
