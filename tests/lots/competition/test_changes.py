"""Three kinds of change to an open lot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lots import actions, deadlines, proportionality
from lots.competition import changes, closing, held, queries
from lots.competition.vocabulary import ChangeKind, ChangeState
from lots.models import Lot
from lots.notices.models import Notice
from lots.notices.vocabulary import NoticeKind
from lots.vocabulary import EndReason
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import Refused
from tests.support.competition import (
    SPELT,
    all_changes,
    changed,
    clarified,
    corrected,
    director_of,
    materially_changed,
    move_to,
    officer_of,
    provider_person,
    wanted,
)
from tests.support.lots import make_open_lot, whole_lot
from tests.support.people import acting_as, make_person, sign_in

NEW = "Support for women, in other words."
WORDS = (ChangeKind.COSMETIC, ChangeKind.CLARIFYING)


def question_of(lot, column="text"):
    return f"question:{lot.questions[0].id}:{column}"


@pytest.mark.parametrize(
    ("make", "kind", "text"),
    [(corrected, ChangeKind.COSMETIC, SPELT), (clarified, ChangeKind.CLARIFYING, NEW)],
)
def test_before_and_after_are_kept_and_closing_stays(app, make, kind, text):
    lot = make_open_lot()
    make(lot)
    assert whole_lot(lot.id).summary == text
    (change,) = queries.changes_made(lot.id)
    assert change.fields == [{"name": "summary", "old": lot.summary, "new": text}]
    assert (change.kind, change.why, change.closing_after) == (kind, "They were unclear.", None)
    assert whole_lot(lot.id).closes_at == lot.closes_at


@pytest.mark.parametrize("column", ["summary", "eligibility_note", "text", "guidance"])
def test_nobody_rewrites_a_text_alone(app, column):
    lot = make_open_lot()
    name = column if column in held.TEXTS else question_of(lot, column)
    values = {name: "Show your own building in the county, and ten years of work for us."}
    with pytest.raises(Refusal, match="more than a correction of spelling"):
        changed(lot, ChangeKind.COSMETIC, officer_of(lot), values=values)
    change_id = changed(lot, ChangeKind.CLARIFYING, officer_of(lot), values=values)
    assert held.held(whole_lot(lot.id))[name] != values[name]
    with pytest.raises(Refused), write():
        changes.approve_change(change_id, officer_of(lot))
    with write():
        changes.approve_change(change_id, director_of(lot))
    assert held.held(whole_lot(lot.id))[name] == values[name]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You recieve mail, and accomodation.", "You receive mail and accommodation"),
        ("dont stop", "don’t stop"),
        ("Mae’r gwasanaeth yn cychwin.", "Mae’r gwasanaeth yn cychwyn."),
        ("two  spaces", "Two spaces."),
    ],
)
def test_spelling_is_corrected_alone(old, new):
    assert held.only_spelling(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You may come.", "You may not come."),
        ("You may come.", "You must come."),
        ("They cannot stay.", "They can stay."),
        ("Work of 2 years.", "Work of 9 years."),
        ("Work of two years.", "Work of ten years."),
        ("People able to work", "People unable to work"),
        ("legal advice", "illegal advice"),
        ("", "Something."),
        ("Something.", ""),
        ("a" * 20_000, "b" * 20_000),
        ("accomodation " * 30, "accommodation " * 30),
        ("." * 20_000, "-" * 20_000),
    ],
)
def test_what_may_change_the_sense_is_no_spelling(old, new):
    assert not held.only_spelling(old, new)


def test_no_demand_comes_in_by_a_change_that_could_not_have_opened(app, monkeypatch):
    lot = make_open_lot()
    monkeypatch.setattr(
        changes.proportionality,
        "missing_to_publish",
        lambda judged: ["Stood before."] + (["Too much."] if judged.starts_low == 900 else []),
    )
    with pytest.raises(Refusal, match="^Too much.$"):
        changed(lot, ChangeKind.MATERIAL, officer_of(lot), values={"starts_low": 900})
    assert whole_lot(lot.id).starts_low == lot.starts_low
    materially_changed(lot, values={"starts_low": 12})


def test_the_service_starts_after_the_closing_and_both_may_move(app):
    lot = make_open_lot()
    day = calendar.next_working_day(lot.starts_on)
    while proportionality.in_closed_season(day):
        day = calendar.next_working_day(day + timedelta(days=1))
    with pytest.raises(Refusal, match="start after the closing"):
        changed(lot, ChangeKind.MATERIAL, officer_of(lot), closes_on=day)
    later = {"starts_on": (day + timedelta(days=90)).isoformat()}
    materially_changed(lot, closes_on=day, values=later)
    assert whole_lot(lot.id).closes_at == calendar.closing_moment(day)
    early = {"starts_on": day.isoformat()}
    with pytest.raises(Refusal, match="start after the closing"):
        changed(lot, ChangeKind.MATERIAL, officer_of(lot), values=early)


def test_a_start_overtaken_by_the_closing_is_not_made(app):
    lot = make_open_lot()
    first = calendar.day_of(lot.closes_at)
    starts = {"starts_on": (first + timedelta(days=1)).isoformat()}
    change_id = changed(lot, ChangeKind.MATERIAL, officer_of(lot), values=starts)
    with write():
        day = calendar.add_working_days(first, 3)
        closing.move_closing(lot.id, day, "Time.", officer_of(lot))
    with pytest.raises(Refusal, match="must start after"), write():
        changes.approve_change(change_id, director_of(lot))
    assert whole_lot(lot.id).starts_on == lot.starts_on


def test_a_clarification_is_announced_and_a_correction_of_words_is_only_listed(app):
    lot = make_open_lot()
    corrected(lot)
    noticed = select(Notice).where(Notice.lot_id == lot.id, Notice.kind == NoticeKind.CHANGE)
    assert db.session.scalars(noticed).all() == []
    clarified(lot)
    (notice,) = db.session.scalars(noticed)
    assert notice.facts["change"] == "clarifying"


def test_a_changed_question_keeps_its_id_and_limits(app):
    lot = make_open_lot()
    values = {question_of(lot): "How would you do it?", question_of(lot, "guidance"): "Briefly."}
    clarified(lot, values=values)
    question = whole_lot(lot.id).questions[0]
    assert (question.id, question.word_limit) == (lot.questions[0].id, lot.questions[0].word_limit)
    assert (question.text, question.guidance) == ("How would you do it?", "Briefly.")


TERMS = ("transfer_liabilities", "publicity_terms", "data_terms")


@pytest.mark.parametrize("name", TERMS)
def test_the_terms_on_staff_publicity_and_data_change_and_are_never_emptied(app, client, name):
    lot = make_open_lot()
    new = "The buyer bears redundancy & pensions."
    clarified(lot, values={name: new})
    assert getattr(whole_lot(lot.id), name) == new
    assert new in client.show(f"/opportunities/{lot.id}").text
    with pytest.raises(Refusal, match="never be emptied"):
        changed(lot, ChangeKind.CLARIFYING, officer_of(lot), values={name: ""})


@pytest.mark.parametrize("kind", WORDS)
@pytest.mark.parametrize("values", [{"starts_low": 12}, {"starts_on": "2040-01-09"}])
def test_figures_and_the_start_are_material(app, kind, values):
    lot = make_open_lot()
    with pytest.raises(Refusal, match="material"):
        changed(lot, kind, officer_of(lot), values=values)


def test_a_correction_of_words_moves_no_closing(app):
    lot = make_open_lot()
    day = calendar.add_working_days(calendar.day_of(lot.closes_at), 3)
    with pytest.raises(Refusal, match="does not move"):
        changed(lot, ChangeKind.COSMETIC, officer_of(lot), closes_on=day)


def test_nothing_changed_is_refused_and_an_emptied_question_too(app):
    lot = make_open_lot()
    with pytest.raises(Refusal, match="Nothing has been changed"):
        changed(lot, ChangeKind.CLARIFYING, officer_of(lot), values={})
    with pytest.raises(Refusal, match="cannot be emptied"):
        changed(lot, ChangeKind.CLARIFYING, officer_of(lot), values={question_of(lot): ""})


def test_money_areas_and_word_limits_are_not_among_what_changes(app):
    names = set(held.held(make_open_lot()))
    assert not any(word in name for name in names for word in ("value", "area", "limit", "weight"))


def test_a_material_change_waits_for_another_person_and_moves_closing(app):
    lot = make_open_lot()
    officer = officer_of(lot)
    change_id = changed(lot, ChangeKind.MATERIAL, officer, values={"starts_low": 12})
    assert whole_lot(lot.id).starts_low != 12
    move_to(lot.closes_at - timedelta(days=2))
    with write():
        changes.approve_change(change_id, director_of(lot))
    now = whole_lot(lot.id)
    assert now.starts_low == 12
    assert now.closes_at == deadlines.after_material_change(clock.now()) > lot.closes_at
    (change,) = all_changes(lot)
    assert (change.closing_before, change.closing_after) == (lot.closes_at, now.closes_at)
    assert change.made_by_id != officer.person_id
    with pytest.raises(AlreadyChanged), write():
        changes.approve_change(change_id, director_of(lot))


def test_with_time_enough_left_a_material_change_moves_nothing(app):
    lot = make_open_lot()
    materially_changed(lot)
    assert whole_lot(lot.id).closes_at == lot.closes_at
    assert all_changes(lot)[0].closing_after is None


def test_nobody_approves_what_they_proposed_nor_elsewhere(app):
    lot = make_open_lot()
    both = make_person([Role.COMMISSIONING_OFFICER, Role.DIRECTOR], lot.lead_buyer)
    by = acting_as(both, lot.lead_buyer)
    change_id = changed(lot, ChangeKind.MATERIAL, by)
    for who in (by, officer_of(lot), director_of(make_open_lot()), provider_person()):
        with pytest.raises(Refused), write():
            changes.approve_change(change_id, who)
    with write():
        changes.drop_change(change_id, by)
    assert all_changes(lot)[0].state is ChangeState.DROPPED
    assert whole_lot(lot.id).summary == lot.summary


def test_one_proposal_waits_at_a_time(app):
    lot = make_open_lot()
    changed(lot, ChangeKind.MATERIAL, officer_of(lot))
    with pytest.raises(Refusal, match="already waits"):
        changed(lot, ChangeKind.MATERIAL, officer_of(lot))


def test_a_proposal_overtaken_by_another_change_is_not_made(app):
    lot = make_open_lot()
    change_id = changed(lot, ChangeKind.MATERIAL, officer_of(lot))
    corrected(lot)
    with pytest.raises(Refusal, match="changed since"), write():
        changes.approve_change(change_id, director_of(lot))
    assert whole_lot(lot.id).summary == SPELT
    assert all_changes(lot)[0].state is ChangeState.PROPOSED


def test_a_page_opened_before_a_change_saves_nothing(app):
    lot = make_open_lot()
    old = wanted(lot.id, ChangeKind.CLARIFYING, values={"summary": "Mine."})
    corrected(lot)
    with pytest.raises(changes.ChangedMeanwhile), write():
        changes.change_lot(lot.id, old, officer_of(lot))
    assert whole_lot(lot.id).summary == SPELT


def test_nothing_changes_once_the_closing_is_reached_or_the_lot_is_cancelled(app):
    lot, cancelled = make_open_lot(), make_open_lot()
    proposed = changed(lot, ChangeKind.MATERIAL, officer_of(lot))
    with write():
        actions.cancel_lot(cancelled.id, EndReason.NEED_CHANGED, director_of(cancelled))
    with pytest.raises(Refusal, match="not open"):
        corrected(cancelled)
    move_to(lot.closes_at)
    with pytest.raises(Refusal, match="not open"), write():
        changes.approve_change(proposed, director_of(lot))


def test_the_audit_names_fields_never_texts(app):
    lot = make_open_lot()
    clarified(lot)
    found = select(AuditEvent).where(AuditEvent.action == "lot:changed")
    (event,) = db.session.scalars(found)
    assert event.details == {"fields": ["summary"], "kind": "clarifying"}


def test_an_officer_proposes_a_decider_approves_and_everybody_reads_before_and_now(app, client):
    lot = make_open_lot()
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer), lot.lead_buyer)
    page = client.submit(f"/lots/{lot.id}/change", "Go on", f_summary="<b>Plain</b> words")
    assert "Select the kind of change" in page.text and "<b>Plain</b> words" in page.page.text
    typed = {"kind": "clarifying", "what": "The words.", "why": "Unclear."}
    answer = client.submit(page.page, "Go on", typed)
    assert "Waiting for approval" in answer.page.text
    assert "<b>Plain</b>" not in client.show(f"/opportunities/{lot.id}").text
    sign_in(client, make_person(Role.DIRECTOR, lot.lead_buyer), lot.lead_buyer)
    (waiting,) = all_changes(lot)
    answer = client.submit(f"/lots/changes/{waiting.id}", "Approve the change")
    assert whole_lot(lot.id).summary == "<b>Plain</b> words"
    assert "Made" in answer.page.text and "confirm it" not in answer.page.text
    public = client.show(f"/opportunities/{lot.id}")
    assert "Before and now" in public.text and lot.summary in public.text


def test_what_was_typed_is_kept_where_somebody_was_faster(app, client):
    lot = make_open_lot()
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer), lot.lead_buyer)
    page = client.show(f"/lots/{lot.id}/change")
    clarified(lot, values={"eligibility_note": "Theirs."})
    typed = {"kind": "clarifying", "what": "The words.", "why": "Unclear.", "f_summary": "Mine."}
    answer = client.submit(page, "Go on", typed)
    assert "Somebody else has changed" in answer.page.text and "Mine." in answer.page.text


def test_the_closing_is_moved_on_screen(app, client):
    lot = make_open_lot()
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer), lot.lead_buyer)
    day = calendar.day_of(lot.closes_at) - timedelta(days=1)
    typed = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "why": "So."}
    page = client.submit(f"/lots/{lot.id}/closing", "Move the closing", typed)
    assert "only moves forward" in page.page.text
    assert db.session.get_one(Lot, lot.id).closes_at == lot.closes_at
