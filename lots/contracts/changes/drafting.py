"""What a change would replace and what it would set, for each kind; judged before it is proposed.

`asked` is what the kind's form has read. Each function returns `before` and `after` as they are
stored, and raises Refusal with what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from lots.contracts.changes import terms
from lots.contracts.changes.models import ChangeKind
from lots.contracts.models import Contract, ContractArea
from lots.contracts.pricing import changing as pricing
from lots.models import Lot
from lots.vocabulary import WHOLE_PRICE, Route
from marketplace import clock
from marketplace.calendar import months_later
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.web.filters import shown_date, shown_pounds

Both = tuple[dict[str, Any], dict[str, Any]]


def drafted(contract: Contract, kind: ChangeKind, asked: dict[str, Any]) -> Both:
    """Before and after of a change of this kind. Raises Refusal, also where nothing changes."""
    before, after = KINDS[kind](contract, asked)
    if before == after:
        raise Refusal(_("This changes nothing. Enter what is to be different."))
    return before, after


def open_areas(contract: Contract) -> list[ContractArea]:
    """The areas that have not left."""
    return [area for area in contract.areas if area.closed_at is None]


def _value(contract: Contract, asked: dict[str, Any]) -> Both:
    value = asked["value_pence"]
    lot = db.session.get_one(Lot, contract.lot_id)
    _at_least(value, contract.guaranteed_pence, _("the payment that the agreement guarantees"))
    promised = sum(each.promised_pence for each in terms.partners_of(contract))
    _at_least(value, promised, _("what the partners are promised. Change their shares first"))
    now = terms.shares_of(contract)
    shares = asked.get("shares") or terms.by_shares(now, value)
    _sums_up(shares, value)
    stands = terms.price_of(contract)
    price = stands if asked.get("price_pence") is None else asked["price_pence"]
    if contract.price_basis in WHOLE_PRICE:
        price = value
    else:
        _price_within(contract, lot, value, price, asked)
    old = {"value_pence": contract.value_pence, "price_pence": stands}
    new = {"value_pence": value, "price_pence": price}
    if new != old and contract.route != Route.GRANT:
        listed = _prices(contract, lot, value, price, asked)
        old, new = old | listed[0], new | listed[1]
    return old | _shares(now), new | _shares({k: v for k, v in shares.items() if v or k in now})


def _prices(
    contract: Contract, lot: Lot, value: int, price: int, asked: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The list of prices from the day on, before and after; none where one price says all."""
    day = asked.get("effective_on") or clock.today()
    found = pricing.repriced(contract, lot, value, price, day)
    if pricing.is_one_price(contract, found):
        return {}, {}
    stands = pricing.in_force(contract, pricing.counts_from(day))
    return {"prices": pricing.as_rows(stands)}, {"prices": pricing.as_rows(found)}


def _price_within(
    contract: Contract, lot: Lot, value: int, price: int, asked: dict[str, Any]
) -> None:
    """As for a bid: the price over the whole term is no more than the value."""
    first = asked.get("effective_on") or clock.today()
    whole = terms.whole_price(contract, lot, price, first)
    if whole > value:
        raise Refusal(
            _(
                "The price does not fit the value. With %(price)s from %(day)s the whole term "
                "comes to %(whole)s, and the value is %(value)s. Enter a lower price or a higher "
                "value.",
                price=shown_pounds(price),
                day=shown_date(first),
                whole=shown_pounds(whole),
                value=shown_pounds(value),
            )
        )


def _at_least(value: int, least: int, what: str) -> None:
    if value < least:
        raise Refusal(
            _(
                "The value cannot be less than %(least)s: %(what)s.",
                least=shown_pounds(least),
                what=what,
            )
        )


def _sums_up(shares: terms.Shares, value: int) -> None:
    off = sum(shares.values()) - value
    if off or min(shares.values()) < 0:
        raise Refusal(
            _(
                "The shares must add up to the new value, %(value)s. They are %(off)s off.",
                value=shown_pounds(value),
                off=shown_pounds(off),
            )
        )


def _shares(shares: terms.Shares) -> dict[str, Any]:
    return {"shares": [[str(each), pence] for each, pence in shares.items()]}


def _moved(contract: Contract, last: date, months: int) -> Both:
    """A later or earlier last day, with what it does to value, funders' and partners' shares."""
    value = terms.value_for(contract, months)
    due, then_due = pricing.instalments_moved(contract, terms.lot_of(contract), value, months)
    now = terms.shares_of(contract)
    promised = {each.organisation_id: each.promised_pence for each in terms.partners_of(contract)}
    then = terms.promised_by_value(contract, value)

    def told(day: date, term: int, pence: int, shares: terms.Shares, parts: terms.Shares) -> dict:
        said = {"ends_on": day.isoformat(), "term_months": term, "value_pence": pence}
        told_parts = [[str(each), part] for each, part in parts.items()]
        return said | _shares(shares) | {"promised": told_parts}

    return (
        told(contract.ends_on, contract.value_term_months, contract.value_pence, now, promised)
        | due,
        told(last, months, value, terms.by_shares(now, value), then) | then_due,
    )


def _extension(contract: Contract, asked: dict[str, Any]) -> Both:
    months, _steps = terms.extensions_left(contract, db.session.get_one(Lot, contract.lot_id))
    wanted = asked["months"]
    if not months:
        raise Refusal(
            _("The lot leaves no extension. A later last day is a change of the last day.")
        )
    if not 1 <= wanted <= months:
        raise Refusal(
            ngettext(
                "The lot still allows an extension of %(num)s month. Enter that, or fewer.",
                "The lot still allows an extension of %(num)s months. Enter that, or fewer.",
                months,
            )
        )
    last = months_later(contract.ends_on + timedelta(days=1), wanted) - timedelta(days=1)
    before, after = _moved(contract, last, contract.value_term_months + wanted)
    return before, after | {"months": wanted}


def _term(contract: Contract, asked: dict[str, Any]) -> Both:
    last = asked["ends_on"]
    if last < max(clock.today(), contract.starts_on):
        raise Refusal(_("The new last day must be today or later."))
    before, after = _moved(contract, last, terms.months_until(contract.starts_on, last))
    least = 0 if last < contract.ends_on else contract.guaranteed_pence
    _at_least(after["value_pence"], least, _("the payment that the agreement guarantees"))
    return (before, before) if last == contract.ends_on else (before, after)


def _areas(contract: Contract, asked: dict[str, Any]) -> Both:
    held = open_areas(contract)
    known = {str(area.id): area for area in held}
    left = [key for key in asked["left"] if key in known]
    where = {(area.region_code, area.area_code, area.cohort) for area in held}
    joined = [
        {"region_code": region, "area_code": area, "cohort": cohort, "places": asked["places"]}
        for region, area, cohort in asked["joined"]
        if (region, area, cohort) not in where
    ]
    if len(left) == len(held) and not joined:
        raise Refusal(
            _("A contract keeps at least one area. To end all of it, give notice of its end.")
        )
    if joined and not asked["places"]:
        raise Refusal(_("Enter how many places the contract has in each area that joins."))
    before = {"areas": [str(area.id) for area in held], "left": [], "joined": []}
    return before, before | {"left": left, "joined": joined}


def _places(contract: Contract, asked: dict[str, Any]) -> Both:
    known = {str(area.id): area.contracted_places for area in open_areas(contract)}
    wanted = {key: number for key, number in asked["places"].items() if key in known}
    return {"places": known}, {"places": known | wanted}


def _scope(contract: Contract, asked: dict[str, Any]) -> Both:
    return {"scope": asked["before"]}, {"scope": asked["scope"]}


def _partners(contract: Contract, asked: dict[str, Any]) -> Both:
    """`promised` in pence by organisation, `roles` in words; who stands in neither has left."""
    now = terms.partners_of(contract)
    promised: terms.Shares = asked["promised"]
    if contract.provider_id in promised:
        raise Refusal(_("The provider leads the contract, so it cannot be its own partner."))
    if sum(promised.values()) > contract.value_pence:
        raise Refusal(
            _(
                "Together the partners cannot be promised more than the value, %(value)s.",
                value=shown_pounds(contract.value_pence),
            )
        )
    roles = {each.organisation_id: each.role for each in now} | asked["roles"]
    before = [[str(each.organisation_id), each.promised_pence, each.role] for each in now]
    after = [[str(each), pence, roles[each]] for each, pence in sorted(promised.items())]
    areas = {str(each): codes for each, codes in asked["areas"].items()}
    return {"partners": before}, {"partners": after} | ({"areas": areas} if areas else {})


KINDS: dict[ChangeKind, Callable[[Contract, dict[str, Any]], Both]] = {
    ChangeKind.VALUE: _value,
    ChangeKind.TERM: _term,
    ChangeKind.EXTENSION: _extension,
    ChangeKind.AREAS: _areas,
    ChangeKind.PLACES: _places,
    ChangeKind.SCOPE: _scope,
    ChangeKind.PARTNERS: _partners,
}


def check_day(contract: Contract, effective_on: date) -> None:
    """Raise Refusal for a day that has passed, or lies after the contract's last one."""
    if effective_on < clock.today():
        raise Refusal(_("A change is in force from today or a later day."))
    if effective_on > contract.ends_on:
        raise Refusal(
            _(
                "The contract ends on %(day)s. Choose that day or an earlier one.",
                day=shown_date(contract.ends_on),
            )
        )


def organisations_in(after: dict[str, Any], before: dict[str, Any]) -> list[UUID]:
    """Every organisation that a change names."""
    rows = [
        row
        for side in (before, after)
        for name in ("shares", "promised", "partners")
        for row in side.get(name, [])
    ]
    return list(dict.fromkeys(UUID(row[0]) for row in rows))
