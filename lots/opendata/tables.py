"""Every published award as a row of a table."""

from __future__ import annotations

from collections.abc import Iterable

from lots.opendata.grants import places
from lots.opendata.published import Published, day, first_and_last

AWARD_COLUMNS = (
    "ocid",
    "award",
    "lot",
    "title",
    "service",
    "region",
    "area",
    "kind",
    "buyer",
    "buyer_id",
    "supplier",
    "supplier_id",
    "supplier_is_voluntary",
    "awarded_on",
    "signed_on",
    "starts_on",
    "ends_on",
    "status",
    "value_gbp",
    "demonstration",
)


def award_row(published: Published) -> list[object]:
    """One award; money in pounds without VAT, days in London."""
    award, contract = published.award, published.contract
    compiled, lots, items = published.compiled, published.lots, published.items
    starts, ends = first_and_last(published.period)
    buyer, supplier = published.buyer, published.supplier
    addresses = [each for item in items for each in item.get("deliveryAddresses", ())]
    voluntary = supplier.get("details", {}).get("vcse")
    return [
        compiled["ocid"],
        award["id"],
        _joined(each["id"] for each in lots),
        _joined(each["title"] for each in lots),
        _joined(each["description"] for each in items if "description" in each),
        _joined(each["region"] for each in addresses),
        _joined(places(items)),
        compiled["tender"].get("procurementMethodDetails"),
        buyer["name"],
        buyer["id"],
        supplier["name"],
        supplier["id"],
        {True: "yes", False: "no"}.get(voluntary, ""),
        day(award.get("date")),
        day(contract.get("dateSigned")),
        starts,
        ends,
        contract.get("status") or award.get("status"),
        published.amount,
        "yes" if published.is_demonstration else "no",
    ]


def _joined(names: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(names))
