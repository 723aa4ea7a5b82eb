"""A product of several processes on a database of its own, raced against over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from werkzeug.datastructures import MultiDict

from marketplace.accounts.models import Person
from marketplace.database import db
from tests.support.apps import SECRET_KEY, make_app
from tests.support.databases import NewDatabase
from tests.support.pages import check
from tests.support.people import sign_in
from tests.support.server import Product

WORKERS = 4
ANSWER_WITHIN_SECONDS = 120


class Visitor:
    """One person's browser, without a screen and with a connection of its own."""

    def __init__(self, address: str, cookie: str):
        self._address = address
        self._session = requests.Session()
        self._session.cookies.set("session", cookie)

    def form_at(self, path: str, button: str) -> tuple[str, dict[str, Any]]:
        """The address and values of a page's form, as they would be sent by its button."""
        answer = self._session.get(self._address + path, timeout=ANSWER_WITHIN_SECONDS)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        form = check(answer.text, path).form(button)
        values = MultiDict(form.values())
        if sent := form.buttons()[button]:
            values.add(*sent)
        return form.action, values.to_dict(flat=False)

    def post(self, action: str, values: dict[str, Any]) -> requests.Response:
        """Send a form; the answer is where its redirect leads."""
        return self._session.post(
            self._address + action, data=values, timeout=ANSWER_WITHIN_SECONDS
        )


@dataclass
class Race:
    """The running product, and the same product inside this process for looking and preparing."""

    app: Flask
    product: Product

    def visitor(self, person: Person) -> Visitor:
        """This person, signed in with both factors."""
        client = self.app.test_client()
        sign_in(client, person)
        cookie = client.get_cookie("session")
        assert cookie is not None
        return Visitor(self.product.address, cookie.value)


@pytest.fixture
def race(
    new_database: NewDatabase,
    session_folder: Path,
    start_product: Callable[..., Product],
    request: pytest.FixtureRequest,
) -> Iterator[Race]:
    """A fresh race; what it did is committed for real and thrown away afterwards."""
    url = new_database(f"race_{request.node.originalname}"[:60])
    app = make_app(url, session_folder)
    settings = {"instance": str(session_folder), "secret_key": SECRET_KEY}
    product = start_product(database_url=url, workers=WORKERS, setup=False, **settings)
    with app.app_context():
        yield Race(app, product)
        db.session.remove()
        db.engine.dispose()
    product.stop()
