"""The files that the demonstration's bidders send, and what they say instead of one."""

from __future__ import annotations

from bids.attachments import actions
from bids.attachments.wording import statement
from bids.models import Bid
from lots.demonstration.papers import one_page
from lots.models import Lot, LotDemand
from lots.vocabulary import Demand
from marketplace.acting import Acting
from marketplace.files import Upload, inspect

SAFEGUARDING = (
    "Safeguarding policy of {name}",
    "",
    "Whoever hears or sees something that worries them tells the safeguarding lead the same day.",
    "The lead decides within the hour, tells the practitioner, and writes down what was done.",
    "Nobody works alone with people until they have been trained and their record is checked.",
    "We practise twice a year and put down here what we changed after it.",
)
ROOMS = (
    "The rooms of {name}",
    "",
    "Ground floor, step-free: one large room (30 people), kitchen, two small rooms.",
    "A door of its own to the yard. Bus stop at 60 metres.",
)
CERTIFICATE = (
    "Certificate",
    "",
    "Two members of staff of {name} have passed Housing Adviser, level 3.",
)
# Who has no certificate says what it has instead.
EQUIVALENT = {
    "kestrel": "Three of our advisers have done this work for a council for more than five years. "
    "Two of them sit the level 3 examination in March; until then a qualified adviser of our "
    "Leeds office reads every plan.",
}


def meet_demands(bid: Bid, lot: Lot, bidder: str, by: Acting) -> None:
    """Send what the lot demands, each file as its bidder made it."""
    name = by.organisation_name.partition(" (")[0]
    for demand in lot.demands:
        if demand.kind == Demand.CERTIFICATE and bidder in EQUIVALENT:
            actions.save_words(bid.id, demand.id, EQUIVALENT[bidder], 0, by)
        elif demand.kind in (Demand.CERTIFICATE, Demand.DOCUMENT):
            actions.add_file(bid.id, demand.id, _paper(demand, name), by)
        else:
            actions.save_words(bid.id, demand.id, statement(demand), 0, by)


def _paper(demand: LotDemand, name: str) -> Upload:
    lines: tuple[str, ...]
    if demand.kind == Demand.CERTIFICATE:
        title, lines = "certificate", CERTIFICATE
    elif "rooms" in demand.text:
        title, lines = "our-rooms", ROOMS
    else:
        title, lines = "safeguarding-policy", SAFEGUARDING
    return inspect(f"{title}.pdf", one_page(tuple(line.format(name=name) for line in lines)))
