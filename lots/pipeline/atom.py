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
    add(root, "id", own_address)
    add(root, "title", title)
    add(root, "updated", _moment(changed_at(listings)))
    link(root, "self", own_address, "application/atom+xml")
    link(root, "alternate", page_address, "text/html")
    add(add(root, "author"), "name", author)
    for listing in listings:
        lot = listing.lot
        entry = add(root, "entry")
        add(entry, "id", f"urn:uuid:{lot.id}")
        add(entry, "title", lot.title)
        add(entry, "updated", _moment(listing.changed_at))
        link(entry, "alternate", address_of(lot.id), "text/html")
        add(add(entry, "author"), "name", lot.lead_buyer.name)
        add(entry, "category").set("term", lot.service_code)
        add(entry, "summary", summary(lot, names))
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    """A new element of Atom, with its text where there is any."""
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    if text is not None:
        child.text = UNWRITABLE.sub("", text)
    return child


def link(parent: ElementTree.Element, rel: str, address: str, kind: str) -> None:
    """A link of a feed or an entry."""
    add(parent, "link").attrib.update(rel=rel, href=address, type=kind)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
