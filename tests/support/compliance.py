"""Bids with corrections, in the world that the tests of rules walk through."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from bids.compliance import corrections
from bids.compliance.models import Fault
from bids.evaluation import queries as evaluations
from marketplace.acting import Acting
from marketplace.files import inspect
from tests.support.files import PDF
from tests.support.people import written

ASKED = (Fault.DOCUMENT_MISSING, "Please send the insurance certificate.")


def asked(evaluation_id: UUID, bid_id: UUID, officer: Acting, by: Acting) -> tuple[UUID, UUID]:
    """A request to correct with one file that is not sent yet: (correction, its file's row)."""
    with written():
        correction_id = corrections.ask(evaluation_id, bid_id, ASKED, 3, officer).id
        upload = inspect("certificate.pdf", PDF)
        return correction_id, corrections.add_file(bid_id, upload, by).id


def add_to(world: Any) -> None:
    """One bid that waits for its correction, and one that was corrected."""
    evaluation_id = world.things["opened bid with files"]["evaluation_id"]
    officer = world.by("commissioning officer")
    for bid in evaluations.opened_bids(evaluations.get(evaluation_id)):
        theirs = bid.organisation_id == world.people["other trustee"][1].id
        by = world.by("other bid manager" if theirs else "bid manager")
        bid_id = bid.id
        correction_id, sent_id = asked(evaluation_id, bid_id, officer, by)
        if theirs:
            with written():
                corrections.answer(correction_id, bid_id, "Here it is.", by)
        name = "corrected bid" if theirs else "bid to correct"
        world.things[name] = {
            "evaluation_id": evaluation_id,
            "bid_id": bid_id,
            "sent_id": sent_id,
        }
