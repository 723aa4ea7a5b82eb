"""Which earlier answers are offered, to whom, and in what order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bids.library.origin import Origin, Source
from bids.library.queries import MOST_OFFERED, Earlier, answered, closest, earlier
from bids.library.wording import difference
from bids.writing import actions as answering
from lots.vocabulary import Route
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, new_id, write
from marketplace.organisations.models import Organisation
from marketplace.questions.models import QuestionKind
from marketplace.questions.queries import set_in_force
from marketplace.questions.vocabulary import LOT
from tests.support import qualification
from tests.support.bid_library import ANSWERS, ASKED, answers_of, begun, lot_asking
from tests.support.bids import bidder, decided_competition, submitted_bid
from tests.support.people import acting_as, give_role, make_organisation, make_person
from tests.support.statements import statements_sent

CONCEPT, THEN, NOW = ASKED[0]


def somebody(**facts):
    organisation, person = bidder(**facts)
    return acting_as(person, organisation)


def test_an_answer_is_offered_where_its_concept_is_asked_in_other_words(app):
    by = somebody()
    begun(lot_asking(0), by, ANSWERS)
    [found] = earlier(by, CONCEPT, NOW)
    assert (found.text, found.origin.wording, found.origin.source) == (ANSWERS[0], THEN, Source.BID)
    assert difference(found.origin.wording, NOW) is not None
    assert difference(THEN, f" {THEN}\n") is None


def test_the_newest_comes_first_and_one_text_once(app):
    by = somebody()
    texts = ("The first try.", "The second try.", "The first try.")
    lots = [lot_asking(0) for _each in texts]
    for days, (lot, text) in enumerate(zip(lots, texts, strict=True)):
        with clock.telling_the_past(clock.now() + timedelta(days=days)):
            begun(lot, by, (text,))
    assert [each.text for each in earlier(by, CONCEPT, NOW)] == [
        "The first try.",
        "The second try.",
    ]


def test_only_a_few_are_offered_and_the_rest_stand_on_the_page_of_all(app):
    by = somebody()
    for number in range(MOST_OFFERED + 2):
        begun(lot_asking(0), by, (f"Try {number}.",))
    assert len(earlier(by, CONCEPT, NOW)) == MOST_OFFERED
    assert len(answered(by)) == MOST_OFFERED + 2


def test_a_bids_own_answers_and_what_the_field_holds_are_not_offered_to_it(app):
    by = somebody()
    here = begun(lot_asking(0), by, ("Written here.",))
    begun(lot_asking(0), by, ("Written there.",))
    offered = earlier(by, CONCEPT, NOW, leave_out=here)
    assert [each.text for each in offered] == ["Written there."]
    assert earlier(by, CONCEPT, NOW, leave_out=here, held="Written there.\n") == []


def test_nobody_is_offered_what_another_organisation_wrote(app):
    """Not even somebody with a role in both, who acts for one of them at a time."""
    one, other = make_organisation(), make_organisation()
    person = make_person(Role.BID_MANAGER, one)
    give_role(person, other, Role.BID_MANAGER)
    begun(lot_asking(0), acting_as(person, one), ("Only ours.",))
    qualification.ready(acting_as(person, one), judged=True)
    assert [each.text for each in answered(acting_as(person, one)) if "ours" in each.text]
    assert answered(acting_as(person, other)) == []
    assert earlier(acting_as(person, other), CONCEPT, THEN) == []


def test_answers_of_won_and_lost_bids_grants_and_contracts_are_offered_alike(app):
    winner, loser = make_organisation(), make_organisation()
    for organisation in (winner, loser):
        qualification.qualify(organisation)
    decided_competition(bidders=(winner, loser))
    grant = lot_asking(0, route=Route.GRANT)
    for organisation, outcome in ((winner, "Successful"), (loser, "Unsuccessful")):
        by = acting_as(make_person(Role.BID_MANAGER, organisation), organisation)
        submitted_bid(grant, organisation, answer="For a grant.")
        found = {str(each.origin.outcome) for each in answered(by)}
        assert found == {outcome, "Submitted"}
        assert earlier(by, CONCEPT, NOW)[0].text == "For a grant. 1"


def test_a_submitted_text_stays_when_the_working_copy_is_written_anew(app):
    organisation, person = bidder()
    by = acting_as(person, organisation)
    lot = lot_asking(0)
    bid_id = submitted_bid(lot, organisation, answer="As sent.")
    with write():
        first = lot.questions[0].id
        answering.save_answer(bid_id, first, "Better.", answers_of(bid_id)[0].edition, by)
    texts = [each.text for each in earlier(by, CONCEPT, NOW)]
    assert set(texts) == {"As sent. 1", "Better."}
    assert {each.origin.submitted for each in answered(by)} == {True}


def test_qualification_answers_in_words_are_offered_and_legal_confirmations_never(app):
    by = somebody(qualified=False)
    application_id = qualification.submitted(by, judged=True)
    found = answered(by)
    assert {each.origin.source for each in found} == {Source.QUALIFICATION}
    assert {each.concept for each in found} == {"what-you-do", "field-plan"}
    assert qualification.PLAN["field-plan"] in {each.text for each in found}
    assert answered(by, leave_out=application_id) == []


def test_finance_people_who_may_not_read_applications_are_offered_bids_only(app):
    by = somebody(qualified=False)
    qualification.submitted(by, judged=True)
    begun(lot_asking(0), by, ANSWERS)
    organisation = db.session.get_one(Organisation, by.organisation_id)
    finance = acting_as(make_person(Role.FINANCE, organisation), organisation)
    assert {each.origin.source for each in answered(finance)} == {Source.BID}


def test_without_a_concept_the_likest_question_of_the_organisation_is_found(app):
    by = somebody()
    begun(lot_asking(0), by, ANSWERS)
    [found] = earlier(by, "", "Who will you work with locally, and what will they do?")
    assert found.text == ANSWERS[1]
    assert earlier(by, "", "How much will it cost to heat the building?") == []


@pytest.mark.parametrize(
    ("wording", "concept"),
    [
        ("Describe how you will deliver the service to women in Kent.", "delivery-model"),
        ("Some people will not come. What of missed appointments and trust?", "reaching-people"),
        ("Who are the people who will do the work, and how do you train them?", "staffing"),
        ("What part do people with experience of probation have in it?", "lived-experience"),
        ("Describe your plan from award to the first referral.", "mobilisation"),
        ("What happens to people you are working with if you must stop?", "continuity"),
    ],
)
def test_questions_of_the_bank_in_other_words_are_alike(app, wording, concept):
    before = [
        given_as(each.text, each.concept)
        for each in set_in_force(LOT, clock.today()).questions
        if each.kind is QuestionKind.WORDS
    ]
    [likest, *_others] = closest(before, "", wording)
    assert likest.concept == concept


@pytest.mark.parametrize(
    "wording",
    [
        "How much will it cost us to heat the building?",
        "How will you measure carbon emissions and reduce waste?",
        "What is your experience of working with landlords?",
    ],
)
def test_a_question_about_something_else_is_like_none_of_the_bank(app, wording):
    before = [
        given_as(each.text, each.concept) for each in set_in_force(LOT, clock.today()).questions
    ]
    assert closest(before, "", wording) == []


def given_as(wording, concept):
    now = clock.now()
    origin = Origin(Source.BID, new_id(), "A lot", wording, now, True, "submitted", "")
    return Earlier(origin, concept, "Quite.")


def test_the_number_of_statements_does_not_grow_with_the_bids(app):
    by = somebody()
    begun(lot_asking(0), by, ANSWERS)
    with statements_sent() as few:
        answered(by)
    for number in range(4):
        begun(lot_asking(0), by, (f"{number}", f"and {number}"))
    with statements_sent() as many:
        assert len(answered(by)) == 10
    assert len(many) == len(few)


@given(
    st.lists(
        st.sampled_from(["how", "will", "you", "deliver", "run", "the", "service", "locally"])
    ),
    st.data(),
)
def test_what_differs_between_two_wordings_is_marked_and_nothing_is_lost(then, data):
    now = data.draw(st.permutations(then))
    found = difference(" ".join(then), " ".join(now))
    if found is None:
        assert then == now
        return
    assert "".join(each.text for each in found.then) == " ".join(then)
    assert "".join(each.text for each in found.now) == " ".join(now)
