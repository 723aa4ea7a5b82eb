"""Who acts in this request; `marketplace.web.protection` finds out before the view runs."""

from __future__ import annotations

from flask import g

from marketplace.acting import Acting


def acting() -> Acting | None:
    """The signed-in person of this request, acting for one organisation; None for a visitor."""
    return g.get("acting")


def actor() -> Acting:
    """The signed-in person, on pages that only a signed-in person reaches."""
    by = acting()
    if by is None:
        raise RuntimeError("this page is not protected: nobody is signed in")
    return by
