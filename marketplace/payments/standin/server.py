"""The stand-in as an application of its own, and beside the demonstration's pages."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

from marketplace.payments.standin import api, arriving, desk, hooks, pages
from marketplace.payments.standin.store import Store

log = logging.getLogger(__name__)
TICK_SECONDS = 0.1


def make_app(store: Store, address: str = "") -> Flask:
    """The stand-in on its own file. `address`: where its pages are reached, if not as asked."""
    app = Flask("marketplace.payments.standin")
    app.extensions["standin"] = store
    with store.write() as books:
        app.config["SECRET_KEY"] = books.form_secret()
    # Not the product's: both may be on one host.
    app.config.update(SESSION_COOKIE_NAME="stand-in", SESSION_COOKIE_SAMESITE="Lax")
    csrf = CSRFProtect(app)

    @csrf.exempt
    @app.route("/v1/<path:_path>", methods=["GET", "POST", "DELETE"])
    def answer(_path: str) -> Response:
        return api.answer(store, request, address or request.url_root.rstrip("/"))

    pages.register(app)
    app.register_blueprint(desk.blueprint)
    return app


def tick(store: Store, post: hooks.Post = hooks.post_with_requests) -> int:
    """Let arrive what is due, and send the letters that are due; how many things happened."""
    return arriving.arrive_due(store) + hooks.deliver_due(store, post)


class Ticking:
    """A thread that ticks until it is stopped."""

    def __init__(self, store: Store):
        self._store = store
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Ticking:
        self._thread.start()
        return self

    def __exit__(self, *_args: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(TICK_SECONDS):
            try:
                tick(self._store)
            except Exception:
                log.exception("the payment stand-in could not tick")


def store_in(folder: Path) -> Store:
    """The stand-in's file in a folder."""
    return Store(folder / "payment-stand-in.sqlite3")
