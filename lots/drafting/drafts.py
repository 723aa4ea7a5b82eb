"""A draft's pages: what each holds, and saving one so that neither of two editors loses words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from lots.drafting.rows import ROWS
from lots.models import Lot
from lots.prices.models import PriceTerms
from lots.proportionality.arithmetic import expected_starts
from lots.vocabulary import Task
from marketplace.audit import AuditEvent
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.web.filters import shown_pounds

__all__ = ["PAGES", "Overtaken", "fingerprint", "put", "unsaved_pages", "values_of"]

# What the record says of a page that was saved, with changes and without.
SAVINGS = ("lot:edited", "lot:page_kept")

# What each page saves: columns of the lot, and rows by their name in `ROWS`.
PAGES: dict[Task, tuple[str, ...]] = {
    Task.SERVICE: ("title", "summary", "service_code", "outcomes"),
    Task.ELIGIBILITY: (
        *("cohort", "min_age", "max_age", "statuses"),
        *("custody_days", "custody_clocks", "eligibility_note"),
    ),
    Task.AREAS: ("areas", "whole_region_reason"),
    Task.VOLUMES: ("places", "starts_low", "starts_medium", "starts_high"),
    Task.VALUE: ("value_net_pence", "value_gross_pence", "expected_bidders"),
    Task.ROUTE: ("route", "contract_reason"),
    Task.PAYMENT: (
        *("price_basis", "payment_profile", "guaranteed_pence", "voluntary_share_percent"),
        *PriceTerms.PRICE_COLUMNS.split(),
        *("bands", "paid_outcomes"),
    ),
    Task.TERM: ("term_months", "extension_months", "extension_times", "mobilisation_weeks"),
    Task.CRITERIA: ("price_weight", "tie_rule", "criteria"),
    Task.DEMANDS: ("demands",),
    Task.STAFF: ("transfer", "transfer_liabilities"),
    Task.TERMS: ("publicity_terms", "forbids_speaking", "data_terms", "onward_sharing"),
    Task.DATES: ("opens_on", "closes_at", "starts_on"),
}


def values_of(lot: Lot, task: Task) -> dict[str, Any]:
    """What one page of the draft holds, its rows as tuples."""
    return {name: _held(lot, name) for name in PAGES[task]}


def _held(lot: Lot, name: str) -> Any:
    return ROWS[name][0](lot) if name in ROWS else getattr(lot, name)


def put(lot: Lot, task: Task, values: dict[str, Any], seen: str) -> list[str]:
    """Put a page's values into the draft and name the fields that changed.

    `seen` is the fingerprint of what the editor was shown. Raises Overtaken where the page holds
    something else by now, and Refusal where a criterion with questions would go or the guaranteed
    payment would be more than the value.
    """
    held = values_of(lot, task)
    if fingerprint(held) != seen:
        raise Overtaken()
    changed = [name for name in PAGES[task] if values[name] != held[name]]
    _keep_guarantee_within_value(lot, values)
    for name in changed:
        if name in ROWS:
            ROWS[name][1](lot, values[name])
        else:
            setattr(lot, name, values[name])
    lot.expected_starts = expected_starts(lot)
    db.session.flush()
    return changed


def unsaved_pages(lot: Lot) -> set[Task]:
    """The pages that nobody has saved yet, so that they hold what every draft begins with.

    A copy begins with what somebody saved in the other lot.
    """
    if lot.copied_from_id is not None:
        return set()
    told = db.session.scalars(
        select(AuditEvent.details).where(
            AuditEvent.subject_kind == Lot.__tablename__,
            AuditEvent.subject_id == str(lot.id),
            AuditEvent.action.in_(SAVINGS),
        )
    )
    saved = {name for details in told for name in details["fields"]}
    return {task for task, names in PAGES.items() if saved.isdisjoint(names)}


def _keep_guarantee_within_value(lot: Lot, values: dict[str, Any]) -> None:
    guaranteed = values.get("guaranteed_pence", lot.guaranteed_pence)
    net = values.get("value_net_pence", lot.value_net_pence)
    if guaranteed is not None and net is not None and guaranteed > net:
        raise Refusal(
            _(
                "The guaranteed payment of %(guaranteed)s is more than the net value of %(net)s. "
                "Lower the one on the page “Price and payment”, or raise the other on “Value”.",
                guaranteed=shown_pounds(guaranteed),
                net=shown_pounds(net),
            )
        )
