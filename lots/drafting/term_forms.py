"""The pages on staff, terms and dates as forms."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.drafting.forms import PageForm
from lots.forms import choices
from lots.models import Lot
from lots.proportionality import first_closing, in_closed_season
from lots.vocabulary import ONWARD_SHARING, TRANSFERS, OnwardSharing, Transfer
from marketplace import calendar
from marketplace.clock import today
from marketplace.web.fields import (
    DateField,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
    Words,
)
from marketplace.web.filters import shown_date

LATEST = 2099


class StaffForm(PageForm):
    """Whether staff of today's provider move, and who pays for what that brings."""

    transfer = RadioField(
        _l("Will staff who do this work today move to the new provider?"),
        [Required(_l("Select whether staff will move"))],
    )
    transfer_liabilities = LongTextField(
        _l("Who bears the costs and liabilities, and for what?"),
        [Words(300)],
        called=_l("Liabilities"),
        description=_l(
            "Pensions, redundancy, holiday owed, claims from before the move. Leave empty where "
            "nobody’s job moves."
        ),
    )

    def offer(self, lot: Lot) -> None:
        """The three answers."""
        self.transfer.choices = choices(TRANSFERS)

    def validate_transfer_liabilities(self, field: Any) -> None:
        """Where staff may move, bidders must know who bears what."""
        if self.transfer.data in (Transfer.YES, Transfer.MAY) and not (field.data or "").strip():
            raise ValidationError(_("Say who bears the costs and liabilities"))

    def values(self) -> dict[str, Any]:
        """The page's values."""
        return super().values() | {"transfer": Transfer(self.transfer.data)}


class TermsForm(PageForm):
    """What the terms say, in words that a bidder understands before bidding."""

    publicity_terms = LongTextField(
        _l("What must the provider say, or not say, in public?"),
        [Required(_l("Say in plain words what the publicity terms are")), Words(200)],
        called=_l("Publicity terms"),
        description=_l("For example, that leaflets name the funder."),
    )
    speaking = RadioField(
        _l("May the provider speak publicly about the service, and criticise it?"),
        [Required(_l("Select yes or no"))],
    )
    data_terms = LongTextField(
        _l("What must the provider do with people’s data?"),
        [Required(_l("Say in plain words what the data duties are")), Words(300)],
        called=_l("Data duties"),
        description=_l("What it records, where, who sees it, and for how long it is kept."),
    )
    onward_sharing = RadioField(
        _l("Is people’s data passed on for purposes other than the service?"),
        [Required(_l("Select one"))],
    )

    def offer(self, lot: Lot) -> None:
        """The answers."""
        self.speaking.choices = [SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))]
        self.onward_sharing.choices = choices(ONWARD_SHARING)

    def fill(self, held: dict[str, Any]) -> None:
        """Show what the page holds."""
        super().fill(held)
        self.speaking.data = "no" if held["forbids_speaking"] else "yes"

    def values(self) -> dict[str, Any]:
        """The page's values."""
        return {
            "publicity_terms": self.publicity_terms.data,
            "forbids_speaking": self.speaking.data == "no",
            "data_terms": self.data_terms.data,
            "onward_sharing": OnwardSharing(self.onward_sharing.data),
        }


class DatesForm(PageForm):
    """When the lot opens, closes and starts."""

    opens_on = DateField(
        _l("When do you expect to open it?"),
        called=_l("Expected opening"),
        description=_l("Shown while the lot is planned. It opens when it is published."),
    )
    closing_day = DateField(
        _l("Closing day"),
        [Required(_l("Enter the closing day"))],
        description=_l("Bids close at noon, London time, on this day."),
    )
    starts_on = DateField(
        _l("When should the service start?"),
        [Required(_l("Enter when the service should start"))],
        called=_l("Start of the service"),
    )

    def fill(self, held: dict[str, Any]) -> None:
        """Show the closing moment as its day."""
        super().fill(held)
        closes_at = held["closes_at"]
        self.closing_day.data = calendar.day_of(closes_at) if closes_at else None

    def validate_opens_on(self, field: Any) -> None:
        """A day that the calendar knows."""
        _check_known(field)

    def validate_closing_day(self, field: Any) -> None:
        """Noon of a working day that is still to come and outside the closed season."""
        _check_known(field)
        day = field.data
        if day <= today():
            raise ValidationError(_("Closing day must be in the future"))
        if in_closed_season(day):
            raise ValidationError(
                _("No lot closes from 20 December to 5 January. %(next)s", next=_next_day(day))
            )
        if not calendar.is_working_day(day):
            raise ValidationError(f"{_why_closed(day)} {_next_day(day)}")
        if self.opens_on.data and self.opens_on.data >= day:
            raise ValidationError(_("Closing day must be after the expected opening"))

    def validate_starts_on(self, field: Any) -> None:
        """A service starts after its bids are in."""
        _check_known(field)
        closing = self.closing_day.data
        if closing and field.data <= closing:
            raise ValidationError(_("Start of the service must be after the closing day"))

    def values(self) -> dict[str, Any]:
        """The page's values, the closing day as noon in London."""
        day = self.closing_day.data
        return {
            "opens_on": self.opens_on.data,
            "closes_at": calendar.closing_moment(day) if day else None,
            "starts_on": self.starts_on.data,
        }


def _check_known(field: Any) -> None:
    first = today().year - 1
    if field.data is not None and not first <= field.data.year <= LATEST:
        raise ValidationError(
            _("Enter a year from %(first)s to %(last)s", first=first, last=LATEST)
        )


def _why_closed(day: date) -> str:
    if day.weekday() >= 5:
        return _("%(day)s is a weekend day.", day=shown_date(day))
    parts = calendar.parts_on_holiday(day)
    if len(parts) == len(calendar.PARTS):
        return _("%(day)s is a bank holiday.", day=shown_date(day))
    where = ", ".join(str(calendar.PARTS[part]) for part in parts)
    return _("%(day)s is a bank holiday in %(parts)s.", day=shown_date(day), parts=where)


def _next_day(day: date) -> str:
    possible = first_closing(day, 0, 0)
    return _("The next day on which it can close is %(day)s.", day=shown_date(possible))
