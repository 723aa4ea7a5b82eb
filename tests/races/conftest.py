"""A product of several processes on a database of its own, raced against over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask, g
from werkzeug.datastructures import MultiDict

from marketplace.accounts.models import Person
from marketplace.database import db
from tests.support.apps import SECRET_KEY, make_app
from tests.support.databases import NewDatabase
from tests.support.pages import Page
from tests.support.people import sign_in
from tests.support.server import Product

WORKERS = 4
ANSWER_WITHIN_SECONDS = 120

StartProduct = Callable[..., Product]


class Visitor:
    """One person's browser, without a screen and with a connection of its own."""

    def __init__(self, address: str, cookie: str):
        self.address = address
        self._session = requests.Session()
        # With the host, or the product's own later cookie would stand beside this one.
        self._session.cookies.set("session", cookie, domain=urlsplit(address).hostname)

    def form_at(self, path: str, button: str) -> tuple[str, dict[str, Any]]:
        """The address and values of a page's form, as they would be sent by its button."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        form = Page(answer.text, path).form(button)
        values = MultiDict(form.values())
        if sent := form.buttons()[button]:
            values.add(*sent)
        return form.action, values.to_dict(flat=False)

    def get(self, path: str) -> requests.Response:
        """Open a page. Raises requests.ConnectionError where the product is gone."""
        return self._session.get(self.address + path, timeout=ANSWER_WITHIN_SECONDS)

    def post(self, action: str, values: dict[str, Any], follow: bool = True) -> requests.Response:
        """Send a form; the answer is where its redirect leads, or with `follow` off the redirect.

        Raises requests.ConnectionError where the product is gone.
        """
        return self._session.post(
            self.address + action,
            data=values,
            timeout=ANSWER_WITHIN_SECONDS,
            allow_redirects=follow,
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

    def look_again(self) -> None:
        """Forget what was read, so that what stands now is read next."""
        db.session.rollback()
        db.session.expire_all()
        g.pop("business_now", None)


def make_race(url: str, folder: Path, start_product: StartProduct, workers: int = WORKERS) -> Race:
    """Start the product on this database."""
    settings = {"instance": str(folder), "secret_key": SECRET_KEY}
    product = start_product(database_url=url, workers=workers, **settings)
    return Race(make_app(url, folder), product)


@pytest.fixture(scope="session")
def running(
    new_database: NewDatabase, session_folder: Path, start_product: StartProduct
) -> Iterator[Race]:
    """One running product for all races; each makes people and services of its own."""
    race = make_race(new_database("races"), session_folder, start_product)
    yield race
    with race.app.app_context():
        db.engine.dispose()
    race.product.stop()


@pytest.fixture
def race(running: Race) -> Iterator[Race]:
    """The running product; what a race did is committed for real and stays."""
    with running.app.app_context():
        yield running
        db.session.remove()
