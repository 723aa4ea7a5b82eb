"""A change in words: before beside after, and the text that everybody it binds signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from lots.contracts.agreement.writing import rendered
from lots.contracts.changes.drafting import organisations_in
from lots.contracts.changes.models import CHANGE_KINDS, ChangeKind, ContractChange
from lots.contracts.models import Contract, ContractArea
from lots.contracts.pricing.changing import of_rows
from lots.contracts.wording import contract_area_name
from lots.prices.wording import lines_of
from lots.vocabulary import WHOLE_PRICE, PriceBasis
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.web.filters import shown_date, shown_pounds


@dataclass(frozen=True)
class Row:
    """One thing that a change touches: what it was, and what it becomes. Nothing stays empty."""

    label: str
    before: str
    after: str

    @property
    def has_lines(self) -> bool:
        """Whether it says more than stands on a line, as typed words can."""
        return any(len(each.splitlines()) > 1 for each in (self.before, self.after))


def rows_of(change: ContractChange, known: Mapping[UUID, str] | None = None) -> list[Row]:
    """What a change replaces and sets, leaving out what stays the same.

    `known` are the names of organisations where the caller has read them for several changes.
    """
    names = known if known is not None else names_in([change])
    found = [Row(*each) for each in KINDS[change.kind](change, names)]
    return [row for row in found if row.before != row.after]


def names_in(changes: list[ContractChange]) -> dict[UUID, str]:
    """The names of every organisation in these changes; one statement."""
    ids = {each for change in changes for each in organisations_in(change.after, change.before)}
    found = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))
    return {key: name for key, name in db.session.execute(found)} if ids else {}


Said = Iterator[tuple[str, str, str]]


def _money(before: dict[str, Any], after: dict[str, Any], key: str, label: str) -> Said:
    yield label, shown_pounds(before[key]), shown_pounds(after[key])


def _each(before: dict[str, Any], after: dict[str, Any], key: str, names, label) -> Said:
    old = {UUID(row[0]): row[1] for row in before.get(key, [])}
    new = {UUID(row[0]): row[1] for row in after.get(key, [])}
    for each in dict.fromkeys((*old, *new)):
        yield (
            label(names.get(each, "")),
            shown_pounds(old.get(each)) or _("none"),
            shown_pounds(new.get(each)) or _("none"),
        )


def _share(name: str) -> str:
    return _("Paid by %(name)s", name=name)


def _promise(name: str) -> str:
    return _("Promised to %(name)s", name=name)


def _value(change: ContractChange, names: Mapping[UUID, str]) -> Said:
    before, after = change.before, change.after
    yield from _money(before, after, "value_pence", _("Value, net"))
    monthly = change.contract.price_basis == PriceBasis.MONTHLY_FEE
    label = _("Price for each month, net") if monthly else _("Price for each start, net")
    if change.contract.price_basis not in WHOLE_PRICE:
        yield from _money(before, after, "price_pence", label)
    yield from _prices(before, after)
    if len(after["shares"]) > 1:
        yield from _each(before, after, "shares", names, _share)


def _prices(before: dict[str, Any], after: dict[str, Any]) -> Said:
    old, new = (dict(lines_of(of_rows(each.get("prices", [])))) for each in (before, after))
    for label in dict.fromkeys((*old, *new)):
        yield label, old.get(label, _("none")), new.get(label, _("none"))


def _moved(change: ContractChange, names: Mapping[UUID, str]) -> Said:
    before, after = change.before, change.after
    days = [shown_date(date.fromisoformat(each["ends_on"])) for each in (before, after)]
    yield _("Last day"), *days
    months = [
        ngettext("%(num)s month", "%(num)s months", t["term_months"]) for t in (before, after)
    ]
    yield _("Term"), *months
    yield from _money(before, after, "value_pence", _("Value, net"))
    yield from _prices(before, after)
    if len(after["shares"]) > 1:
        yield from _each(before, after, "shares", names, _share)
    yield from _each(before, after, "promised", names, _promise)


def _areas(change: ContractChange, names: Mapping[UUID, str]) -> Said:
    known = {str(area.id): area for area in change.contract.areas}
    for key in change.after["left"]:
        yield contract_area_name(known[key]), _("in the contract"), _("leaves it")
    for joined in change.after["joined"]:
        area = ContractArea(**{k: joined[k] for k in ("region_code", "area_code", "cohort")})
        places = ngettext("%(num)s place", "%(num)s places", joined["places"])
        yield contract_area_name(area), _("not in the contract"), _("joins, %(n)s", n=places)


def _places(change: ContractChange, names: Mapping[UUID, str]) -> Said:
    for area in change.contract.areas:
        old, new = (each["places"].get(str(area.id)) for each in (change.before, change.after))
        if old is not None and new is not None:
            yield (
                _("Places in %(where)s", where=contract_area_name(area)),
                str(old),
                str(new),
            )


def _scope(change: ContractChange, names: Mapping[UUID, str]) -> Said:
    as_it_was = change.before["scope"] or _("as in the lot and the bid")
    yield _("What is delivered"), as_it_was, change.after["scope"]


def _partners(change: ContractChange, names: Mapping[UUID, str]) -> Said:
    yield from _each(change.before, change.after, "partners", names, _promise)
    old = {row[0]: row[2] for row in change.before["partners"]}
    for key, _pence, role in change.after["partners"]:
        name = names.get(UUID(key), "")
        yield _("What %(name)s does", name=name), old.get(key, _("none")), role


KINDS = {
    ChangeKind.VALUE: _value,
    ChangeKind.TERM: _moved,
    ChangeKind.EXTENSION: _moved,
    ChangeKind.AREAS: _areas,
    ChangeKind.PLACES: _places,
    ChangeKind.SCOPE: _scope,
    ChangeKind.PARTNERS: _partners,
}


def write_text(change: ContractChange) -> str:
    """The text of a change: a separate agreement beside the one it changes."""
    contract: Contract = change.contract
    return rendered(
        "lots/contracts/changes/change.txt",
        change=change,
        contract=contract,
        kind=CHANGE_KINDS[change.kind],
        parties=[db.session.get_one(Organisation, each.organisation_id) for each in change.parties],
        rows=rows_of(change),
    )
