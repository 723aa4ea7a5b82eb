"""The market's policy in versions: drafted, compared, published from a day on, then immutable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lots import actions as lot_actions
from lots import proportionality
from lots.proportionality import actions, queries
from lots.proportionality.comparing import compared
from lots.proportionality.models import MarketPolicy
from lots.proportionality.vocabulary import PolicyState
from lots.vocabulary import Level, LotState
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.permissions import Refused
from tests.support.lots import make_lot, whole_lot
from tests.support.people import acting_as, make_person, sign_in


@pytest.fixture
def manager(app):
    return acting_as(make_person(Role.FRAMEWORK_MANAGER))


def _first():
    return db.session.scalars(select(MarketPolicy).where(MarketPolicy.version == 1)).one()


def _draft(manager):
    with write():
        return actions.start_version(_first().id, manager).id


def _save(policy_id, by, **numbers):
    held = actions.numbers_of(queries.version(policy_id))
    with write():
        actions.save_numbers(policy_id, held | numbers, fingerprint(held), by)


def _levels(policy_id, by, **levels):
    held = actions.levels_of(queries.version(policy_id))
    with write():
        actions.save_levels(policy_id, held | levels, fingerprint(held), by)


def _publish(policy_id, by, days=0):
    with write():
        actions.publish_version(policy_id, clock.today() + timedelta(days=days), by)


def test_the_product_comes_with_one_published_version(app):
    policy = proportionality.policy_today()
    assert (policy.version, policy.least_window_days, len(policy.caps)) == (1, 15, 4)


def test_a_new_version_holds_from_its_day_and_an_open_lot_keeps_its_own(app, manager):
    opened = make_lot(LotState.OPEN, term_months=30)
    draft_id = _draft(manager)
    _levels(draft_id, manager, short_term=Level.OFF)
    _save(draft_id, manager, good_window_weeks=8)
    _publish(draft_id, manager)
    assert proportionality.policy_today().version == 2
    assert opened.policy_version == 1
    assert proportionality.policy_of(opened).good_window_weeks == 6
    codes = {each.code for each in proportionality.findings(whole_lot(opened.id))}
    assert "short_term" in codes
    later = make_lot(LotState.DRAFT, term_months=30)
    found = {each.code: each for each in proportionality.findings(later)}
    assert "short_term" not in found and "version 2" in found["window_good"].source


def test_a_version_for_a_later_day_does_not_hold_yet(app, manager):
    draft_id = _draft(manager)
    _publish(draft_id, manager, days=1)
    assert proportionality.policy_today().version == 1
    assert queries.policy_on(clock.today() + timedelta(days=1)).version == 2


def test_a_published_version_never_changes(app, manager):
    first = _first().id
    for act in (
        lambda: _save(first, manager, good_window_weeks=8),
        lambda: _levels(first, manager, short_term=Level.OFF),
        lambda: _publish(first, manager),
    ):
        with pytest.raises(Refusal):
            act()
    with pytest.raises(Refusal), write():
        actions.discard_version(first, manager)


def test_there_is_one_draft_at_a_time(app, manager):
    draft_id = _draft(manager)
    with pytest.raises(Refusal):
        _draft(manager)
    with pytest.raises(IntegrityError), write():
        held = actions.numbers_of(queries.version(draft_id))
        db.session.add(MarketPolicy(version=9, created_at=clock.now(), **held))
        db.session.flush()


def test_a_discarded_draft_leaves_nothing_behind(app, manager):
    draft_id = _draft(manager)
    with write():
        actions.discard_version(draft_id, manager)
    assert [each.version for each in queries.versions()] == [1]
    assert queries.version(_draft(manager)).version == 2


def test_nothing_is_published_for_the_past_or_without_a_cap_for_everything(app, manager):
    draft_id = _draft(manager)
    with pytest.raises(Refusal):
        _publish(draft_id, manager, days=-1)
    held = actions.caps_of(queries.version(draft_id))
    with write():
        actions.save_caps(draft_id, held[:-1], fingerprint(held), manager)
    with pytest.raises(Refusal, match="last row"):
        _publish(draft_id, manager)
    assert queries.version(draft_id).state is PolicyState.DRAFT


def test_what_a_version_changes_is_told_in_words(app, manager):
    draft_id = _draft(manager)
    _save(draft_id, manager, hour_pence=30_00)
    _levels(draft_id, manager, mobilisation=Level.BLOCKS)
    held = actions.caps_of(queries.version(draft_id))
    with write():
        actions.save_caps(draft_id, [held[0][:3] + (1_200,), *held[1:]], fingerprint(held), manager)
    told = [
        (str(each.what), str(each.before), str(each.after))
        for each in compared(_first(), queries.version(draft_id))
    ]
    assert told == [
        ("What an hour costs", "£25", "£30"),
        ("Short time to get ready", "Worth a second look", "Keeps the lot from opening"),
        (
            "Caps, row 1",
            "Grant under £30,000: 8 questions, 1,500 words",
            "Grant under £30,000: 8 questions, 1,200 words",
        ),
    ]


def test_of_two_editors_neither_loses_words(app, manager):
    draft_id = _draft(manager)
    seen = fingerprint(actions.numbers_of(queries.version(draft_id)))
    _save(draft_id, manager, good_window_weeks=8)
    with pytest.raises(Overtaken), write():
        actions.save_numbers(draft_id, {"good_window_weeks": 7}, seen, manager)
    assert queries.version(draft_id).good_window_weeks == 8


def test_only_the_framework_manager_changes_the_policy(app):
    for role in (Role.AUDITOR, Role.DIRECTOR, Role.ADMINISTRATOR):
        with pytest.raises(Refused), write():
            actions.start_version(_first().id, acting_as(make_person(role)))


def test_a_manager_drafts_changes_compares_and_publishes_on_screen(client):
    sign_in(client, make_person(Role.FRAMEWORK_MANAGER))
    draft = client.submit("/policies", "Draft the next version")
    url = draft.request.path
    assert "Nothing has been changed yet" in draft.page.text
    wrong = client.submit(f"{url}/numbers", "Save", answers_due_days="7", season_to_day="32")
    assert "Answers must be due after the questions end" in wrong.page.text
    saved = client.submit(f"{url}/numbers", "Save", good_window_weeks="8")
    assert "Good time to bid, in weeks" in saved.page.text
    client.submit(f"{url}/rules", "Save", short_term="off")
    client.submit(f"{url}/caps", "Save", {"words-1": "1,200"})
    day = clock.today()
    done = client.submit(
        f"{url}/publish",
        "Publish this version",
        {
            "valid_from-day": day.day,
            "valid_from-month": day.month,
            "valid_from-year": day.year,
        },
    )
    assert "In force" in done.page.text and "never changes" in done.page.text
    for words in ("Not checked", "1,200 words", "What changes against version 1"):
        assert words in done.page.text
    assert client.get(f"{url}/numbers").status_code == 409


def test_two_managers_on_one_page_are_told(client, manager):
    draft_id = _draft(manager)
    sign_in(client, make_person(Role.FRAMEWORK_MANAGER))
    page = client.show(f"/policies/{draft_id}/numbers")
    _save(draft_id, manager, good_window_weeks=8)
    answer = client.submit(page, "Save", good_window_weeks="7")
    assert "Somebody else saved this page" in answer.page.text
    assert "Saved now: 8" in answer.page.text
    client.submit(answer.page, "Save")
    assert queries.version(draft_id).good_window_weeks == 7


def test_publishing_records_the_version(app):
    lot = make_lot(LotState.DRAFT)
    director = acting_as(make_person(Role.DIRECTOR, lot.lead_buyer), lot.lead_buyer)
    assert lot.policy_version is None
    with write():
        lot_actions.publish_lot(lot.id, director)
    assert whole_lot(lot.id).policy_version == 1


def test_half_a_row_of_caps_is_not_dropped_in_silence(client, manager):
    draft_id = _draft(manager)
    sign_in(client, make_person(Role.FRAMEWORK_MANAGER))
    answer = client.submit(f"/policies/{draft_id}/caps", "Save", {"questions-5": "3"})
    assert "Enter a number, or leave the whole row empty" in answer.page.text
