"""What a statement says: its figures, who stands behind them, and each movement in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from lots.contracts.books.queries import Books, Holder
from marketplace import calendar
from marketplace.acting import Acting
from marketplace.money import plain_pounds
from marketplace.paging import Page
from marketplace.payments import showing, statements
from marketplace.payments.models import ACCOUNT_KINDS, AccountKind, Posting
from marketplace.payments.showing import Movement
from marketplace.payments.statements import Period, Total
from marketplace.web.filters import shown_pounds
from marketplace.web.pictures import Bar

# What is worth seeing at a glance, in this order.
OF_CONTRACTS = (AccountKind.COST, AccountKind.VAT, AccountKind.PAID, AccountKind.PAYABLE)
OF_FUNDERS = (
    AccountKind.COMMITMENT,
    AccountKind.CONTRIBUTION_DUE,
    AccountKind.CONTRIBUTION_RECEIVED,
    AccountKind.DISPUTED,
)
MOST_ROWS = 50


@dataclass(frozen=True)
class Row:
    """One contract, or one funder of it: pence at the end of the period by kind of account."""

    holder: Holder
    by_kind: dict[AccountKind, int]


@dataclass(frozen=True)
class Statement:
    """The whole page: totals, a picture of what stands at the end, rows and one page of moves."""

    period: Period
    totals: list[Total]
    pictures: list[tuple[str, list[Bar]]]
    columns: list[AccountKind]
    rows: list[Row]
    left_out: int
    page: Page
    movements: list[tuple[Movement, Holder]]


def statement(books: Books, period: Period, by: Acting) -> Statement:
    """Read a statement; a constant number of database statements."""
    totals = statements.totals(books.accounts, period)
    page = statements.movements(books.accounts, period)
    rows = _rows(books, period)
    return Statement(
        period=period,
        totals=list(totals.values()),
        pictures=_pictures(totals),
        columns=[
            kind
            for kind in (*OF_CONTRACTS, *OF_FUNDERS)
            if any(kind in row.by_kind for row in rows)
        ],
        rows=rows[:MOST_ROWS],
        left_out=max(len(rows) - MOST_ROWS, 0),
        page=page,
        movements=_held(books, page.items, by),
    )


def _pictures(totals: dict[AccountKind, Total]) -> list[tuple[str, list[Bar]]]:
    """One of what the contracts come to, one of who pays: a promise is far more than a month."""
    named = (
        (_("Owed and paid, at the end"), OF_CONTRACTS),
        (_("Who pays, at the end"), OF_FUNDERS),
    )
    found = [
        (name, [_bar(totals[kind]) for kind in kinds if kind in totals]) for name, kinds in named
    ]
    return [(name, bars) for name, bars in found if bars]


def _bar(total: Total) -> Bar:
    return Bar(str(ACCOUNT_KINDS[total.kind]), total.closing, shown_pounds(total.closing))


def _rows(books: Books, period: Period) -> list[Row]:
    """What stands at the end with each contract, or with each funder of one; the most first."""
    found: dict[Holder, dict[AccountKind, int]] = {}
    for account, (kind, pence) in statements.closings(books.accounts, period).items():
        holder = books.holders[account]
        if holder.funder is not None or not books.by_funder:
            found.setdefault(holder, {})[kind] = pence
    rows = [Row(holder, by_kind) for holder, by_kind in found.items()]
    return sorted(rows, key=lambda row: (-sum(row.by_kind.values()), row.holder.reference))


def _held(
    books: Books, postings: Sequence[Posting], by: Acting | None = None
) -> list[tuple[Movement, Holder]]:
    return [(move, _holder(books, move.posting)) for move in showing.in_words(postings, by)]


def _holder(books: Books, posting: Posting) -> Holder:
    """Whose money moved: of a funder where one of the two accounts is a funder's."""
    both = (posting.debit_account_id, posting.credit_account_id)
    found = [books.holders[account] for account in both if account in books.holders]
    return next((each for each in found if each.funder is not None), found[0])


HEADER = (
    "row",
    "day",
    "contract",
    "funder",
    "what",
    "taken_off",
    "added_to",
    "pounds",
    "cause",
    "cause_id",
)


def as_table(books: Books, period: Period) -> Iterator[tuple[object, ...]]:
    """The rows of a CSV file: what stood at the start, every movement, what stands at the end."""
    totals = statements.totals(books.accounts, period).values()
    for total in totals:
        kind = ACCOUNT_KINDS[total.kind]
        yield "opening", period.first, "", "", kind, "", "", plain_pounds(total.opening), "", ""
    for move, holder in _held(books, statements.all_movements(books.accounts, period)):
        posting = move.posting
        yield (
            "movement",
            calendar.day_of(posting.at),
            holder.reference,
            holder.funder,
            move.why,
            "; ".join(move.less),
            "; ".join(move.more),
            plain_pounds(posting.pence),
            posting.cause_kind,
            posting.cause_id,
        )
    for total in totals:
        kind = ACCOUNT_KINDS[total.kind]
        yield "closing", period.last, "", "", kind, "", "", plain_pounds(total.closing), "", ""
