"""The lots of the demonstration, as plain data: what is bought, by whom, and when it closes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lots.vocabulary import PriceBasis, Route

MONTH = PriceBasis.MONTHLY_FEE
START = PriceBasis.PER_START

CRITERIA = [(1, "Quality of the service", 45), (2, "Knowing the people and the place", 25)]
PRICE_WEIGHT = 30
# (concept of a question of the bank, index of its criterion)
QUESTIONS = (("delivery-model", 0), ("local-partnerships", 1), ("safeguarding-practice", 0))

# A buyer that asks for the same in words of its own: (lot, concept) to the wording.
OWN_WORDS = {
    ("women-cleveland", "local-partnerships"): "Which local organisations will you work with for "
    "women in Cleveland, and what will each of them do?",
    ("women-cleveland", "safeguarding-practice"): "A worker hears something that worries them "
    "about a woman or her children. What happens next?",
    ("hub-north-yorkshire", "local-partnerships"): "Whom on the coast will you work with, and "
    "what will each do?",
    ("hub-north-yorkshire", "safeguarding-practice"): "Somebody tells a volunteer something that "
    "worries them. What happens next?",
}


class Tells(StrEnum):
    """How far the ground tells a lot's story; the floor of bids takes it on from there."""

    BEGUN = "begun"
    READY = "ready"
    PLANNED = "planned"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Told:
    """One lot. `closes_in` is in days from today, negative for the past.

    `areas` are (region, area or None for the whole region, places); values are in pounds.
    """

    key: str
    buyer: str
    title: str
    summary: str
    service: str
    areas: tuple[tuple[str, str | None, int], ...]
    net: int
    months: int
    closes_in: int
    tells: Tells = Tells.PUBLISHED
    route: Route = Route.CONTRACT
    basis: PriceBasis = MONTH
    cohort: str | None = None
    published_in: int | None = None
    whole_region_reason: str = ""

    @property
    def contract_reason(self) -> str:
        """Why no grant, where it is none."""
        if self.route == Route.GRANT:
            return ""
        return "People are ordered by a court to attend, so the places must be there every month."


# Those whose contracts are live today (the last of them has run out).
DELIVERED = (
    Told(
        "homes-north-east",
        "north-east",
        "A place to live: Northumbria, Durham and Cleveland",
        "Finding and keeping a home for people leaving prison or at risk of losing theirs: "
        "landlords won over, deposits arranged, and help at the door in the first weeks.",
        "accommodation",
        (("A", "northumbria", 12), ("A", "durham", 8), ("A", "cleveland", 6)),
        540_000,
        36,
        -205,
        basis=START,
    ),
    Told(
        "women-north-east",
        "north-east",
        "Women’s centres in Northumbria and Durham",
        "One place where a woman on probation can deal with all of it: money, home, children, "
        "health and safety, with women who have time.",
        "womens-services",
        (("A", "northumbria", 15), ("A", "durham", 10)),
        468_000,
        36,
        -215,
        cohort="women",
    ),
    Told(
        "wellbeing-yorkshire",
        "yorkshire",
        "Personal wellbeing in West and South Yorkshire",
        "Support with feelings, family, company and belonging, one to one and in groups.",
        "personal-wellbeing",
        (("C", "west-yorkshire", 10), ("C", "south-yorkshire", 4)),
        396_000,
        36,
        -200,
    ),
    Told(
        "work-wales",
        "wales",
        "Gwaith: work, training and learning across Wales",
        "A route into work or learning for people anywhere in Wales, in Welsh or English.",
        "ete",
        (("D", None, 20),),
        600_000,
        36,
        -220,
        basis=START,
        whole_region_reason="Colleges and employers work across all four areas, and a worker in "
        "each is paid from one budget; bidders may name partners for single areas.",
    ),
    Told(
        "wellbeing-wales",
        "wales",
        "Lles: wellbeing close to home in South Wales and Gwent",
        "Small groups and walks led by people who have been there, in the valleys and the towns.",
        "personal-wellbeing",
        (("D", "south-wales", 8), ("D", "gwent", 3)),
        42_000,
        12,
        -210,
        route=Route.GRANT,
    ),
    Told(
        "pilot-north-east",
        "north-east",
        "Summer pilot: wellbeing on the quayside",
        "A short trial of evening groups on the Tyne, to learn whether people come.",
        "personal-wellbeing",
        (("A", "northumbria", 5),),
        9_000,
        3,
        -200,
        route=Route.GRANT,
    ),
)

# Those whose competition is over or under way.
DECIDING = (
    Told(
        "women-humberside",
        "yorkshire",
        "Women’s support in Humberside",
        "A women’s worker in Hull, Grimsby and Scunthorpe, and a group in each.",
        "womens-services",
        (("C", "humberside", 8),),
        162_000,
        36,
        -45,
        cohort="women",
    ),
    Told(
        "homes-south-wales",
        "wales",
        "Llety: homes after release in South Wales",
        "Rooms, deposits and a worker who meets people at the gate.",
        "accommodation",
        (("D", "south-wales", 12),),
        288_000,
        36,
        -25,
    ),
    Told(
        "homes-north-yorkshire",
        "yorkshire",
        "A key and a neighbour: homes in North Yorkshire",
        "Finding rooms in market towns, and somebody who looks in during the first months.",
        "accommodation",
        (("C", "north-yorkshire", 9),),
        216_000,
        36,
        -27,
    ),
    Told(
        "wellbeing-cleveland",
        "north-east",
        "Wellbeing in Cleveland",
        "Peer-led support with isolation and low mood in Middlesbrough, Redcar and Stockton.",
        "personal-wellbeing",
        (("A", "cleveland", 10),),
        144_000,
        36,
        -18,
    ),
    Told(
        "homes-yorkshire",
        "yorkshire",
        "Homes in Humberside and North Yorkshire",
        "Finding homes on the coast and in the country, where there are few landlords.",
        "accommodation",
        (("C", "humberside", 8), ("C", "north-yorkshire", 6)),
        320_000,
        36,
        -10,
        basis=START,
    ),
    Told(
        "women-south-yorkshire",
        "yorkshire",
        "Women’s centre for South Yorkshire",
        "A centre in Sheffield with days in Doncaster, Barnsley and Rotherham.",
        "womens-services",
        (("C", "south-yorkshire", 14),),
        279_000,
        36,
        -1,
        cohort="women",
    ),
    Told(
        "work-cleveland",
        "north-east",
        "Work and training in Cleveland",
        "Getting people into work at the port and in the chemical industry.",
        "ete",
        (("A", "cleveland", 10),),
        180_000,
        36,
        -75,
        basis=START,
    ),
)

OPEN = (
    Told(
        "women-cleveland",
        "north-east",
        "Women’s services in Cleveland",
        "Support for women on probation in Middlesbrough, Redcar, Stockton and Hartlepool.",
        "womens-services",
        (("A", "cleveland", 12),),
        216_000,
        36,
        3,
        cohort="women",
        published_in=-50,
    ),
    Told(
        "hub-north-yorkshire",
        "yorkshire",
        "A meeting place in North Yorkshire",
        "A grant for a place to meet in Scarborough or Whitby, with help on the spot.",
        "personal-wellbeing",
        (("C", "north-yorkshire", 6),),
        24_000,
        12,
        21,
        route=Route.GRANT,
        published_in=-28,
    ),
    Told(
        "homes-north-wales",
        "wales",
        "Llety: homes in North Wales",
        "Homes for people on probation from Anglesey to Wrexham.",
        "accommodation",
        (("D", "north-wales", 10),),
        255_000,
        36,
        42,
        published_in=-3,
    ),
)

AHEAD = (
    Told(
        "families-north-east",
        "north-east",
        "Families of people in prison: Northumbria and Durham",
        "Somebody who rings back, travels along to the first visit, and knows which forms to fill "
        "in; paid for together with the commissioner and a community fund.",
        "personal-wellbeing",
        (("A", "northumbria", 8), ("A", "durham", 6)),
        96_000,
        24,
        70,
        tells=Tells.READY,
        route=Route.GRANT,
    ),
    Told(
        "wellbeing-northumbria",
        "commissioner",
        "Somebody to talk to: early support in Northumbria",
        "The commissioner’s grant for support before problems grow, open to small charities.",
        "personal-wellbeing",
        (("A", "northumbria", 8),),
        28_000,
        12,
        75,
        tells=Tells.PLANNED,
        route=Route.GRANT,
    ),
    Told(
        "women-wales",
        "wales",
        "Menywod: women’s services in Dyfed-Powys and Gwent",
        "Women’s support in market towns and valleys, in Welsh and English.",
        "womens-services",
        (("D", "dyfed-powys", 6), ("D", "gwent", 8)),
        250_000,
        36,
        110,
        tells=Tells.PLANNED,
        cohort="women",
    ),
    Told(
        "work-durham",
        "north-east",
        "Work and learning in Durham",
        "A worker in Durham and Darlington who knows every employer that gives a second chance.",
        "ete",
        (("A", "durham", 10),),
        150_000,
        36,
        60,
        tells=Tells.READY,
        basis=START,
    ),
    Told(
        "families-yorkshire",
        "yorkshire",
        "Families in Yorkshire",
        "",
        "personal-wellbeing",
        (),
        90_000,
        24,
        90,
        tells=Tells.BEGUN,
        route=Route.GRANT,
    ),
)

LATER = (
    Told(
        "homes-humberside",
        "yorkshire",
        "A front door in Humberside",
        "Finding and keeping a home on both banks of the Humber.",
        "accommodation",
        (("C", "humberside", 12),),
        300_000,
        36,
        170,
        tells=Tells.PLANNED,
    ),
    Told(
        "wellbeing-north-wales",
        "wales",
        "Rhywun i siarad: wellbeing in north Wales",
        "Support with family, isolation and coping, in Welsh and English.",
        "personal-wellbeing",
        (("D", "north-wales", 10),),
        180_000,
        36,
        250,
        tells=Tells.PLANNED,
    ),
    Told(
        "women-durham",
        "north-east",
        "Women’s centres in Durham and on Teesside",
        "Support for women close to home, with somebody to look after the children.",
        "womens-services",
        (("A", "durham", 8), ("A", "cleveland", 10)),
        390_000,
        36,
        330,
        tells=Tells.PLANNED,
        cohort="women",
    ),
)

LOTS = (*DELIVERED, *DECIDING, *OPEN, *AHEAD, *LATER)
