"""Drafting, publishing and closing as rules, without screens."""

from __future__ import annotations

import pytest
from nacl.public import PublicKey, SealedBox
from sqlalchemy import select

from lots import actions, jobs, keys, queries
from lots.drafting import actions as drafting
from lots.drafting import drafts, questions
from lots.models import Lot
from lots.vocabulary import EndReason, LotState, Task
from marketplace import calendar, clock
from marketplace.accounts.models import Person
from marketplace.acting import OrganisationKind, Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.actions import compose
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import Refused
from tests.support.lots import (
    make_lot,
    make_open_lot,
    make_region,
    page_values,
    pass_closing,
    whole_lot,
)
from tests.support.people import acting_as, make_organisation, make_person


def _director_of(lot):
    return acting_as(make_person(Role.DIRECTOR, lot.lead_buyer))


def _officer_of(lot):
    return acting_as(make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer))


def test_a_director_publishes_under_fresh_keys_and_the_drafter_is_told(app):
    lot = make_lot(LotState.DRAFT)
    with write():
        actions.publish_lot(lot.id, _director_of(lot))
    opened = whole_lot(lot.id)
    assert opened.state is LotState.OPEN
    assert len(opened.public_key) == len(opened.price_public_key) == 32
    assert opened.public_key != opened.price_public_key
    cut_off = calendar.day_of(opened.questions_until)
    assert calendar.working_days_between(cut_off, calendar.day_of(opened.closes_at)) == 7
    mail = db.session.scalars(select(OutboxMessage)).one()
    drafter = db.session.get_one(Person, opened.drafted_by_id)
    assert mail.recipient == drafter.email
    letter = compose(mail)
    assert opened.reference in letter["Subject"]
    assert f"/opportunities/{lot.id}" in letter.get_content()


def test_two_lots_never_share_keys(app):
    assert make_open_lot().public_key != make_open_lot().public_key


def test_an_officer_cannot_publish(app):
    lot = make_lot(LotState.DRAFT)
    with pytest.raises(Refused), write():
        actions.publish_lot(lot.id, _officer_of(lot))
    assert whole_lot(lot.id).state is LotState.DRAFT


def test_nobody_publishes_what_they_drafted_themselves(app):
    buyer = make_region()
    both = acting_as(make_person([Role.COMMISSIONING_OFFICER, Role.DIRECTOR], buyer))
    lot = make_lot(LotState.DRAFT, buyer=buyer)
    with write():
        db.session.get_one(Lot, lot.id).drafted_by_id = both.person_id
    with pytest.raises(Refused), write():
        actions.publish_lot(lot.id, both)


def _asks_more(lot, by):
    values = {"text": "And then?", "guidance": "", "word_limit": 10}
    questions.add_question(lot.id, values | {"criterion_id": lot.criteria[-1].id}, by)


def _changes_a_question(lot, by):
    question = lot.questions[0]
    held = questions.question_values(question)
    seen = drafts.fingerprint(held)
    questions.change_question(lot.id, question.id, held | {"text": "Why?"}, seen, by)


def _removes_a_question(lot, by):
    questions.remove_question(lot.id, lot.questions[1].id, by)


def _changes_a_page(lot, by):
    values = drafts.values_of(lot, Task.SERVICE)
    seen = drafts.fingerprint(values)
    drafting.save_page(lot.id, Task.SERVICE, values | {"summary": "Other words"}, seen, by)


@pytest.mark.parametrize(
    "writes", [_asks_more, _changes_a_question, _removes_a_question, _changes_a_page]
)
def test_nobody_publishes_a_draft_they_wrote_in(app, writes):
    lot = make_lot(LotState.DRAFT)
    both = make_person([Role.COMMISSIONING_OFFICER, Role.DIRECTOR], lot.lead_buyer)
    by = acting_as(both, lot.lead_buyer)
    for _number in range(2):
        with write():
            writes(whole_lot(lot.id), by)
        if writes is not _asks_more:
            break
    with write():
        third = _officer_of(lot)
        _asks_more(whole_lot(lot.id), third)
    with pytest.raises(Refused), write():
        actions.publish_lot(lot.id, by)
    with write():
        actions.publish_lot(lot.id, _director_of(lot))


@pytest.mark.parametrize("kind", [OrganisationKind.PCC, OrganisationKind.OTHER_BUYER])
def test_a_pcc_or_another_buyer_leads_a_lot_too(app, kind):
    lot = make_open_lot(buyer=make_organisation(kind))
    assert lot.state is LotState.OPEN


def test_a_refusal_to_publish_lists_everything_missing(app):
    lot = make_lot(LotState.DRAFT, questions=[], closes_at=None, starts_on=None, summary="")
    with pytest.raises(Refusal) as refusal, write():
        actions.publish_lot(lot.id, _director_of(lot))
    for words in ("Describe what", "Add at least one question", "closing day", "service should"):
        assert words in str(refusal.value.text)


def test_bids_and_prices_open_only_after_closing(app):
    lot = make_open_lot()
    sealed = SealedBox(PublicKey(lot.public_key)).encrypt(b"our bid")
    now = clock.judged_now()
    for opening in (keys.private_key, lambda lot: keys.price_key(lot, now)):
        with pytest.raises(Refusal):
            opening(lot)
    pass_closing(lot)
    closed = whole_lot(lot.id)
    assert SealedBox(keys.private_key(closed)).decrypt(sealed) == b"our bid"
    with pytest.raises(Refusal, match="scores are locked"):
        keys.price_key(closed, None)
    assert bytes(keys.price_key(closed, now).public_key) == closed.price_public_key


def test_a_cancelled_lots_bids_stay_sealed(app):
    lot = make_open_lot()
    with write():
        actions.cancel_lot(lot.id, EndReason.NEED_CHANGED, _director_of(lot))
        clock.set_offset(90 * 86400)
    with pytest.raises(Refusal):
        keys.private_key(whole_lot(lot.id))


def test_the_job_closes_what_is_due_once_and_nothing_else(app):
    due, later = make_open_lot(), make_open_lot()
    with write():
        db.session.get_one(Lot, due.id).closes_at = clock.now()
    assert jobs.close_due(clock.now()) == 1
    assert jobs.close_due(clock.now()) == 0
    assert whole_lot(due.id).state is LotState.CLOSED
    assert whole_lot(later.id).state is LotState.OPEN


def test_the_demonstration_clock_is_told_the_next_closing(app):
    lot = make_open_lot()
    assert queries.next_closing(clock.now()) == lot.closes_at
    assert queries.next_closing(lot.closes_at) is None


def test_a_page_saved_meanwhile_by_somebody_else_is_not_overwritten(app):
    lot = make_lot(LotState.DRAFT)
    seen = drafts.fingerprint(drafts.values_of(lot, Task.SERVICE))
    mine = page_values(title="Mine")[Task.SERVICE]
    theirs = page_values(title="Theirs")[Task.SERVICE]
    with write():
        drafting.save_page(lot.id, Task.SERVICE, theirs, seen, _officer_of(lot))
    with pytest.raises(drafts.Overtaken), write():
        drafting.save_page(lot.id, Task.SERVICE, mine, seen, _officer_of(lot))
    assert whole_lot(lot.id).title == "Theirs"


def test_two_officers_on_different_pages_do_not_disturb_each_other(app):
    lot = make_lot(LotState.DRAFT)
    seen = {task: drafts.fingerprint(drafts.values_of(lot, task)) for task in drafts.PAGES}
    changed = page_values(title="New title", term_months=48)
    for task in (Task.SERVICE, Task.TERM):
        with write():
            drafting.save_page(lot.id, task, changed[task], seen[task], _officer_of(lot))
    saved = whole_lot(lot.id)
    assert (saved.title, saved.term_months) == ("New title", 48)


def test_an_edit_is_audited_by_field_names_only(app):
    lot = make_lot(LotState.DRAFT)
    seen = drafts.fingerprint(drafts.values_of(lot, Task.SERVICE))
    values = page_values(title="Secret plan")[Task.SERVICE]
    with write():
        drafting.save_page(lot.id, Task.SERVICE, values, seen, _officer_of(lot))
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert (event.action, event.details) == ("lot:edited", {"fields": ["title"]})


def test_an_open_lot_is_no_longer_edited(app):
    lot = make_open_lot()
    seen = drafts.fingerprint(drafts.values_of(lot, Task.SERVICE))
    values = page_values(title="Too late")[Task.SERVICE]
    with pytest.raises(Refusal), write():
        drafting.save_page(lot.id, Task.SERVICE, values, seen, _officer_of(lot))


def test_a_criterion_with_a_question_is_not_removed(app):
    lot = make_lot(LotState.DRAFT)
    seen = drafts.fingerprint(drafts.values_of(lot, Task.CRITERIA))
    values = page_values(criteria=[(2, "Local knowledge", 70)])[Task.CRITERIA]
    with pytest.raises(Refusal, match="Quality of the service"), write():
        drafting.save_page(lot.id, Task.CRITERIA, values, seen, _officer_of(lot))


def test_a_discarded_draft_was_never_public_and_a_cancelled_lot_stays_so(app):
    draft, opened = make_lot(LotState.DRAFT), make_open_lot()
    with write():
        actions.cancel_lot(draft.id, EndReason.OTHER, _officer_of(draft))
        actions.cancel_lot(opened.id, EndReason.MONEY_WITHDRAWN, _director_of(opened))
    page = queries.opportunities(queries.Wanted(show=queries.Show.CONCLUDED))
    ours = [lot.id for lot in page.items if lot.source == "own"]
    assert ours == [opened.id]


def test_an_officer_cannot_cancel_what_the_public_has_seen(app):
    lot = make_lot(LotState.PLANNED)
    with pytest.raises(Refused), write():
        actions.cancel_lot(lot.id, EndReason.OTHER, _officer_of(lot))
