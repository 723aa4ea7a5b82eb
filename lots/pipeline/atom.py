"""An Atom feed (RFC 4287) of lots."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID
from xml.etree import ElementTree

from lots.pipeline.feeds import summary
from lots.pipeline.models import LotListing
from lots.shown import Names

ATOM = "http://www.w3.org/2005/Atom"
# XML 1.0 has no way to write these, escaped or not.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A feed without entries has to have changed at some time; the day the framework began.
NEVER = datetime(2021, 6, 26, tzinfo=UTC)


def changed_at(listings: Sequence[LotListing]) -> datetime:
    """When anything in the feed last changed in public."""
    return max((listing.changed_at for listing in listings), default=NEVER)


def feed(
    listings: Sequence[LotListing],
    names: Names,
    title: str,
    author: str,
    own_address: str,
    page_address: str,
    address_of: Callable[[UUID], str],
) -> bytes:
    """The feed as UTF-8; its id is its own address, a lot's the lot's."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(root, "id", own_address)
    _add(root, "title", title)
    _add(root, "updated", _moment(changed_at(listings)))
    _link(root, "self", own_address, "application/atom+xml")
    _link(root, "alternate", page_address, "text/html")
    _add(_add(root, "author"), "name", author)
    for listing in listings:
        lot = listing.lot
        entry = _add(root, "entry")
        _add(entry, "id", f"urn:uuid:{lot.id}")
        _add(entry, "title", lot.title)
        _add(entry, "updated", _moment(listing.changed_at))
        _link(entry, "alternate", address_of(lot.id), "text/html")
        _add(_add(entry, "author"), "name", lot.lead_buyer.name)
        _add(entry, "category").set("term", lot.service_code)
        _add(entry, "summary", summary(lot, names))
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    if text is not None:
        child.text = UNWRITABLE.sub("", text)
    return child


def _link(parent: ElementTree.Element, rel: str, address: str, kind: str) -> None:
    _add(parent, "link").attrib.update(rel=rel, href=address, type=kind)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
