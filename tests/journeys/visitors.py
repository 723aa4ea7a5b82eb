"""A visitor walks through the interface: in the HTTP client, or in Chromium; same words for both.

Fields are filled in by name, choices by the words shown beside them; a name that ends in `*` fills
every field that begins so. A file is a pair of its content as a stream and its name.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator
from playwright.sync_api import Page as Window

from tests.support.client import Client
from tests.support.pages import BadPage, Form, Page, check, text_of

Values = dict[str, Any]
# The first of what a field offers, where it is one and the same which.
FIRST = object()


class Visitor(ABC):
    """Somebody in front of the product."""

    page: Page

    @abstractmethod
    def go(self, path: str) -> None:
        """Open an address of the product."""

    @abstractmethod
    def _send(self, form: Form, button: str, values: Values) -> None:
        """Fill in a form and press its button."""

    @abstractmethod
    def download(self, text: str) -> bytes:
        """What the link with this text hands over as a file."""

    def follow(self, text: str) -> None:
        """Follow the link with this text, or the first whose text begins with it."""
        self.go(self._address_of(text))

    def _address_of(self, text: str) -> str:
        links = self.page.links()
        found = links.get(text) or next((to for t, to in links.items() if t.startswith(text)), None)
        assert found, f"{self.page.url}: no link {text!r} among {sorted(links)}"
        parts = urlsplit(found)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def press(self, button: str, fields: Values | None = None, **named: Any) -> None:
        """Fill in the form that has this button, and press it."""
        form = self.page.form(button)
        self._send(form, button, _resolved(form, {**(fields or {}), **named}))

    def name_of(self, label: str) -> str:
        """The name of the field whose label begins so."""
        for each in self.page.all("label"):
            field = self.page.by_id(each.get("for", ""))
            if field is not None and text_of(each).startswith(label):
                return field.get("name", "")
        raise AssertionError(f"{self.page.url}: no field is called {label!r}")

    def sees(self, *texts: str) -> None:
        """All of these stand in the main part of the page."""
        for text in texts:
            assert text in self.page.text, f"{self.page.url}: no {text!r} in\n{self.page.text}"

    def does_not_see(self, *texts: str) -> None:
        """None of these stands anywhere on the page."""
        whole = text_of(self.page.root)
        for text in texts:
            assert text not in whole, f"{self.page.url}: {text!r} is shown"

    def sign_in(self, name: str, role: str) -> None:
        """One click on the demonstration's sign-in page."""
        self.go("/sign-in")
        self.press(f"{name}, {role}")


class HttpVisitor(Visitor):
    """Walks with the client that checks every page it fetches."""

    def __init__(self, client: Client):
        self.client = client

    def go(self, path: str) -> None:
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        self.page = answer.page

    def download(self, text: str) -> bytes:
        answer = self.client.get(self._address_of(text))
        assert answer.headers["Content-Disposition"].startswith("attachment"), answer.headers
        return bytes(answer.data)

    def _send(self, form: Form, button: str, values: Values) -> None:
        answer = self.client.submit(self.page, button, values)
        assert answer.status_code == 200, f"{form.action}: {answer.status}: {answer.page.text}"
        self.page = answer.page


class BrowserVisitor(Visitor):
    """Walks in Chromium; `inspect` is called for each page that was reached."""

    def __init__(self, window: Window, inspect: Callable[[Window], None]):
        self.window = window
        self.inspect = inspect

    def go(self, path: str) -> None:
        self.window.goto(path)
        self._arrived()

    def download(self, text: str) -> bytes:
        with self.window.expect_download() as arriving:
            self.window.locator(f'a[href="{self._address_of(text)}"]').first.click()
        return arriving.value.path().read_bytes()

    def _send(self, form: Form, button: str, values: Values) -> None:
        # The parsed page and the shown one have their forms in the same order.
        number = next(
            at for at, each in enumerate(self.page.forms()) if each.element is form.element
        )
        shown = self.window.locator("form").nth(number)
        # Some forms are folded away until somebody wants them.
        for folded in shown.locator("xpath=ancestor::details[not(@open)]/summary").all():
            folded.click()
        for name, value in values.items():
            _fill(shown, name, value)
        text = r"\s+".join(map(re.escape, button.split()))
        buttons = shown.get_by_role("button").filter(has_text=re.compile(rf"^\s*{text}\s*$"))
        with self.window.expect_navigation():
            buttons.click()
        self._arrived()

    def _arrived(self) -> None:
        parts = urlsplit(self.window.url)
        self.page = check(
            self.window.content(), parts.path + (f"?{parts.query}" * bool(parts.query))
        )
        self.inspect(self.window)


def _fill(form: Locator, name: str, value: Any) -> None:
    fields = form.locator(f'[name="{name}"]')
    kind = fields.first.get_attribute("type") or ""
    if kind in ("radio", "checkbox"):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, bool):
                for box in fields.all():
                    box.set_checked(each)
            else:
                form.locator(f'[name="{name}"][value="{each}"]').check()
    elif kind == "file":
        content, called = value
        file = {"name": called, "mimeType": "application/octet-stream", "buffer": content.read()}
        fields.first.set_input_files(file)
    elif form.locator(f'select[name="{name}"]').count():
        fields.first.select_option(str(value))
    else:
        fields.first.fill(str(value))


def _resolved(form: Form, wanted: Values) -> Values:
    """Names without stars, and the values behind the words of choices."""
    found: Values = {}
    for pattern, value in wanted.items():
        start = pattern.removesuffix("*")
        names = [n for n in form.names() if (n.startswith(start) if "*" in pattern else n == start)]
        if not names:
            raise BadPage(f"{form.page.url}: no field {pattern!r} among {sorted(form.names())}")
        for name in names:
            found[name] = _value(form, name, value)
    return found


def _value(form: Form, name: str, value: Any) -> Any:
    words = _words_of_choices(form, name)
    if not words:
        return value
    if isinstance(value, list):
        return [_chosen(words, each) for each in value]
    return _chosen(words, value) if value is FIRST or isinstance(value, str) else value


def _chosen(words: dict[str, str], wanted: Any) -> str:
    """The value behind some words, or behind those that begin so; else the value itself."""
    starting = (value for text, value in words.items() if text.startswith(wanted))
    if wanted is FIRST:
        return next(filter(None, words.values()))
    return words.get(wanted) or (wanted if wanted in words.values() else next(starting, wanted))


def _words_of_choices(form: Form, name: str) -> dict[str, str]:
    labels = {label.get("for"): text_of(label) for label in form.page.all("label")}
    words: dict[str, str] = {}
    for each in form.element.iter():
        if not isinstance(each.tag, str) or each.get("name") != name:
            continue
        if each.tag == "select":
            words |= {text_of(o): o.get("value", text_of(o)) for o in each.iter("option")}
        elif each.get("type") in ("radio", "checkbox"):
            words[labels.get(each.get("id"), "")] = each.get("value", "on")
    return words
