"""Risk information stands on its own page only: no mail, list, log, export or file tells of it."""

from __future__ import annotations

import logging

import pytest
from flask import current_app
from sqlalchemy import select, text

from marketplace.database import db, write
from marketplace.observations import Reading
from marketplace.outbox.actions import compose
from marketplace.outbox.models import OutboxMessage
from referrals.answering import actions
from referrals.answering.assigning import assign
from referrals.cases.page import risk_of
from referrals.codes import DeclineReason, EndReason
from referrals.drafts.content import RISK_PARTS
from referrals.early_ends import actions as early_ends
from referrals.reads.queries import KINDS
from tests.support.people import browser_of
from tests.support.referrals import finished_answers, make_draft, send, started

MARK = "Wacholderbeere"
# The draft is its author's alone, who has written the risk information there.
OF_AUTHOR = ("drafts.",)
READERS = ("practitioner", "manager")


@pytest.fixture
def told(house, caplog):
    """A case with a marker in every part of its risk, and everything that tells of it."""
    caplog.set_level(logging.DEBUG)
    parts = {part: f"{MARK} {part}" for part in RISK_PARTS}
    answers = finished_answers(risk={**parts, "understood": True})
    declined = send(house.area_id, house.by.practitioner, answers)
    asked = send(house.area_id, house.by.practitioner, answers)
    with write():
        actions.decline(declined.id, DeclineReason.RISK_TOO_HIGH, house.by.manager)
        actions.query(asked.id, "Which days?", house.by.caseworker)
    with write():
        actions.reply(asked.id, "Any day", house.by.practitioner)
    case = started(asked, house.by.caseworker)
    with write():
        assign(case.id, house.by.second_caseworker.person_id, house.by.manager)
        early_ends.propose(case.id, EndReason.MOVED, "Gone", house.by.caseworker)
    make_draft(house.area_id, house.by.practitioner, answers)
    return case, declined


def pages(case_ids):
    """Every page of a case, every list of this floor, and what is published; with its endpoint."""
    adapter = current_app.url_map.bind("localhost")
    for rule in current_app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.startswith(OF_AUTHOR):
            continue
        if rule.arguments == {"referral_id"}:
            for case_id in case_ids:
                yield rule.endpoint, adapter.build(rule.endpoint, {"referral_id": case_id})
        elif not rule.arguments and _of_cases_or_published(rule.endpoint):
            yield rule.endpoint, adapter.build(rule.endpoint)


def _of_cases_or_published(endpoint):
    module = current_app.view_functions[endpoint].__module__
    return module.startswith(("referrals.", "lots.releases.", "lots.opendata."))


def test_no_page_but_its_own_tells_of_the_risk(app, house, told):
    assert all(MARK in risk_of(told[0])[part] for part in RISK_PARTS)
    looked_at = list(pages([each.id for each in told]))
    assert len(looked_at) > 20
    for name in READERS:
        browser = browser_of(app, house.people[name])
        for endpoint, address in looked_at:
            answer = browser.get(address)
            shown = answer.get_data(as_text=True) if answer.status_code < 400 else ""
            assert (MARK in shown) == (endpoint == "cases.risk"), (name, endpoint)
    # Whatever was recorded on the way, those who may read it are shown.
    kinds = set(db.session.scalars(select(Reading.kind)))
    assert "referral_risk" in kinds <= set(KINDS)


def test_no_mail_audit_log_or_table_tells_of_the_risk(app, house, told, caplog):
    mails = db.session.scalars(select(OutboxMessage)).all()
    assert len(mails) >= 6
    for mail in mails:
        assert MARK not in str(compose(mail)) + (mail.facts or ""), mail.template
    for name, table in db.metadata.tables.items():
        columns = ", ".join(f'"{column.name}"' for column in table.c)
        rows = db.session.execute(text(f'SELECT {columns} FROM "{name}"')).all()
        assert MARK not in repr(rows), name
    browser_of(app, house.people["caseworker"]).get(f"/cases/{told[0].id}/risk")
    assert caplog.records
    assert not [record for record in caplog.records if MARK in repr(vars(record))]
