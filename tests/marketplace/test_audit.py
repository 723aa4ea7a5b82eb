"""The record of changes: chained, append-only, and a cut tail is found."""

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DatabaseError

from marketplace import audit
from marketplace.audit import AuditEvent, AuditHead, record
from marketplace.clock import ClockOffset
from marketplace.database import db, write


def note(count):
    subject = ClockOffset(id=1, seconds=0)
    for _ in range(count):
        with write():
            record("clock:looked at", subject=subject, by=None, fields=["seconds"])


def test_events_are_numbered_and_the_chain_holds(app):
    note(3)
    assert db.session.scalars(select(AuditEvent.number).order_by(AuditEvent.number)).all()[-3:] == [
        1,
        2,
        3,
    ]
    assert audit.verify().holds


def test_nothing_is_noted_when_the_change_is_undone(app):
    class Changed(Exception):
        pass

    with pytest.raises(Changed), write():
        record("clock:moved", subject=ClockOffset(id=1), by=None)
        raise Changed
    with write():
        pass
    assert db.session.scalar(select(AuditEvent.number)) is None


@pytest.mark.parametrize(
    "change", ["UPDATE audit_event SET action = 'other'", "DELETE FROM audit_event"]
)
def test_the_database_refuses_to_alter_an_event(app, change):
    note(1)
    with pytest.raises(DatabaseError, match="append-only"), write():
        db.session.execute(text(change))


def test_a_forged_event_breaks_the_chain(app):
    note(2)
    with write():
        head = db.session.get(AuditHead, 1)
        forged = {"details": {}, "action": "x", "subject_kind": "y", "at": audit.clock.now()}
        db.session.add(AuditEvent(number=head.count + 1, link=b"f" * 32, **forged))
    verdict = audit.verify()
    assert (verdict.checked, verdict.broken_at) == (2, 3)


def test_a_cut_tail_is_found_by_the_head_that_was_written_out(app, tmp_path, monkeypatch):
    settings = app.extensions["settings"]
    monkeypatch.setitem(
        app.extensions, "settings", settings.model_copy(update={"audit_heads": tmp_path / "heads"})
    )
    note(2)
    assert audit.write_out_head(audit.clock.now()) == 1
    assert audit.write_out_head(audit.clock.now()) == 0
    assert audit.verify().holds
    with write():
        db.session.execute(delete(AuditHead))
    assert not audit.verify().tail_holds


def test_an_event_outside_a_write_is_refused(app):
    with pytest.raises(RuntimeError):
        record("clock:moved", subject=ClockOffset(id=1), by=None)
