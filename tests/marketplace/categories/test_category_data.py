"""Categories, their outcomes, and the services made of them."""

from __future__ import annotations

from datetime import date

from flask_babel import force_locale

from marketplace.categories.actions import load_categories
from marketplace.categories.models import CategoryKind
from marketplace.categories.queries import (
    categories,
    category_names,
    cohorts,
    needs,
    outcomes_by_category,
    outcomes_of,
    service,
    services,
)
from marketplace.database import write
from tests.support.statements import statements_sent

DAY = date(2026, 11, 22)


def test_fourteen_categories_of_which_ten_are_needs(app):
    kinds = [category.kind for category in categories(DAY)]
    assert len(kinds) == 14
    assert kinds.count(CategoryKind.NEED) == 10
    assert kinds.count(CategoryKind.COHORT) == 3


def test_every_need_has_an_outcome(app):
    codes = [need.code for need in needs(DAY)]
    outcomes = outcomes_by_category(codes, DAY)
    assert all(outcomes[code] for code in codes)
    assert len(outcomes_of("accommodation", DAY)) == 3


def test_womens_services_meet_eight_needs_for_women(app):
    found = service("womens-services", DAY)
    assert found is not None
    assert len(found.need_codes) == 8
    assert found.need_codes[0] == "accommodation"
    assert found.cohort_code == "women"


def test_groups_by_age_say_their_ages(app):
    ages = {each.code: (each.minimum_age, each.maximum_age) for each in cohorts(DAY)}
    assert ages["18-25"] == (18, 25)
    assert ages["26+"] == (26, None)


def test_nothing_is_in_force_before_the_framework_began(app):
    assert categories(date(2021, 6, 25)) == []


def test_welsh_names_are_shown_to_readers_of_welsh(app):
    with app.test_request_context(), force_locale("cy"):
        assert category_names()["accommodation"] == "Llety"


def test_loading_again_adds_nothing(app):
    with write():
        assert load_categories() == 0


def test_each_category_can_be_bought_by_itself_or_for_its_cohort(app):
    bought = {tuple(each.need_codes) for each in services(DAY) if each.cohort_code is None}
    cohorts = {each.cohort_code for each in services(DAY)}
    for category in categories(DAY):
        assert (category.code,) in bought or category.code in cohorts, category.code


def test_services_with_their_needs_are_two_statements(app):
    with statements_sent() as sent:
        assert [len(each.need_codes) for each in services(DAY)][:4] == [1, 1, 4, 8]
    assert len(sent) == 2
