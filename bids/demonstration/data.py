"""Who bids for what in the demonstration, and how each bid is judged; plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Tells(IntEnum):
    """How far a lot's story is told."""

    SUBMITTED = 1
    SCORING = 2
    RECOMMENDED = 3
    DECIDED = 4
    AWARDED = 5


@dataclass(frozen=True)
class Bids:
    """The bids for one lot: (bidder, price in pounds, moderated score of each criterion).

    No price is a draft that its bidder has not finished. `no_award` is the published reason.
    """

    lot: str
    tells: Tells
    bidders: tuple[tuple[str, int | None, tuple[int, int]], ...]
    no_award: str = ""


STORIES = (
    Bids(
        "homes-north-east",
        Tells.AWARDED,
        (
            ("second-street", 620, (4, 3)),
            ("kestrel", 580, (3, 2)),
            ("harbour", 655, (3, 4)),
        ),
    ),
    Bids(
        "women-north-east",
        Tells.AWARDED,
        (("rising", 12_900, (4, 4)), ("kestrel", 11_800, (3, 1))),
    ),
    Bids(
        "wellbeing-yorkshire",
        Tells.AWARDED,
        (("oak", 392_400, (3, 4)), ("kestrel", 363_600, (3, 1))),
    ),
    Bids("work-wales", Tells.AWARDED, (("kestrel", 610, (4, 3)), ("pont", 660, (3, 3)))),
    Bids("wellbeing-wales", Tells.AWARDED, (("pont", 3_450, (4, 4)), ("kestrel", 3_300, (2, 2)))),
    Bids("pilot-north-east", Tells.AWARDED, (("harbour", 2_950, (3, 4)),)),
    Bids(
        "women-humberside",
        Tells.AWARDED,
        (("rising", 4_450, (4, 3)), ("kestrel", 3_500, (3, 2))),
    ),
    Bids(
        "homes-south-wales",
        Tells.DECIDED,
        (("pont", 7_900, (4, 4)), ("kestrel", 7_400, (3, 2)), ("second-street", 7_990, (3, 2))),
    ),
    Bids(
        "homes-north-yorkshire",
        Tells.DECIDED,
        (("oak", 5_900, (4, 4)), ("kestrel", 5_500, (3, 2)), ("second-street", 5_950, (3, 3))),
    ),
    Bids(
        "wellbeing-cleveland",
        Tells.RECOMMENDED,
        (("harbour", 3_950, (3, 4)), ("kestrel", 3_800, (3, 2)), ("oak", 4_000, (4, 1))),
    ),
    Bids(
        "homes-yorkshire",
        Tells.SCORING,
        (("oak", 740, (3, 4)), ("second-street", 715, (4, 3)), ("kestrel", 690, (3, 2))),
    ),
    Bids(
        "women-south-yorkshire",
        Tells.SUBMITTED,
        (("rising", 7_600, (4, 4)), ("kestrel", 7_200, (3, 2)), ("harbour", 7_700, (3, 3))),
    ),
    Bids(
        "work-cleveland",
        Tells.DECIDED,
        (("kestrel", 745, (1, 1)),),
        no_award="The one bid offered no worker in the area and no evidence of local employers. "
        "We will talk to colleges and employers and open the lot again in smaller pieces.",
    ),
    Bids(
        "women-cleveland",
        Tells.SUBMITTED,
        (("rising", 5_900, (4, 4)), ("harbour", None, (3, 3))),
    ),
    Bids("hub-north-yorkshire", Tells.SUBMITTED, (("oak", None, (3, 3)),)),
)

# In the standstill of this lot its award is challenged.
CHALLENGED, CHALLENGER = "homes-north-yorkshire", "kestrel"
# The draft for this lot is filled in from its bidder's earlier answers, and nobody has read them.
TAKES_OVER = "hub-north-yorkshire"

# One answer to each question of a lot, in their order.
ANSWERS = (
    "From the first Monday on, {name} meets people where they already are: at the probation "
    "office, in a café, at the door. Each person has one worker and a named stand-in. We meet "
    "weekly at first, then as agreed, and write down together what should be different. If "
    "somebody does not come we call the same day, and try twice more in other ways before we "
    "tell the practitioner what happened.",
    "{name} has worked here for years with the council’s housing team, two colleges, the food "
    "bank and the recovery community. People told us that the bus stops at six and that forms "
    "frighten them; so we work in the afternoon and fill in forms side by side.",
    "If somebody says something that worries us, the worker calls our safeguarding lead before "
    "leaving the building, and the practitioner within the hour. We practise this twice a year. "
    "Last spring it meant a place of safety was found the same evening.",
)

SCORE_REASONS = {
    4: "Answers everything, with people, dates and results that convinced us.",
    3: "A good answer with evidence; it says little about what happens when staff are away.",
    2: "Plausible, but much of it would fit any town, and the numbers are missing.",
    1: "Says little about how it would be done here, and shows hardly any evidence.",
    0: "Not answered.",
}
NEEDED = {
    4: "",
    3: "How the service goes on when a worker is ill or leaves.",
    2: "Names, places and results from this area.",
    1: "A plan for the first weeks, and evidence that it has worked somewhere.",
    0: "An answer.",
}
