"""Every mail about a notice reads well, and leads to a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from lots.contracts.continuity.models import ActKind
from marketplace import outbox
from marketplace.database import db, new_id, write
from marketplace.outbox.actions import compose
from marketplace.outbox.models import OutboxMessage

ROOT = Path(__file__).parents[3]
FOLDERS = {
    "lots/contracts/mail/continuity": ROOT / "lots/templates",
    "referrals/mail/continuity": ROOT / "referrals/templates",
}


def test_each_has_a_subject_a_text_and_a_link(app):
    facts = {
        "reference": "CON-AB1234",
        "act_id": str(new_id()),
        "contract_id": str(new_id()),
        "referral_id": str(new_id()),
        "kind": ActKind.AREA_LOSS,
        "day": "2027-01-29",
        "due": "2027-01-22",
        "service_code": "accommodation",
        "count": 9,
        "stays": True,
    }
    for folder, root in FOLDERS.items():
        templates = sorted((root / folder).glob("*.txt"))
        assert templates
        for path in templates:
            with write():
                outbox.post(f"{folder}/{path.name}", to="a@example.org", facts=facts)
    for message in db.session.scalars(select(OutboxMessage)):
        mail = compose(message)
        text = mail.get_content()
        assert mail["Subject"] and len(mail["Subject"]) < 120, message.template
        assert "http" in text and len(text) > 80, message.template
        # A fact that the mail was not given would leave a gap in its address.
        assert text.count("//") == text.count("://"), message.template
        assert "{" not in text + mail["Subject"] and "%(" not in text, message.template
        assert "area_loss" not in text + mail["Subject"], message.template


@pytest.mark.parametrize("count", [1, 9])
def test_the_practitioner_reads_how_many_and_by_when(app, count):
    facts = {
        "kind": ActKind.ENDING,
        "day": "2027-01-29",
        "due": "2027-01-22",
        "service_code": "accommodation",
        "count": count,
    }
    with write():
        outbox.post("referrals/mail/continuity/decide.txt", to="a@example.org", facts=facts)
    mail = compose(db.session.scalars(select(OutboxMessage)).one())
    cases = "1 case" if count == 1 else "9 cases"
    assert mail["Subject"] == f"Decide on {cases}: The contract ends"
    assert "by 22 January 2027" in mail.get_content()
