"""An Atom feed (RFC 4287) of the releases published last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from flask import url_for

from lots.pipeline.atom import ATOM, UNWRITABLE
from lots.releases.numbering import whole
from lots.releases.packages import PUBLISHER, address
from lots.releases.queries import NEVER
from lots.releases.values import moment


def feed(latest: Sequence[Any]) -> bytes:
    """The feed as UTF-8; `latest` as `queries.latest` gives it."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    own = address(url_for("releases.feed"))
    _add(root, "id", own)
    _add(root, "title", f"{PUBLISHER}: OCDS")
    _add(root, "updated", moment(latest[0][1] if latest else NEVER) or "")
    _link(root, "self", own, "application/atom+xml")
    _add(_add(root, "author"), "name", PUBLISHER)
    for _number, at, release, process in latest:
        said = whole(release, process)
        there = address(url_for("releases.release", ocid=said["ocid"]))
        entry = _add(root, "entry")
        _add(entry, "id", f"{there}#{said['id']}")
        title = said.get("tender", {}).get("title", said["ocid"])
        _add(entry, "title", f"{', '.join(said['tag'])}: {title}")
        _add(entry, "updated", moment(at) or "")
        _link(entry, "alternate", there, "application/json")
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    if text is not None:
        child.text = UNWRITABLE.sub("", text)
    return child


def _link(parent: ElementTree.Element, relation: str, href: str, kind: str) -> None:
    link = _add(parent, "link")
    link.set("rel", relation)
    link.set("href", href)
    link.set("type", kind)
