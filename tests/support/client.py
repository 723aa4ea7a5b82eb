"""A browser without a screen: every page it fetches is checked, forms are filled in as found."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import Context
from typing import Any

from flask import Flask, Response, g, has_app_context
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from marketplace.database import db
from tests.support.pages import BadPage, Form, Page, check


class Answer(Response):
    """A response to a test's request."""

    checked: Page | None = None

    @property
    def page(self) -> Page:
        """The checked page. Raises BadPage where the response is no HTML page."""
        if self.checked is None:
            raise BadPage(f"{self.status}, {self.mimetype}: {self.get_data(as_text=True)[:300]}")
        return self.checked


class Client(FlaskClient):
    """Each request runs as a server would run it: in a context of its own."""

    def __init__(self, app: Flask, _wrapper: Any = None, use_cookies: bool = True):
        super().__init__(app, Answer, use_cookies=use_cookies)

    def open(self, *args: Any, buffered: bool = True, **rest: Any) -> Any:
        """Send a request and check the page that comes back. Raises BadPage."""
        answer = Context().run(super().open, *args, buffered=buffered, **rest)
        if has_app_context():
            # What the test read before is forgotten: the request may have changed it.
            db.session.expire_all()
            g.pop("business_now", None)
        if answer.mimetype == "text/html" and answer.data and not answer.location:
            answer.checked = check(answer.get_data(as_text=True), answer.request.full_path)
        return answer

    def show(self, url: str, status: int = 200) -> Page:
        """The page at this address, redirects followed; its status is asserted."""
        answer = self.get(url, follow_redirects=True)
        assert answer.status_code == status, f"{url}: {answer.status}"
        return answer.page

    def submit(
        self,
        page: Page | str,
        button: str | None = None,
        fields: Mapping[str, Any] | None = None,
        *,
        follow: bool = True,
        **named: Any,
    ) -> Any:
        """Fill in a form of the page and press its button, as a user would.

        `page` is a page or its address; `button` its text, needed where the page has more than one
        form or button. Values: text, a list for several ticked boxes, True or False for a lone
        box, None to leave a field out, `(stream, "name.pdf")` for a file. Names that are no
        Python names go into `fields`. Raises BadPage for a field or choice the form has not.
        Returns the answer, redirects followed unless `follow` is False.
        """
        if isinstance(page, str):
            page = self.show(page)
        form = page.form(button)
        data = _filled_in(form, {**(fields or {}), **named})
        pressed = form.buttons()
        name = button if button is not None else next(iter(pressed))
        if sent := pressed[name]:
            data.add(*sent)
        if form.method == "GET":
            return self.get(form.action, query_string=data, follow_redirects=follow)
        kind = "multipart/form-data" if form.multipart else "application/x-www-form-urlencoded"
        return self.post(form.action, data=data, content_type=kind, follow_redirects=follow)


def _filled_in(form: Form, wanted: Mapping[str, Any]) -> MultiDict:
    values = MultiDict(form.values())
    for name, value in wanted.items():
        if name not in form.names():
            raise BadPage(f"{form.page.url}: no field {name!r} among {sorted(form.names())}")
        choices = form.choices(name)
        values.poplist(name)
        if value is True:
            value = sorted(choices or {"y"})
        if value is None or value is False:
            continue
        for single in value if isinstance(value, list) else [value]:
            if choices is not None and str(single) not in choices:
                raise BadPage(f"{form.page.url}: {name!r} offers {choices}, not {single!r}")
            values.add(name, single if isinstance(single, tuple) else str(single))
    return values
