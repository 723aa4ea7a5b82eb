"""An officer designs a lot from an empty page; two funders join in; it opens for bids."""

from __future__ import annotations

from io import BytesIO

from tests.journeys.thread import Walk, typed
from tests.support.files import xlsx

TITLE = "Supper clubs along the Tyne"
OFFICER = ("Joanna Whitlock", "Commissioning officer")
DIRECTOR = ("Marcus Oyelaran", "Regional Probation Director")
COMMISSIONER = "Northumbria commissioner (demonstration)"
COMMISSIONER_LEAD = ("Alistair Munro", "Co-commissioner lead")
COMMISSIONER_DECIDER = ("Cora Blythe", "Decision-maker")
FUND = "Tyne Community Fund (demonstration)"
FUND_LEAD = ("Beatrice Lowe", "Co-commissioner lead")


def start(walk: Walk) -> None:
    """An empty page becomes a draft that says what it lacks."""
    visitor = walk.visitor
    visitor.sign_in(*OFFICER)
    visitor.go("/lots")
    visitor.follow("Draft a new lot")
    visitor.press("Start the draft", title=TITLE, service_code="Personal wellbeing")
    visitor.sees("What, for whom and where", "Before it can open")
    visitor.follow("Service and outcomes")


def say_what_and_where(walk: Walk) -> None:
    """What, for whom and where: each page leads on to the next."""
    visitor = walk.visitor
    visitor.press(
        "Save and go on",
        summary="Cooking and eating together, twice a week, with people who have been there.",
        outcomes=["Better wellbeing, resilience, coping or confidence"],
    )
    visitor.press("Save and go on", statuses=["Community order", "On licence"], min_age="18")
    visitor.press("Save and go on", regions=["North East in one piece"])
    visitor.sees("Split it into areas, or enter the reason for buying it in one piece")
    visitor.sees("How this could be split", "Cleveland, Durham, Northumbria")
    visitor.press("Split into these areas")
    visitor.follow("Areas")
    visitor.press("Save and go on")


def say_how_much(walk: Walk) -> None:
    """Term, places, route and value, with the six questions and the sums."""
    visitor = walk.visitor
    visitor.press("Save and go on", term_months="36", mobilisation_weeks="12")
    visitor.press(
        "Save and go on",
        {"places-northumbria": "8", "places-durham": "4", "places-cleveland": "2"},
        starts_low="1",
        starts_medium="3",
    )
    visitor.follow("Not sure? Six questions")
    no = {name: "No" for name in visitor.page.form("See what fits").names() - {"csrf_token"}}
    visitor.press("See what fits", no)
    visitor.sees("A grant fits.")
    visitor.follow("Choose grant or contract")
    visitor.press("Save and go on", route="Grant")
    visitor.press("Work out the whole-life value", value_net_pence="90,000")
    visitor.sees("How it adds up", "VAT: none on a grant")
    visitor.press("Save and go on")
    visitor.press(
        "Save and go on",
        price_basis="A fee for each month",
        payment_profile="Each month, in advance",
    )


def invite_funders(walk: Walk) -> None:
    """Two funders are asked; the shares always add up to the value."""
    visitor = walk.visitor
    visitor.sees("Value of the initial term, without VAT: £90,000.")
    for funder, share in ((COMMISSIONER, "30,000"), (FUND, "15,000")):
        visitor.follow("Invite a funder")
        visitor.press("Invite", organisation=funder, share_pence=share)
        visitor.sees("Invited. They have been sent a mail.", funder, "Together £90,000")
    visitor.press("Save", fund="Regional Outcomes and Innovation Fund")


def say_how_bids_are_judged(walk: Walk) -> None:
    """Criteria whose weights must be 100; one question from the bank, one in own words."""
    visitor = walk.visitor
    visitor.follow(TITLE)
    visitor.follow("Criteria and weights")
    judged = {"name_1": "Quality of the service", "weight_1": "60", "name_2": "Knowing the Tyne"}
    tie = "The bid with the higher quality score"
    visitor.press("Save and go on", judged, weight_2="20", price_weight="30", tie_rule=tie)
    visitor.sees("The weights add up to 110. They must add up to 100.")
    visitor.press("Save and go on", price_weight="20")
    visitor.follow("Take one from the bank")
    visitor.follow("Use this question: How will you deliver this service")
    visitor.press("Save the question", criterion_id="Quality of the service")
    visitor.follow("Ask in your own words")
    visitor.press(
        "Save the question",
        text="How do you know the Tyne and the people along it?",
        word_limit="150",
        criterion_id="Knowing the Tyne",
    )


def say_what_bidders_must_know(walk: Walk) -> None:
    """Nothing more is asked; staff may move, so their costs are there; terms in plain words."""
    visitor = walk.visitor
    visitor.follow(TITLE)
    visitor.follow("What else you ask of bidders")
    visitor.press("Save and go on")
    visitor.follow(TITLE)
    visitor.follow("Staff who may move")
    visitor.press(
        "Save",
        transfer="It may: bidders should take their own advice",
        transfer_liabilities="The region bears what was owed before the move.",
    )
    visitor.sees("staff-cost sheet")
    visitor.follow("Staff who may move")
    visitor.follow("Add a staff-cost sheet")
    sheet = (BytesIO(xlsx()), "posts-hours-and-pay.xlsx")
    visitor.press("Add the document", file=sheet)
    visitor.go(visitor.page.url)
    visitor.follow(TITLE)
    visitor.follow("Terms in plain words")
    visitor.press(
        "Save",
        publicity_terms="Leaflets name the funders.",
        speaking="Yes",
        data_terms="Who came and when, kept for two years.",
    )


def set_dates(walk: Walk) -> None:
    """The calendar says which day is a good one; a day in the closed season is refused."""
    visitor = walk.visitor
    visitor.follow("Dates")
    walk.read_good_closing()
    christmas = walk.today.replace(year=walk.today.year + 1, month=12, day=24)
    visitor.press("Save", typed("closing_day", christmas) | typed("starts_on", walk.starts_on))
    visitor.sees("No lot closes from 20 December to 5 January.")
    visitor.press("Save", typed("closing_day", walk.closing))
    visitor.follow("Dates")
    visitor.sees("The time that bidders have", "Last day for questions", "Closes at noon")


def accept(walk: Walk) -> None:
    """Both funders accept; one asks to co-sign and does."""
    visitor = walk.visitor
    for lead, signs in ((COMMISSIONER_LEAD, True), (FUND_LEAD, False)):
        visitor.sign_in(*lead)
        visitor.go("/")
        visitor.follow(f"Say whether you pay a share of “{TITLE}”")
        visitor.press("Send the answer", {"answer": "Yes, we accept", "asks_to_sign": signs})
        visitor.sees("Your answer has been sent to the lead buyer.")
    visitor.sign_in(*OFFICER)
    visitor.go("/lots")
    visitor.follow(TITLE)
    visitor.follow("Funders")
    visitor.press("Ask for the missing signatures")
    visitor.sees("1 organisation was asked.")
    visitor.sign_in(*COMMISSIONER_DECIDER)
    visitor.go("/")
    visitor.follow(f"Co-sign the lot “{TITLE}”")
    visitor.press("Co-sign", agreed=True)
    visitor.sees("Signed.", "Signed by Cora Blythe")


def publish(walk: Walk) -> None:
    """The director reads the check and opens it; everybody sees who pays what."""
    visitor = walk.visitor
    visitor.sign_in(*DIRECTOR)
    visitor.go("/")
    visitor.follow(f"Publish the lot “{TITLE}”")
    visitor.sees("Nothing is missing. The director can publish this lot.", "Who pays")
    visitor.press("Publish and open for bids")
    visitor.sees("The lot is open for bids.")
    visitor.go("/opportunities")
    visitor.follow(TITLE)
    visitor.sees("Who pays", COMMISSIONER, "£30,000", FUND, "£15,000", "£45,000")
    visitor.sees("Anonymised staff-cost sheet", "How do you know the Tyne")


DESIGNING = (
    start,
    say_what_and_where,
    say_how_much,
    invite_funders,
    say_how_bids_are_judged,
    say_what_bidders_must_know,
    set_dates,
    accept,
    publish,
)
