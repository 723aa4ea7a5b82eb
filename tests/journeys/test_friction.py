"""What it takes to get in: counted from the product's own forms, and kept in docs/friction.md.

An answer is a field that must be filled in, or a question that must be answered. Words are the
most that may have to be typed: a question's limit, or for a short field what it usually takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from marketplace import clock
from marketplace.accounts.registration_views import RegisterForm
from marketplace.acting import Role
from marketplace.categories.queries import categories
from marketplace.database import write
from marketplace.organisations.forms import ProfileForm
from marketplace.qualification.actions import begin_applications
from marketplace.qualification.outcomes import questions_for, result_of
from marketplace.qualification.queries import application_for
from marketplace.questions.models import Question, QuestionKind
from marketplace.questions.queries import set_for_category, set_in_force
from marketplace.questions.summary import words_to_read
from marketplace.questions.vocabulary import QUALIFICATION
from marketplace.web.fields import Form
from tests.journeys.rebidding import (
    WRITING,
    CountingVisitor,
    Steps,
    first_bid,
    second_bid,
    small_lot,
)
from tests.support.bids import bidder
from tests.support.people import acting_as, make_person, sign_in
from tests.support.qualification import complete_profile, submitted

PAGE = Path(__file__).parents[2] / "docs" / "friction.md"
MOST_ANSWERS, MOST_WORDS, MOST_FURTHER = 12, 600, 3
# The most words that a short field usually takes; what is chosen from a list takes none.
SHORT = {"name": 6, "person_name": 3, "email": 1}
# A bid for a lot under £100k, from the lot's page to the receipt.
MOST_SCORED, MOST_BID_WORDS, MOST_PAGES, MOST_PAGES_AGAIN = 6, 3_000, 40, 15
# Asked of a company and a registered society only: of the others the law says it.
ONLY_OF_SOME = {"is_voluntary"}


@dataclass(frozen=True)
class Step:
    """One page on the way: its required answers, and those asked only because of another."""

    label: str
    answers: int
    words: int
    only_if: int = 0
    only_if_words: int = 0
    read: int = 0

    def row(self) -> str:
        """The line of the table in the documentation."""
        figures = (self.answers, self.words, self.only_if, self.only_if_words, self.read)
        return f"| {self.label} | " + " | ".join(map(str, figures)) + " |"


def of_form(label: str, form: Form, already: set[str]) -> Step:
    """What a form requires beyond what was given before."""
    required = [
        field.short_name
        for field in form
        if field.flags.required and field.short_name not in already
    ]
    of_some = [each for each in ONLY_OF_SOME - already if each in form]
    words = sum(SHORT.get(name, 0) for name in required)
    return Step(label, len(required), words, len(of_some))


def of_questions(label: str, questions: list[Question]) -> Step:
    """What a page of questions requires."""
    needed = [each for each in questions if each.needed]
    always = [each for each in needed if not each.only_if_concept]
    at_times = [each for each in needed if each.only_if_concept]
    return Step(
        label,
        len(always),
        typed(always),
        len(at_times),
        typed(at_times),
        words_to_read(questions),
    )


def typed(questions: list[Question]) -> int:
    """The most words to type."""
    return sum(each.most_words or 0 for each in questions if each.kind is QuestionKind.WORDS)


@pytest.fixture
def steps(app) -> list[Step]:
    """Every page from the empty registration form to qualified in one category."""
    today = clock.today()
    with app.test_request_context():
        register, profile = RegisterForm(), ProfileForm()
        given = {field.short_name for field in register if field.flags.required} | ONLY_OF_SOME
        return [
            of_form("Registering: the organisation and yourself", register, set()),
            of_form("The profile: what registering did not ask", profile, given),
            of_questions(
                "About your organisation, once",
                list(set_in_force(QUALIFICATION, today).questions),
            ),
            of_questions(
                "About one category", list(set_for_category("accommodation", today).questions)
            ),
        ]


def test_from_a_new_account_to_qualified_in_one_category(steps):
    answers, words = sum(each.answers for each in steps), sum(each.words for each in steps)
    at_most = words + sum(each.only_if_words for each in steps)
    print(f"\nRequired answers: {answers} (at most {MOST_ANSWERS})")
    print(f"Words to type: {words}, with every “only if” question {at_most} (at most {MOST_WORDS})")
    assert answers <= MOST_ANSWERS
    assert at_most <= MOST_WORDS
    text = PAGE.read_text(encoding="utf-8")
    for each in steps:
        assert each.row() in text, f"docs/friction.md lacks this row: {each.row()}"
    total = Step(
        "**Together**",
        answers,
        words,
        sum(each.only_if for each in steps),
        sum(each.only_if_words for each in steps),
        sum(each.read for each in steps),
    )
    assert total.row() in text, f"docs/friction.md lacks this row: {total.row()}"


def test_each_further_category_asks_at_most_three_answers_more(app):
    by = acting_as(make_person(Role.BID_MANAGER))
    submitted(by, "accommodation", judged=False)
    with write():
        further = begin_applications(["women"], by)[0].id
    application = application_for(further, by)
    left = result_of(application).missing
    both = questions_for(application)
    asked = {each.id for questions in both.values() for each in questions}
    assert {each.question.id for each in left if each.question} <= asked
    words = typed([each.question for each in left if each.question])
    print(f"\nA further category: {len(left)} answers, {words} words")
    assert len(left) <= MOST_FURTHER
    text = PAGE.read_text(encoding="utf-8")
    assert f"**{len(left)} answers and {words} words**" in text


def test_no_category_asks_for_more_than_another(app):
    today = clock.today()
    longest = {}
    for each in categories():
        asked = [q for q in set_for_category(each.code, today).questions if not q.only_if_concept]
        longest[each.code] = sum(question.needed for question in asked)
    assert max(longest.values()) <= MOST_FURTHER, longest


def test_the_page_names_its_limits():
    text = PAGE.read_text(encoding="utf-8")
    limits = [int(each) for each in re.findall(r"at most (\d+)", text)]
    assert {MOST_ANSWERS, MOST_WORDS, MOST_FURTHER} <= set(limits)


def test_a_first_bid_and_a_second_one_take_what_the_page_says(app, client):
    organisation, person = bidder(qualified=False)
    by = acting_as(person, organisation)
    complete_profile(by)
    sign_in(client, person, organisation)
    first, second = Steps(), Steps()
    first_bid(CountingVisitor(client, first), small_lot(0), first)
    second_bid(CountingVisitor(client, second), small_lot(1), second)
    text = PAGE.read_text(encoding="utf-8")
    for label, steps in (("A first bid", first), ("A second bid", second)):
        rows = [*steps.by_name.items(), (f"**{label}**", steps.whole)]
        for name, taken in rows:
            row = f"| {name} | " + " | ".join(str(each) for each in vars(taken).values()) + " |"
            print(row)
            assert row in text, f"docs/friction.md lacks this row: {row}"
    scored = first.by_name[WRITING]
    assert scored.answers <= MOST_SCORED
    assert scored.words <= MOST_BID_WORDS
    assert first.whole.pages <= MOST_PAGES
    assert (second.whole.answers, second.whole.words, second.whole.names) == (0, 0, 0)
    assert second.whole.pages <= MOST_PAGES_AGAIN
