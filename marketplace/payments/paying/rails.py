"""The one small interface behind which money moves; the network, never the database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy import ColumnElement

from marketplace.payments.paying.models import Payment, Rail


class Answer(StrEnum):
    """What a rail says of one payment."""

    PAID = "paid"
    SHORT = "short"
    REFUSED = "refused"
    PAYEE_NOT_READY = "payee_not_ready"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Told:
    """An answer, and what the rail calls the payment where it was paid."""

    answer: Answer
    reference: str | None = None


class Sender(Protocol):
    """A rail that can send by itself. `send` and `find` are called outside any write.

    SHORT, REFUSED and PAYEE_NOT_READY say for certain that nothing was sent; an answer that does
    not is UNKNOWN.
    """

    def takes(self) -> ColumnElement[bool]:
        """A condition on `Payment`: payer and payee have what this rail needs. No network.

        Asked when it is owed, and when people choose this rail.
        """
        ...

    def send(self, payment: Payment) -> Told:
        """Send it under its stored key; UNKNOWN where no clear answer came."""
        ...

    def find(self, payment: Payment) -> Told:
        """Ask whether it was sent: PAID with its reference, NOT_FOUND, or UNKNOWN."""
        ...


def senders(app: Flask | None = None) -> dict[Rail, Sender]:
    """The rails that send by themselves, filled in each `register(app)`."""
    return (app or current_app).extensions["senders"]


def register(app: Flask) -> None:
    """Give the application its empty table of senders: until one comes, all is paid outside."""
    app.extensions["senders"] = {}
