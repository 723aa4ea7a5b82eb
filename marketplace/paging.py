"""Long lists by page: a bounded piece of a query, and where it stands in the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import has_request_context, request
from sqlalchemy import Select, func, select

from marketplace.database import db

SIZE = 25


@dataclass(frozen=True)
class Page:
    """One page of a list: its items, its number (from 1), how many pages and items there are."""

    items: Sequence[Any]
    number: int
    pages: int
    total: int

    def shown(self) -> list[int | None]:
        """The page numbers to offer: first, last and those around this one; None for a gap."""
        near = {1, self.pages, self.number - 1, self.number, self.number + 1}
        offered: list[int | None] = []
        previous = 0
        for number in sorted(each for each in near if 1 <= each <= self.pages):
            if number - previous > 1:
                offered.append(None)
            offered.append(number)
            previous = number
        return offered


def page_asked() -> int:
    """The page number in this request's query string; 1 where it is missing or nonsense."""
    asked = request.args.get("page", "") if has_request_context() else ""
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 7
    return max(1, int(asked)) if is_number else 1


def paged(query: Select, size: int = SIZE, number: int | None = None) -> Page:
    """This page of an ordered query, in two statements; a number past the end gives the last."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    pages = max(1, -(-(total or 0) // size))
    number = min(number or page_asked(), pages)
    piece = query.limit(size).offset((number - 1) * size)
    rows = db.session.execute(piece).unique()
    items = rows.scalars().all() if len(rows.keys()) == 1 else rows.all()
    return Page(items, number, pages, total or 0)


def listed(items: Sequence[Any], size: int = SIZE) -> Page:
    """This page of a list that stands in no table; a number past the end gives the last."""
    pages = max(1, -(-len(items) // size))
    number = min(page_asked(), pages)
    return Page(items[(number - 1) * size : number * size], number, pages, len(items))
