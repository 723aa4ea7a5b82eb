"""What this room shows on the pages of others: overrides, the burden meter, the quiz's link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from lots.models import Lot
from lots.permissions import LotPermission
from lots.proportionality.burden import Burden, burden_of, in_words
from lots.proportionality.findings import Finding
from lots.proportionality.judging import findings, published_overrides
from lots.proportionality.vocabulary import RULES
from lots.vocabulary import EDITABLE, LotState, Source, Task
from marketplace import clock
from marketplace.acting import ROLES, Acting
from marketplace.permissions import allowed
from marketplace.registry import panels
from marketplace.web.acting import acting
from marketplace.web.pictures import Bar


@dataclass(frozen=True)
class Checked:
    """A draft as the check and the meter see it; `found` is of one page where one was asked for."""

    found: list[Finding]
    blocking: int
    burden: Burden


def checked(lot: Lot, task: Task | None = None) -> Checked:
    """Judge a lot, stored or not, for one page of its draft or for all."""
    every = findings(lot)
    mine = [each for each in every if task is None or each.task == task]
    return Checked(mine, sum(each.stands for each in every), burden_of(lot))


def _on_public_page(lot: Lot, by: Acting | None) -> Any:
    if lot.source == Source.PUBLISHED:
        return ""
    return Markup(
        render_template(
            "lots/proportionality/public.html",
            lot=lot,
            found=published_overrides(lot),
            burden=burden_of(lot) if lot.questions else None,
            biddable=_may_still_bid(lot),
        )
    )


def _may_still_bid(lot: Lot) -> bool:
    past = lot.closes_at is not None and lot.closes_at <= clock.now()
    ahead = lot.state in (LotState.PLANNED, LotState.APPROVED)
    return ahead or (lot.state is LotState.OPEN and not past)


def bars(burden: Burden) -> list[Bar]:
    """One bid beside what a small organisation can spare."""
    return [
        Bar(_("One bid"), burden.hours_each, _("%(num)s hours", num=burden.hours_each)),
        Bar(
            _("What a small organisation can spare"),
            burden.small_bid_hours,
            _("%(num)s hours", num=burden.small_bid_hours),
        ),
    ]


def may_override(lot: Lot) -> bool:
    """Whether the reader may set a rule aside for this lot."""
    return lot.state in EDITABLE and allowed(acting(), LotPermission.OVERRIDE, lot)


def register(app: Flask) -> None:
    """Show this room's part on the public page, and let templates ask for the check."""
    panels(app).setdefault("opportunity", []).append(_on_public_page)
    app.jinja_env.globals.update(
        check_of=checked,
        burden_of=burden_of,
        burden_words=in_words,
        burden_bars=bars,
        rule_names=RULES,
        role_names=ROLES,
        may_override=may_override,
    )
