"""An Atom feed (RFC 4287) of the releases published last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from flask import url_for

from lots.pipeline.atom import ATOM, NEVER, add, link
from lots.releases.numbering import whole
from lots.releases.packages import PUBLISHER, address
from lots.releases.values import moment


def feed(latest: Sequence[Any]) -> bytes:
    """The feed as UTF-8; `latest` as `queries.latest` gives it."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    own = address(url_for("releases.feed"))
    add(root, "id", own)
    add(root, "title", f"{PUBLISHER}: OCDS")
    add(root, "updated", moment(latest[0][1] if latest else NEVER) or "")
    link(root, "self", own, "application/atom+xml")
    add(add(root, "author"), "name", PUBLISHER)
    for _number, at, release, process in latest:
        said = whole(release, process)
        there = address(url_for("releases.release", ocid=said["ocid"]))
        entry = add(root, "entry")
        add(entry, "id", f"{there}#{said['id']}")
        title = said.get("tender", {}).get("title", said["ocid"])
        add(entry, "title", f"{', '.join(said['tag'])}: {title}")
        add(entry, "updated", moment(at) or "")
        link(entry, "alternate", there, "application/json")
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
