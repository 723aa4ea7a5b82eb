"""What every HTML page must be, whatever it is about; and its forms, filled in as a user would."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib

FOCUSABLE = {"a", "button", "input", "select", "textarea", "summary"}
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
# Said before the heading where a form was not right: English, Welsh, the tests' pseudo-language.
ERROR_FIRST = re.compile(r"^(Error: |Gwall: |⟦Error:⟧ )")
# html5lib follows an older edition of the standard than browsers do.
OUTDATED_ERRORS = {"unexpected-end-tag-implies-table-voodoo"}


class BadPage(AssertionError):
    """A page that breaks a rule of every page; the text lists each breach."""


class Page:
    """A parsed page."""

    def __init__(self, html: str, url: str = "/"):
        self.url = url
        self.html = html
        parser = html5lib.HTMLParser(
            tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False
        )
        self.root: Element = parser.parse(html)
        self.errors = [
            f"line {place[0]}: {code} {data or ''}"
            for place, code, data in parser.errors
            if code not in OUTDATED_ERRORS
        ]

    def all(self, *tags: str) -> list[Element]:
        """Every element with one of these tags, in order of appearance."""
        return [e for e in self.root.iter() if isinstance(e.tag, str) and e.tag in tags]

    def by_id(self, wanted: str) -> Element | None:
        """The element with this id."""
        return next((e for e in self.root.iter() if e.get("id") == wanted), None)

    @property
    def h1(self) -> str:
        """The text of the page's heading."""
        headings = self.all("h1")
        return text_of(headings[0]) if headings else ""

    @property
    def text(self) -> str:
        """Every word of the main part, spaces folded; what a user can read."""
        mains = self.all("main")
        return text_of(mains[0] if mains else self.root)

    def links(self) -> dict[str, str]:
        """Text of each link to its address, resolved."""
        return {text_of(a): urljoin(self.url, a.get("href", "")) for a in self.all("a")}

    def forms(self) -> list[Form]:
        """The forms of the page."""
        return [Form(self, element) for element in self.all("form")]

    def buttons(self) -> list[str]:
        """The text of everything that can be pressed, in the order of the page."""
        return [each for form in self.forms() for each in form.buttons()]

    def form(self, button: str | None = None) -> Form:
        """The form with a button of this text, or the only POST form. Raises BadPage if none."""
        forms = self.forms()
        if button is not None:
            fitting = [f for f in forms if button in f.buttons()]
        else:
            fitting = [f for f in forms if f.method == "POST" and f.holds_fields()]
            fitting = [f for f in fitting if f.in_main()] or fitting
        if len(fitting) != 1:
            offered = [list(f.buttons()) for f in forms]
            raise BadPage(f"{self.url}: {len(fitting)} forms fit {button!r}; buttons: {offered}")
        return fitting[0]


@dataclass
class Form:
    """A form of a page: its fields as the browser would send them."""

    page: Page
    element: Element

    @property
    def method(self) -> str:
        return self.element.get("method", "get").upper()

    @property
    def action(self) -> str:
        return urljoin(self.page.url, self.element.get("action") or self.page.url)

    @property
    def multipart(self) -> bool:
        return self.element.get("enctype") == "multipart/form-data"

    def in_main(self) -> bool:
        """Whether it stands in the page's main part, not in the header or footer."""
        return any(e is self.element for main in self.page.all("main") for e in main.iter())

    def holds_fields(self) -> bool:
        """Whether it has anything but hidden fields, or a button."""
        return bool(self.buttons())

    def _own(self, *tags: str) -> list[Element]:
        inside = {id(e) for e in self.element.iter()}
        named = self.element.get("id")
        return [
            e for e in self.page.all(*tags) if id(e) in inside or (named and e.get("form") == named)
        ]

    def buttons(self) -> dict[str, tuple[str, str] | None]:
        """Text of each button to the name and value it sends."""
        found = {}
        for e in self._own("button"):
            if e.get("type", "submit") == "submit":
                name = e.get("name")
                found[text_of(e)] = (name, e.get("value", "")) if name else None
        return found

    def values(self) -> list[tuple[str, str]]:
        """Name and value of each successful control, as the page stands."""
        pairs: list[tuple[str, str]] = []
        for e in self._own("input", "select", "textarea"):
            name, kind = e.get("name"), e.get("type", "text")
            if not name or e.get("disabled") is not None:
                continue
            if e.tag == "textarea":
                pairs.append((name, "".join(e.itertext())))
            elif e.tag == "select":
                options = list(e.iter("option"))
                chosen = [o for o in options if o.get("selected") is not None]
                if not chosen and e.get("multiple") is None:
                    chosen = options[:1]
                pairs += [(name, o.get("value", text_of(o))) for o in chosen]
            elif kind in ("checkbox", "radio"):
                if e.get("checked") is not None:
                    pairs.append((name, e.get("value", "on")))
            elif kind not in ("submit", "button", "reset", "image", "file"):
                pairs.append((name, e.get("value", "")))
        return pairs

    def names(self) -> set[str]:
        """Names of all its fields."""
        fields = self._own("input", "select", "textarea", "button")
        return {name for e in fields if (name := e.get("name"))}

    def choices(self, name: str) -> set[str] | None:
        """What a field of choices offers; None where anything may be typed."""
        offered: set[str] = set()
        for e in self._own("input", "select", "textarea"):
            if e.get("name") != name:
                continue
            if e.tag == "select":
                offered |= {o.get("value", text_of(o)) for o in e.iter("option")}
            elif e.get("type") in ("checkbox", "radio"):
                offered.add(e.get("value", "on"))
            else:
                return None
        return offered


def text_of(element: Element) -> str:
    """The element's text with spaces folded, as read out."""
    return " ".join("".join(element.itertext()).split())


def check(html: str, url: str) -> Page:
    """Parse and check a page; returns it. Raises BadPage listing every rule it breaks."""
    page = Page(html, url)
    breaches = [
        *page.errors,
        *_headings(page),
        *_ids(page),
        *_labels(page),
        *_references(page),
        *_forms(page),
        *_links(page),
    ]
    if breaches:
        raise BadPage(f"{url}:\n  " + "\n  ".join(breaches))
    return page


def _headings(page: Page) -> list[str]:
    found = []
    if len(page.all("h1")) != 1:
        found.append(f"{len(page.all('h1'))} h1 headings instead of one")
    titles = [text_of(t) for t in page.all("title") if not _in_svg(page, t)]
    # With an error summary the title says so before the heading's text.
    if not titles or page.h1 not in titles[0]:
        found.append(f"title {titles} does not hold the heading {page.h1!r}")
    elif not ERROR_FIRST.sub("", titles[0]).startswith(page.h1):
        found.append(f"title {titles[0]!r} does not start with the heading {page.h1!r}")
    html = page.all("html")[0]
    if not html.get("lang"):
        found.append("html has no lang")
    if len(page.all("main")) != 1:
        found.append(f"{len(page.all('main'))} main elements instead of one")
    return found


def _in_svg(page: Page, element: Element) -> bool:
    return any(
        e is element
        for svg in page.root.iter()
        if isinstance(svg.tag, str) and svg.tag.endswith("svg")
        for e in svg.iter()
    )


def _ids(page: Page) -> list[str]:
    counted = Counter(e.get("id") for e in page.root.iter() if e.get("id") is not None)
    return [f"id {name!r} occurs {times} times" for name, times in counted.items() if times > 1]


def _labels(page: Page) -> list[str]:
    labelled: set[object] = {label.get("for") for label in page.all("label") if text_of(label)}
    for label in page.all("label"):
        labelled |= {e.get("id") or id(e) for e in label.iter() if e.tag in FOCUSABLE}
    found = []
    for e in page.all("input", "select", "textarea"):
        if e.tag == "input" and e.get("type", "text") in UNLABELLED_TYPES:
            continue
        named_by = e.get("aria-labelledby", "").split()
        if e.get("aria-label") or any(page.by_id(name) is not None for name in named_by):
            continue
        if e.get("id") not in labelled and id(e) not in labelled:
            found.append(f"{e.tag} {e.get('name')!r} has no label")
    return found


def _references(page: Page) -> list[str]:
    found = []
    ids = {e.get("id") for e in page.root.iter()}
    for label in page.all("label"):
        if label.get("for") and label.get("for") not in ids:
            found.append(f"label {text_of(label)!r} names no field: {label.get('for')!r}")
    for e in page.root.iter():
        for name in e.get("aria-describedby", "").split():
            if name not in ids:
                found.append(f"aria-describedby of {e.get('id')!r} names nothing: {name!r}")
    return found


def _forms(page: Page) -> list[str]:
    found = []
    for form in page.forms():
        where = form.element.get("action")
        if form.element.get("method", "").lower() not in ("get", "post") or not where:
            found.append(f"form without method or action: {form.element.attrib}")
        if form.method == "POST" and not dict(form.values()).get("csrf_token"):
            found.append(f"POST form to {where!r} carries no csrf_token")
        if form.method == "GET" and "csrf_token" in form.names():
            found.append(f"GET form to {where!r} would put its csrf_token into the address")
        if any(e.get("type") == "file" for e in form._own("input")) and not form.multipart:
            found.append(f"form to {where!r} has a file field and is not multipart")
        if not form.buttons():
            found.append(f"form to {where!r} has no button")
    return found


def _links(page: Page) -> list[str]:
    found = []
    for a in page.all("a"):
        href = a.get("href")
        pictures = [e for e in a.iter() if e.get("alt") or e.get("aria-label")]
        if not href or href == "#":
            found.append(f"link {text_of(a)!r} leads nowhere")
        elif not text_of(a) and not a.get("aria-label") and not pictures:
            found.append(f"link to {href!r} has no text")
        elif href.startswith("#") and page.by_id(href[1:]) is None:
            found.append(f"link {text_of(a)!r} leads to a missing id {href!r}")
    for summary in page.root.iter():
        if "govuk-error-summary" not in summary.get("class", "").split():
            continue
        for a in summary.iter("a"):
            target = page.by_id(urlsplit(a.get("href", "")).fragment)
            if target is None or not _focusable(target):
                found.append(f"error link {text_of(a)!r} does not land on a focusable field")
    return found


def _focusable(element: Element) -> bool:
    if element.get("tabindex") is not None:
        return True
    hidden = element.tag == "input" and element.get("type") == "hidden"
    return element.tag in FOCUSABLE and not hidden and element.get("disabled") is None
