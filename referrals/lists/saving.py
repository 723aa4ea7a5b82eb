"""Saving a list as a table, a part at a time, with the reason why on record.

No risk, no free text and no restricted case is ever in it; names only where somebody who manages
the work asks for them. The file leaves the product, so what it holds is kept small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import audit, calendar
from marketplace.acting import Acting
from marketplace.organisations.models import Organisation
from marketplace.permissions import check
from referrals.codes import REFERRAL_STATES
from referrals.lists.asking import Asked
from referrals.lists.queries import extent, page
from referrals.lists.rows import CaseRow
from referrals.lists.scopes import Sight, sight
from referrals.models import CLOCK_KINDS, Referral
from referrals.permissions import ReferralPermission

SIZE = 250


class SaveReason(StrEnum):
    """Why a list is saved; stands in the audit."""

    SUPERVISION = "supervision"
    MEETING = "meeting"
    CONTINGENCY = "contingency"
    CHECKING = "checking"
    ASKED_BY_PERSON = "asked_by_person"


SAVE_REASONS = {
    SaveReason.SUPERVISION: _l("To plan work or supervise staff"),
    SaveReason.MEETING: _l("For a meeting about the contract"),
    SaveReason.CONTINGENCY: _l("To work on while systems are down"),
    SaveReason.CHECKING: _l("To check against another record"),
    SaveReason.ASKED_BY_PERSON: _l("Somebody asked what is held about them"),
}


@dataclass(frozen=True)
class Part:
    """One part of a list as a table."""

    header: Sequence[str]
    rows: Sequence[Sequence[object]]


def size_of_part(asked: Asked, by: Acting) -> tuple[int, str | None]:
    """How many cases the part asked for has, and where the next begins; None after the last."""
    return extent(by, asked, _without_restricted(by), SIZE)


def save(asked: Asked, reason: SaveReason, with_names: bool, by: Acting) -> Part:
    """The part of the list asked for, and the audit's record of it. Raises Refused."""
    check(by, ReferralPermission.SAVE_LIST)
    if with_names:
        check(by, ReferralPermission.SAVE_NAMES)
    rows = page(by, asked, _without_restricted(by), SIZE).rows
    facts = {"list": asked.tab, "cases": len(rows), "reason": reason, "names": with_names}
    acted_for = Organisation(id=by.organisation_id)
    audit.record("referral:save_list", subject=acted_for, by=by, facts=facts)
    names = [_("Name"), _("CRN")] if with_names else []
    header = [
        _("Reference"),
        *names,
        _("State"),
        _("Service"),
        _("Sent"),
        _("Due next"),
        _("Due on"),
        _("Overdue"),
        _("Practitioner"),
        _("Caseworkers"),
        _("Ended"),
    ]
    return Part(header, [_cells(each, with_names) for each in rows])


def _without_restricted(by: Acting) -> Sight:
    seen = sight(by)
    return Sight(seen.visible & Referral.is_restricted.is_(False), seen.scopes)


def _cells(row: CaseRow, with_names: bool) -> list[object]:
    names = [row.name, row.crn] if with_names else []
    return [
        row.reference,
        *names,
        REFERRAL_STATES[row.state],
        row.service,
        calendar.day_of(row.sent_at).isoformat(),
        CLOCK_KINDS[row.clock.kind] if row.clock else "",
        row.clock.due_on.isoformat() if row.clock else "",
        _("Yes") if row.is_overdue else "",
        row.practitioner,
        ", ".join(row.caseworkers),
        calendar.day_of(row.ended_at).isoformat() if row.ended_at else "",
    ]
