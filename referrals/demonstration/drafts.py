"""Drafts half written, a person referred again, and a case-management system to look people up."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from lots.contracts.models import ContractArea
from lots.demonstration.lots import find
from marketplace import clock
from marketplace.acting import Acting, Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for
from marketplace.settings import Settings
from referrals.case_system.files import PEOPLE
from referrals.codes import ReferralState
from referrals.demonstration.cases import area_of
from referrals.drafted import ReferralDraft
from referrals.drafts.actions import add_service, begin_draft
from referrals.drafts.copying import copy_to_draft
from referrals.drafts.offering import COPIED_RISK
from referrals.models import Referral
from referrals.sending.actions import send_referral
from referrals.write_back.models import WriteBackReader
from referrals.write_back.reading import SENT, start_from

LASTS = timedelta(days=120)
TOLD_OF = 10
IN_THE_SYSTEM = (
    ("X910001", "Rhiannon Cope", "1991-04-03", "female", "cy", "01632 960101"),
    ("X910002", "Declan O’Hare", "1987-11-19", "male", "en", "01632 960102"),
    ("A9100CD", "Samira Noor", "1999-07-28", "female", "so", ""),
)
IN_PRISON = {
    "crn": {"crn": "A9100CD"},
    "name": {"name": "Samira Noor"},
    "born": {"date_of_birth": "1999-07-28"},
    "sex": {"sex": "female"},
    "area": {"area": "northumbria"},
    "whereabouts": {"whereabouts": "custody"},
    "establishment": {
        "prison": "low-newton",
        "prison_name": "HMP/YOI Low Newton",
        "other_prison": "",
    },
    "allocated": {"allocated": "no"},
    "released": {"released": "yes"},
}


def build() -> None:
    """Add what is not there yet."""
    _write_people()
    by = acting_for("north-east", Role.PRACTITIONER)
    with write():
        _refer_again(by)
    with write():
        _begin_for_two(acting_for("prison", Role.PRISON_PRACTITIONER))
    with write():
        _begin_write_back()


def _write_people() -> None:
    settings: Settings = current_app.extensions["settings"]
    folder = settings.case_system_folder
    if folder is None or (folder / PEOPLE).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    names = ("crn", "name", "date_of_birth", "sex", "language", "phone")
    people = [dict(zip(names, known, strict=True)) for known in IN_THE_SYSTEM]
    (folder / PEOPLE).write_text(json.dumps(people, ensure_ascii=False, indent=1), "utf-8")


def _service(key: str) -> ContractArea | None:
    lot = find(key)
    return area_of(lot, "northumbria") if lot else None


def _refer_again(by: Acting) -> None:
    """Somebody whose work with one service is done goes to another, with what was typed."""
    target, source = _service("homes-north-east"), _service("women-north-east")
    if target is None or source is None:
        return
    sent = select(Referral.id).where(
        Referral.contract_area_id == target.id,
        Referral.author_id == by.person_id,
        Referral.copied_from_id.is_not(None),
    )
    if db.session.scalar(sent.limit(1)) is not None:
        return
    done = select(Referral.id).where(
        Referral.contract_area_id == source.id,
        Referral.state == ReferralState.COMPLETED,
        Referral.owner_id == by.person_id,
    )
    earlier = db.session.scalar(done.order_by(Referral.sent_at).limit(1))
    if earlier is None:
        return
    draft = copy_to_draft(earlier, target.id, by)
    answers = json.loads(draft.answers)
    complete_by = clock.today() + LASTS
    answers["risk"] = answers.pop(COPIED_RISK) | {"understood": True}
    answers["complete-by"] = {"complete_by": complete_by.isoformat()}
    answers["sentence"] = {"has_end": "yes", "ends_on": (complete_by + LASTS).isoformat()}
    answers["outcomes-accommodation"] = {"outcomes": ["accommodation-1"]}
    answers["complexity-accommodation"] = {"complexity": "medium"}
    draft.answers = json.dumps(answers)
    db.session.flush()
    send_referral(draft.id, target.id, by)


def _begin_for_two(by: Acting) -> None:
    """Somebody in prison without an allocated practitioner, for two services at once."""
    first, second = _service("homes-north-east"), _service("women-north-east")
    begun = select(ReferralDraft.id).where(ReferralDraft.author_id == by.person_id)
    if first is None or second is None or db.session.scalar(begun.limit(1)) is not None:
        return
    draft = begin_draft(first.id, by, IN_PRISON)
    db.session.flush()
    add_service(draft.id, second.id, by)


def _begin_write_back() -> None:
    """The case-management system is told of the newest referrals; all would be a long night."""
    if db.session.get(WriteBackReader, 1) is not None:
        return
    numbers = select(AuditEvent.number).where(AuditEvent.action == SENT)
    newest = db.session.scalars(numbers.order_by(AuditEvent.number.desc()).limit(TOLD_OF)).all()
    if newest:
        start_from(newest[-1] - 1)
