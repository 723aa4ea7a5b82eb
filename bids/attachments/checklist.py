"""What the lot's demands add to a bid's task list and to its text document."""

from __future__ import annotations

from flask_babel import gettext as _

from bids.attachments.queries import Asked, asked_of
from bids.attachments.wording import statement
from bids.models import Bid
from bids.tasks import Task
from lots.vocabulary import Demand
from marketplace.files import FileState, shown_size


def tasks_of(bid: Bid) -> list[Task]:
    """A line for each demand; `problem` keeps the bid from being ready."""
    return [
        Task(
            each.label,
            "bid_attachments.show",
            _problem(each),
            _hint(each),
            {"bid_id": bid.id, "demand_id": each.demand.id},
        )
        for each in asked_of(bid)
    ]


def _problem(asked: Asked) -> str | None:
    for sent in asked.files:
        if sent.file.state is FileState.INFECTED:
            return _(
                "A virus was found in “%(name)s”. Take it out of the bid and send a clean file.",
                name=sent.file.name,
            )
        if sent.file.state is FileState.QUARANTINED:
            return _(
                "“%(name)s” is being checked for viruses. Try again in a few minutes.",
                name=sent.file.name,
            )
    return None if asked.is_met else _missing(asked)


def _missing(asked: Asked) -> str:
    if asked.demand.kind == Demand.DOCUMENT:
        return _("The document “%(text)s” is missing.", text=asked.demand.text)
    if asked.takes_words:
        return _(
            "The certificate “%(text)s” is missing. Send it, or say how you meet it otherwise.",
            text=asked.demand.text,
        )
    if asked.takes_files:
        return _("The certificate “%(text)s” is missing.", text=asked.demand.text)
    return _("Not confirmed yet: %(statement)s.", statement=statement(asked.demand))


def _hint(asked: Asked) -> str | None:
    names = [f"{sent.file.name} ({shown_size(sent.file.size_bytes)})" for sent in asked.files]
    if asked.takes_words and asked.words:
        names.append(_("Said in words"))
    return ", ".join(names) or None


def document_of(bid: Bid) -> list[tuple[str, list[str]]]:
    """The demands as headings, each with its words and the names of its files."""
    return [
        (each.label, [*each.words.splitlines(), *(sent.file.name for sent in each.files)])
        for each in asked_of(bid)
    ]
