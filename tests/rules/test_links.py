"""No page, mail or redirect leads to an address that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from marketplace.payments.standin import server
from tests.support.apps import make_app

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("marketplace", "lots", "bids", "referrals")
NAMED = re.compile(r"""(?:url_for|\blink)\(\s*(["'])([a-z_.]+[a-z_])\1""")


def test_every_address_that_is_named_exists(tmp_path: Path) -> None:
    app = make_app(f"sqlite:///{tmp_path / 'none.sqlite3'}", tmp_path, demonstration=True)
    # The stand-in of Stripe is an application of its own.
    beside = server.make_app(server.store_in(tmp_path))
    known = {rule.endpoint for each in (app, beside) for rule in each.url_map.iter_rules()}
    files = [
        path
        for package in PACKAGES
        for ending in ("html", "txt", "py")
        for path in (PROJECT / package).rglob(f"*.{ending}")
    ]
    named = {
        (str(path.relative_to(PROJECT)), match[2])
        for path in files
        for match in NAMED.finditer(path.read_text())
    }
    assert len(named) > 500
    assert not {(path, endpoint) for path, endpoint in named if endpoint not in known}
