"""The cases somebody may hand over or move, to tick them on a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.accounts.queries import names_of_people
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours
from marketplace.web.fields import SelectChoice
from referrals.codes import REFERRAL_STATES
from referrals.handing.actions import MOST
from referrals.models import Referral
from referrals.permissions import belongs_to, visible_to
from referrals.services.directory import directory_now, listings_of


@dataclass(frozen=True)
class Ticks:
    """A page of cases as tick boxes: each with its name, and whose and where it is."""

    page: Page
    choices: list[SelectChoice]
    hints: dict[str, str]


def ticks(by: Acting, owner_id: UUID | None, service_id: UUID | None) -> Ticks:
    """The open cases that this person may hand over or move, the longest going first.

    Only those of one practitioner, or at one service, where given.
    """
    cases = select(Referral).where(may_hand(by), Referral.ended_at.is_(None))
    if owner_id is not None:
        cases = cases.where(Referral.owner_id == owner_id)
    if service_id is not None:
        cases = cases.where(Referral.contract_area_id == service_id)
    page = paged(cases.order_by(Referral.sent_at, Referral.id), MOST)
    return Ticks(page, *_shown(page.items))


def _shown(cases: Sequence[Referral]) -> tuple[list[SelectChoice], dict[str, str]]:
    names = names_of_people(each.owner_id for each in cases)
    services = listings_of([each.contract_area_id for each in cases], directory_now())
    choices = [
        SelectChoice(
            str(each.id),
            _("%(name)s, %(reference)s", name=each.name, reference=each.reference),
        )
        for each in cases
    ]
    hints = {
        str(each.id): " · ".join(
            (
                names.get(each.owner_id, ""),
                services[each.contract_area_id],
                str(REFERRAL_STATES[each.state]),
            )
        )
        for each in cases
    }
    return choices, hints


def chosen(referral_ids: Sequence[UUID], by: Acting) -> list[Referral]:
    """These cases, for showing once more. Raises NotYours where one may not be known of."""
    wanted = set(referral_ids)
    found = db.session.scalars(
        select(Referral)
        .where(Referral.id.in_(wanted), may_hand(by))
        .order_by(Referral.sent_at, Referral.id)
    ).all()
    if len(found) != len(wanted):
        raise NotYours()
    return list(found)


def may_hand(by: Acting) -> ColumnElement[bool]:
    """The condition on `Referral` that this person may: the same as the policy's rows."""
    any_of_team = true() if by.has(Role.TEAM_MANAGER) else false()
    same = Referral.organisation_id == by.organisation_id
    return visible_to(by) & same & or_(belongs_to(by.person_id), any_of_team)


def owners(by: Acting) -> list[SelectChoice]:
    """Whose open cases these are, for choosing one of them; by name."""
    ids = db.session.scalars(_open(by, Referral.owner_id)).all()
    names = sorted(names_of_people(ids).items(), key=lambda each: each[1].casefold())
    return [SelectChoice(str(each), name) for each, name in names]


def services_of(by: Acting) -> list[SelectChoice]:
    """At which services these open cases are, for choosing one of them."""
    ids = db.session.scalars(_open(by, Referral.contract_area_id)).all()
    found = sorted(listings_of(list(ids), directory_now()).items(), key=lambda each: each[1])
    return [SelectChoice(str(each), name) for each, name in found]


def _open(by: Acting, column: InstrumentedAttribute[UUID]) -> Select[UUID]:
    return select(column).where(may_hand(by), Referral.ended_at.is_(None)).distinct()
