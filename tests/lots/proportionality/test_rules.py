"""The check before opening, rule by rule (domain, section 4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lots.models import LotArea, LotCriterion, LotOutcome, LotQuestion
from lots.proportionality import (
    Level,
    findings,
    first_closing,
    is_short_form,
    missing_to_plan,
)
from lots.vocabulary import Route, Task, Transfer
from marketplace import calendar, clock
from marketplace.database import new_id
from tests.lots.proportionality.worked import sound
from tests.support.proportionality import shipped_policy


def sound_lot(**facts):
    """A lot that passes with nothing found if it opened today, not stored."""
    closing = first_closing(clock.today(), 15, 42)
    given = {
        "opens_on": clock.today(),
        "closes_at": calendar.closing_moment(closing),
        "starts_on": closing + timedelta(days=100),
        "outcomes": [LotOutcome(outcome_code="accommodation-1")],
    }
    return sound(**given | facts)


def found(lot):
    return {(each.task, each.level) for each in findings(lot)}


def test_a_sound_lot_passes_with_nothing_found(app):
    assert findings(sound_lot()) == []


BROKEN = [
    ({"title": " "}, Task.SERVICE),
    ({"summary": ""}, Task.SERVICE),
    ({"outcomes": []}, Task.SERVICE),
    ({"transfer": None}, Task.STAFF),
    ({"transfer": Transfer.MAY}, Task.STAFF),
    ({"publicity_terms": " "}, Task.TERMS),
    ({"data_terms": ""}, Task.TERMS),
    ({"areas": []}, Task.AREAS),
    ({"areas": [LotArea(region_code="F", area_code="derbyshire")]}, Task.VOLUMES),
    ({"areas": [LotArea(region_code="F", area_code=None, places=9)]}, Task.AREAS),
    ({"areas": [LotArea(region_code="F", area_code="rutland", places=9)]}, Task.AREAS),
    ({"areas": [LotArea(region_code="B", area_code="derbyshire", places=9)]}, Task.AREAS),
    ({"value_net_pence": None}, Task.VALUE),
    ({"value_gross_pence": None}, Task.VALUE),
    ({"term_months": None}, Task.TERM),
    ({"contract_reason": ""}, Task.ROUTE),
    ({"value_gross_pence": 299_999_99}, Task.VALUE),
    ({"extension_months": 24, "value_gross_pence": 499_999_99}, Task.VALUE),
    ({"statuses": []}, Task.ELIGIBILITY),
    ({"starts_medium": None}, Task.VOLUMES),
    ({"starts_medium": 0}, Task.VOLUMES),
    ({"price_weight": None}, Task.CRITERIA),
    ({"price_weight": 31}, Task.CRITERIA),
    ({"price_weight": 29}, Task.CRITERIA),
    ({"criteria": [], "price_weight": 100}, Task.CRITERIA),
    ({"questions": []}, Task.QUESTIONS),
    ({"closes_at": None}, Task.DATES),
    ({"starts_on": None}, Task.DATES),
    ({"starts_on": date(2020, 1, 1)}, Task.DATES),
]


@pytest.mark.parametrize(("facts", "task"), BROKEN)
def test_each_thing_missing_blocks_on_its_own_page(app, facts, task):
    assert (task, Level.BLOCKS) in found(sound_lot(**facts))


def test_a_rule_names_its_source_and_what_to_do_instead(app):
    day = _closing_in(working_days=14)
    for broken in ({"contract_reason": ""}, {"term_months": 12}, {"value_gross_pence": 1}, day):
        ruled = [each for each in findings(sound_lot(**broken)) if each.source]
        assert all(each.text and each.instead for each in ruled)
    assert any(each.source for each in findings(sound_lot(**day)))


def test_a_criterion_that_no_question_asks_about_blocks(app):
    lot = sound_lot(price_weight=10)
    lot.criteria.append(LotCriterion(id=new_id(), name="Partners", weight=20, position=2))
    assert found(lot) == {(Task.QUESTIONS, Level.BLOCKS)}


def test_a_whole_region_passes_with_a_reason(app):
    whole = [LotArea(region_code="F", area_code=None, places=9)]
    assert findings(sound_lot(areas=whole, whole_region_reason="Too few people to split.")) == []


def test_a_grant_needs_no_reason(app):
    assert findings(sound_lot(route=Route.GRANT, contract_reason="")) == []


# Domain, section 4: route, whole-life value in pounds, questions, words.
CAPS = [
    (Route.GRANT, 29_999, 8, 1_500),
    (Route.GRANT, 30_000, 6, 3_000),
    (Route.CONTRACT, 10_000, 6, 3_000),
    (Route.CONTRACT, 99_999, 6, 3_000),
    (Route.CONTRACT, 100_000, 10, 5_000),
    (Route.CONTRACT, 663_539, 10, 5_000),
    (Route.CONTRACT, 663_540, 14, 10_000),
    (Route.GRANT, 5_000_000, 14, 10_000),
]


@pytest.mark.parametrize(("route", "pounds", "questions", "words"), CAPS)
def test_questions_and_words_are_capped_by_value(app, route, pounds, questions, words):
    cap = shipped_policy().cap_for(route, pounds * 100)
    assert (cap.questions, cap.words) == (questions, words)
    for number, limit, blocks in (
        (questions, words // questions, False),
        (questions + 1, 25, True),
        (1, words + 1, True),
    ):
        lot = sound_lot(route=route, value_net_pence=pounds * 100, value_gross_pence=pounds * 100)
        lot.questions = [
            LotQuestion(text="How?", word_limit=limit, position=n, criterion_id=lot.criteria[0].id)
            for n in range(number)
        ]
        assert ((Task.QUESTIONS, Level.BLOCKS) in found(lot)) is blocks


def test_the_short_form_is_a_grant_or_under_100_000_pounds(app):
    assert is_short_form(sound_lot(route=Route.GRANT))
    assert is_short_form(sound_lot(value_gross_pence=99_999_99))
    assert not is_short_form(sound_lot(value_gross_pence=100_000_00))


def _closing_in(**least):
    day = first_closing(clock.today(), least.get("working_days", 1), least.get("days", 0))
    return {"closes_at": calendar.closing_moment(day), "starts_on": day + timedelta(days=100)}


def test_a_window_under_15_working_days_blocks(app):
    assert (Task.DATES, Level.BLOCKS) in found(sound_lot(**_closing_in(working_days=14)))
    assert (Task.DATES, Level.BLOCKS) not in found(sound_lot(**_closing_in(working_days=15)))


def test_a_window_under_six_weeks_or_four_in_short_form_is_flagged(app):
    short = _closing_in(working_days=15)
    four_weeks = _closing_in(working_days=15, days=28)
    assert found(sound_lot(**short)) == {(Task.DATES, Level.FLAGS)}
    assert found(sound_lot(**four_weeks)) == {(Task.DATES, Level.FLAGS)}
    assert found(sound_lot(route=Route.GRANT, **four_weeks)) == set()


def test_a_lot_closes_at_noon_of_a_working_day(app):
    noon = sound_lot().closes_at
    for wrong in (noon + timedelta(minutes=1), noon - timedelta(hours=3), _saturday(noon)):
        assert (Task.DATES, Level.BLOCKS) in found(sound_lot(closes_at=wrong))


def _saturday(moment):
    day = calendar.day_of(moment)
    return calendar.closing_moment(day + timedelta(days=5 - day.weekday()))


def test_a_planned_lot_needs_no_questions_or_dates_but_an_expected_opening(app):
    lot = sound_lot(questions=[], criteria=[], closes_at=None, starts_on=None)
    assert missing_to_plan(lot) == []
    lot.opens_on = None
    assert len(missing_to_plan(lot)) == 1


def test_a_lot_approved_for_a_later_day_is_judged_for_that_day(app):
    later = clock.today() + timedelta(days=21)
    lot = sound_lot(opens_at=calendar.closing_moment(later))
    assert [each.code for each in findings(lot)] in (["window_good"], ["window_least"])
    assert "Opening on" in findings(lot)[0].text
    in_time = first_closing(later, 15, 42)
    lot.closes_at = calendar.closing_moment(in_time)
    lot.starts_on = in_time + timedelta(days=100)
    assert findings(lot) == []
