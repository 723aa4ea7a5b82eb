"""What the validators miss, held by ourselves: references, order, secrecy, sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lots.releases.merging import merge
from marketplace import calendar

REFERRING = ("buyer", "procuringEntity", "suppliers", "payer", "payee", "tenderers", "funder")


def problems(record: dict[str, Any]) -> list[str]:
    """Every rule that a record breaks, in words."""
    found = list(_of_history(record))
    for release in record["releases"]:
        found += _of_references(release)
    found += _of_references(record["compiledRelease"])
    found += _of_awards(record["compiledRelease"])
    found += _of_summaries(record["releases"])
    found += _of_states(record["releases"])
    return found


def _of_history(record: dict[str, Any]) -> Iterator[str]:
    releases = record["releases"]
    if {each["ocid"] for each in releases} != {record["ocid"]}:
        yield "a release has another ocid than its record"
    if len({each["id"] for each in releases}) != len(releases):
        yield "a release's id stands twice"
    dates = [each["date"] for each in releases]
    if dates != sorted(dates) or len(set(dates)) != len(dates):
        yield "releases do not follow one another"
    if record["compiledRelease"] != merge(releases):
        yield "the compiled release is not the merged one"
    awarded = False
    for release in releases:
        awarded = awarded or "award" in release["tag"]
        told = release.get("bids") or release.get("awards") or release.get("contracts")
        if told and not awarded:
            yield f"{release['id']} tells of bids before an award notice"
        if "details" in release.get("bids", {}) or "tenderers" in release.get("tender", {}):
            yield f"{release['id']} names bidders"
        if any("author" in each for each in release.get("tender", {}).get("enquiries", ())):
            yield f"{release['id']} names who asked"


def _of_references(release: dict[str, Any]) -> Iterator[str]:
    parties = [each["id"] for each in release.get("parties", ())]
    if len(parties) != len(set(parties)):
        yield f"{release['id']}: a party stands twice"
    for name, reference in _references(release):
        if reference["id"] not in parties:
            yield f"{release['id']}: {name} {reference['id']} is no party"
    lots = [each["id"] for each in release.get("tender", {}).get("lots", ())]
    for kind, ids in (
        ("lot", lots),
        ("award", [each["id"] for each in release.get("awards", ())]),
        ("contract", [each["id"] for each in release.get("contracts", ())]),
    ):
        if twice := [each for each, times in Counter(ids).items() if times > 1]:
            yield f"{release['id']}: {kind} {twice} stands twice"
    related = {lot for award in release.get("awards", ()) for lot in award.get("relatedLots", ())}
    related |= {each["relatedLot"] for each in release["tender"].get("items", ())}
    if related - set(lots):
        yield f"{release['id']}: related lots {sorted(related - set(lots))} are none of the tender"


def _references(thing: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(thing, list):
        for each in thing:
            yield from _references(each, name)
    elif isinstance(thing, dict):
        if name in REFERRING:
            yield name, thing
        for key, value in thing.items():
            yield from _references(value, key)


def _of_awards(compiled: dict[str, Any]) -> Iterator[str]:
    tender = compiled["tender"]
    awards = {each["id"]: each for each in compiled.get("awards", ())}
    budgets = {lot["id"]: lot.get("value", {}).get("amount") for lot in tender.get("lots", ())}
    for award in awards.values():
        closed = tender.get("tenderPeriod", {}).get("endDate", "")
        if "date" in award and award["date"] < closed:
            yield f"{award['id']} was awarded before the closing"
        yield from _of_standstill(award)
    for contract in compiled.get("contracts", ()):
        award = awards.get(contract["awardID"])
        if award is None:
            yield f"{contract['id']} comes of no award"
            continue
        ends = award.get("standstillPeriod", {}).get("endDate", "")
        if contract.get("dateSigned", "9") < ends:
            yield f"{contract['id']} was signed in the standstill"
        budget = sum(budgets.get(lot) or 0 for lot in award.get("relatedLots", ()))
        if contract.get("amendments") is None and _amount(contract) > budget:
            yield f"{contract['id']} is worth more than its lot's budget"
    for counted in _statistics(compiled).values():
        sizes = [counted.get("vcseFinalStageBids", 0), counted.get("smeFinalStageBids", 0)]
        if not max(sizes) <= counted["finalStageBids"] <= counted["bids"]:
            yield f"bids do not add up: {counted}"


def _of_summaries(releases: list[dict[str, Any]]) -> Iterator[str]:
    noticed: set[str] = set()
    for release in releases:
        for award in release.get("awards", ()):
            sent = award.get("assessmentSummariesDateSent", "")
            if award["id"] not in noticed and sent > release["date"]:
                yield f"{award['id']} was noticed before the summaries were sent"
            noticed.add(award["id"])


def _of_states(releases: list[dict[str, Any]]) -> Iterator[str]:
    """Every state that the public can see has come with exactly one release."""
    told: Counter[tuple[str, str, str]] = Counter()
    stood: dict[tuple[str, str], str] = {}
    for release in releases:
        tender = release["tender"]
        things = [("lot", each) for each in tender.get("lots", ())]
        things += [
            (kind[:-1], each) for kind in ("awards", "contracts") for each in release.get(kind, ())
        ]
        for kind, thing in things:
            key, status = (kind, thing["id"]), thing.get("status")
            if status and stood.get(key) != status:
                told[(*key, status)] += 1
                stood[key] = status
    for (kind, name, status), times in told.items():
        if times > 1:
            yield f"{kind} {name} became {status} {times} times"


def _of_standstill(award: dict[str, Any]) -> Iterator[str]:
    period = award.get("standstillPeriod", {})
    if award.get("aboveThreshold") and "endDate" in period:
        first, last = (datetime.fromisoformat(period[each]) for each in ("startDate", "endDate"))
        if last < calendar.end_of(calendar.standstill_end(calendar.day_of(first), 8)):
            yield f"{award['id']} has less than eight working days of standstill"


def _amount(contract: dict[str, Any]) -> float:
    return contract.get("value", {}).get("amount", 0)


def _statistics(compiled: dict[str, Any]) -> dict[str, dict[str, float]]:
    by_lot: dict[str, dict[str, float]] = {}
    for each in compiled.get("bids", {}).get("statistics", ()):
        by_lot.setdefault(each["relatedLot"], {})[each["measure"]] = each["value"]
    return by_lot
