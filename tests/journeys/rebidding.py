"""Bidding for the first time, and for a second lot that asks for the same in other words.

Both are walked as docs/friction.md counts them: from the lot's page to the receipt, by somebody
who is signed in. `docs/friction.md` and its test hold what each step takes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lots.models import Lot
from marketplace.web.words import count_words
from tests.journeys.visitors import HttpVisitor, Values, Visitor
from tests.support.lots import make_open_lot
from tests.support.pages import Form

# (concept, as the first buyer asks, as the second does, what is answered)
ASKED = (
    (
        "delivery-model",
        "How will you deliver this service, from the first meeting to the end?",
        "Tell us how the service will run, week by week.",
        "Each woman has one worker and a named stand-in.",
    ),
    (
        "reaching-people",
        "How will you reach people who miss appointments or do not trust services?",
        "Some women will not come at first. What will you do?",
        "We call the same day, and try twice more in other ways.",
    ),
    (
        "local-partnerships",
        "Whom will you work with locally, and what will each do?",
        "Which local organisations will you work with, and what will each of them do?",
        "The food bank lends us its kitchen on Tuesdays.",
    ),
    (
        "safeguarding-practice",
        "A worker hears something that worries them. What happens next?",
        "What happens when a worker is worried about somebody?",
        "She calls our safeguarding lead before she leaves the building.",
    ),
    (
        "staffing",
        "Who will do the work, and how are they trained and supported?",
        "Describe who does the work, with their training and support.",
        "Four workers, two of whom have been on probation themselves.",
    ),
    (
        "lived-experience",
        "How do people with experience of probation shape the service?",
        "What part do women with experience of probation have in it?",
        "Three of our seven trustees have been on probation.",
    ),
)
ANSWERS = tuple(each[3] for each in ASKED)
# The most that a lot under £100k may ask for (policy): 6 answers, 3,000 words in all.
WORDS_EACH = 500
VALUE = {"value_net_pence": 80_000_00, "value_gross_pence": 96_000_00}
STAFF, STAFF_COST, FEE = "Two caseworkers", "75,000", "2,200"


def small_lot(way: int) -> Lot:
    """A lot under £100k that asks six questions, in the first buyer's words (0) or another's."""
    questions = [(each[1 + way], WORDS_EACH, n % 2, each[0]) for n, each in enumerate(ASKED)]
    return make_open_lot(questions=questions, **VALUE)


@dataclass
class Taken:
    """What one step took: pages seen, and what had to be given on them.

    `words` are the most that its answers may have; `names` are words of a short line.
    """

    pages: int = 0
    answers: int = 0
    words: int = 0
    names: int = 0
    figures: int = 0
    choices: int = 0

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )


@dataclass
class Steps:
    """What each step of a bid took, by its name in docs/friction.md."""

    by_name: dict[str, Taken] = field(default_factory=dict)
    now: Taken = field(default_factory=Taken)

    def begin(self, name: str) -> None:
        """From here on everything counts for this step."""
        self.now = self.by_name.setdefault(name, Taken())

    @property
    def whole(self) -> Taken:
        """All steps together."""
        return sum(self.by_name.values(), Taken())


class CountingVisitor(HttpVisitor):
    """Counts each page that is loaded and everything that is newly given on it."""

    def __init__(self, client: Any, steps: Steps):
        super().__init__(client)
        self.steps = steps

    def go(self, path: str) -> None:
        self.steps.now.pages += 1
        super().go(path)

    def _send(self, form: Form, button: str, values: Values) -> None:
        self.steps.now.pages += 1
        stood = dict(form.values())
        for name, value in values.items():
            if stood.get(name, "") != value:
                self._count(form, name, value)
        super()._send(form, button, values)

    def _count(self, form: Form, name: str, value: Any) -> None:
        taken = self.steps.now
        areas = {each.get("name"): each for each in form.element.iter("textarea")}
        if choices := form.choices(name):
            ticked = value if isinstance(value, list) else choices if value is True else [value]
            taken.choices += len(ticked)
        elif name in areas:
            taken.answers += 1
            taken.words += most_words(form, name)
        elif str(value).replace(",", "").isdigit():
            taken.figures += 1
        else:
            taken.names += count_words(str(value))


def most_words(form: Form, name: str) -> int:
    """The limit that the page says beside the field."""
    for group in form.element.iter("div"):
        limit = group.get("data-maxwords")
        if limit and any(each.get("name") == name for each in group.iter("textarea")):
            return int(limit)
    raise AssertionError(f"{form.page.url}: no word limit at {name!r}")


QUALIFYING = "Qualifying on the way"
WRITING = "Answers"
PRICING = "Price and costs"
SUBMITTING = "Check, confirm, submit"
READING = "Fill in, read each, save"


def first_bid(visitor: Visitor, lot: Lot, steps: Steps) -> None:
    """An organisation that has not even applied qualifies, answers, prices and submits."""
    steps.begin(WRITING)
    visitor.go(f"/opportunities/{lot.id}")
    visitor.press("Start a bid")
    steps.begin(QUALIFYING)
    _qualify(visitor)
    steps.begin(WRITING)
    visitor.follow("Question 1")
    for answer in ANSWERS:
        visitor.press("Save and continue", text=answer)
    steps.begin(PRICING)
    visitor.press(
        "Save and continue",
        {"staff-what-1": STAFF, "staff-pence-1": STAFF_COST},
        amount=FEE,
    )
    _submit(visitor, steps)


def _qualify(visitor: Visitor) -> None:
    visitor.follow("Qualification: ")
    visitor.press("Continue")
    visitor.follow("About your organisation")
    visitor.press(
        "Save and continue",
        answer_safeguarding=[
            "A safeguarding policy in writing",
            "One person who leads on safeguarding",
            "Training for everybody",
        ],
        answer_vetting="Yes, they are checked",
        answer_data_protection="Yes",
        answer_exclusion="No ground applies",
    )
    visitor.press(
        "Save and continue",
        answer_what_you_do="A women’s centre with an open door.",
        answer_field_practice="Yes",
    )
    visitor.press("Submit application")
    visitor.follow("Go to the bid")


def second_bid(visitor: Visitor, lot: Lot, steps: Steps) -> None:
    """Every answer is filled in, read on one page and ticked; only the figures are new."""
    steps.begin(READING)
    visitor.go(f"/opportunities/{lot.id}")
    visitor.press("Start a bid")
    visitor.press("Fill in from your earlier answers")
    visitor.sees(*ANSWERS, *(each[2] for each in ASKED))
    visitor.press("Save", {f"read_{number}": True for number in range(1, 1 + len(ASKED))})
    visitor.sees("Every answer that was taken over has been read.")
    steps.begin(PRICING)
    visitor.follow("Price")
    visitor.press("Save and continue", {"staff-pence-1": STAFF_COST}, amount=FEE)
    _submit(visitor, steps)


def _submit(visitor: Visitor, steps: Steps) -> None:
    steps.begin(SUBMITTING)
    visitor.follow("Check and submit")
    visitor.press("Submit the bid", {"declarations": True})
    visitor.sees("Your bid is submitted", "SHA-256")
