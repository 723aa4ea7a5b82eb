"""The thread through the house, step by step, in the words of docs/tour.md.

Keep the two in step: each function is a section of the tour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.journeys import together
from tests.journeys.visitors import Visitor

TITLE = "Walking groups in Gwent"
OFFICER = ("Gwenllian ap Huw", "Commissioning officer")
DIRECTOR = ("Rhys Morgan-Lloyd", "Regional Probation Director")
MANAGER = ("Eleri Pugh", "Contract manager")
EVALUATORS = (("Owain Bevan", "Evaluator"), ("Myfanwy Tudor", "Evaluator"))
PRACTITIONER = ("Siân O’Brien-Rhys", "Probation practitioner")
FRAMEWORK = ("Amara Okafor", "Framework manager")
BIDDER = ("Kayleigh Moss", "Bid manager")
SERVICE_MANAGER = ("Kayleigh Moss", "Service manager")
TRUSTEE = ("Ade Balogun", "Trustee sign-off")
CASEWORKER = ("Morgan Tripp", "Caseworker")
OTHER_BIDDER = ("Catrin Llewelyn", "Bid manager")
AUDITOR = ("Priya Raghunathan", "Auditor")


@dataclass
class Walk:
    """One visitor's walk; `today` is the demonstration clock's day."""

    visitor: Visitor
    today: date
    closing: date = date.max
    contract: str = ""
    case: str = ""
    other_case: str = ""
    draft: str = ""

    def __post_init__(self) -> None:
        self.started = self.today
        self.meeting = self.today

    @property
    def starts_on(self) -> date:
        """The first day of the service: two months after the closing, for signing and hiring."""
        return self.closing + timedelta(days=60)

    def read_good_closing(self) -> None:
        """Take the closing day that the page on dates calls a good one."""
        text = self.visitor.page.text
        advised = re.search(r"a good closing day is (\d+ \w+ \d{4}) or later", text)
        assert advised, text
        self.closing = datetime.strptime(advised[1], "%d %B %Y").date()

    def pass_to(self, day: date) -> None:
        """Move the demonstration clock forward until it is this day or a later one."""
        steps = (("30 days", 30), ("One week", 7), ("One day", 1))
        while self.today < day:
            left = (day - self.today).days
            label, days = next(each for each in steps if each[1] <= left)
            self.visitor.go("/demonstration/clock")
            self.visitor.press("Move the clock", move=label)
            self.visitor.sees("It is now")
            self.today += timedelta(days=days)


def typed(name: str, day: date) -> dict[str, object]:
    """What is typed into the three inputs of a date."""
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def publish_a_lot(walk: Walk) -> None:
    """1. A commissioning officer drafts a lot, the director publishes it."""
    visitor = walk.visitor
    visitor.sign_in(*OFFICER)
    visitor.go("/lots")
    visitor.follow("Draft a new lot")
    visitor.press("Start the draft", title=TITLE, service_code="Personal wellbeing")
    visitor.sees("Before it can open")
    _write_pages(visitor)
    _ask(visitor)
    visitor.follow("Dates")
    walk.read_good_closing()
    visitor.press("Save", typed("closing_day", walk.closing) | typed("starts_on", walk.starts_on))
    visitor.sees("Nothing is missing. The director can publish this lot.")
    _publish(visitor)


def _write_pages(visitor: Visitor) -> None:
    visitor.follow("Service and outcomes")
    visitor.press(
        "Save",
        summary="Walks with people who have been there, twice a week.",
        outcomes=["Better wellbeing, resilience, coping or confidence"],
    )
    visitor.follow("Who it is for")
    visitor.press("Save", statuses=["Community order", "On licence"])
    visitor.follow("Areas")
    visitor.press("Save", areas=["Gwent"])
    visitor.follow("Term")
    visitor.press("Save", term_months="36", mobilisation_weeks="12")
    visitor.follow("Places and people expected")
    visitor.press("Save", {"places-gwent": "4"}, starts_medium="3")
    visitor.follow("Grant or contract")
    visitor.press(
        "Save",
        route="Contract",
        contract_reason="A court orders people to attend, so the places must be there.",
    )
    visitor.follow("Value")
    visitor.press("Save", value_net_pence="90,000", value_gross_pence="108,000")
    visitor.follow("Price and payment")
    visitor.press("Save", price_basis="An amount for each person who starts")
    visitor.follow("Criteria and weights")
    visitor.press(
        "Save",
        price_weight="30",
        tie_rule="The bid with the higher quality score",
        name_1="Quality of the service",
        weight_1="50",
        name_2="Knowing Gwent",
        weight_2="20",
    )
    visitor.follow("Staff who may move")
    visitor.press("Save", transfer="No: nobody’s job moves")
    visitor.follow("Terms in plain words")
    visitor.press(
        "Save",
        publicity_terms="Leaflets name the funder.",
        speaking="Yes",
        data_terms="Notes are kept six years.",
    )


def _ask(visitor: Visitor) -> None:
    visitor.follow("Questions")
    for text, criterion in (
        ("How will you deliver the service?", "Quality of the service"),
        ("How do you know Gwent and the people in it?", "Knowing Gwent"),
    ):
        visitor.follow("Ask in your own words")
        visitor.press("Save the question", text=text, word_limit="200", criterion_id=criterion)
    visitor.follow(TITLE)


def _publish(visitor: Visitor) -> None:
    visitor.sign_in(*DIRECTOR)
    visitor.go("/")
    visitor.follow(f"Publish the lot “{TITLE}”")
    visitor.press("Publish and open for bids")
    visitor.sees("The lot is open for bids.")
    visitor.go("/opportunities")
    visitor.follow(TITLE)
    visitor.sees("Open for bids", "How do you know Gwent and the people in it?")


def qualify(walk: Walk) -> None:
    """2. What a small charity plans to do is judged by the framework team."""
    visitor = walk.visitor
    visitor.sign_in(*BIDDER)
    visitor.go("/qualification")
    visitor.sees("Social inclusion", "Submitted")
    visitor.sign_in(*FRAMEWORK)
    visitor.go("/qualification/queue")
    visitor.sees("Overdue")
    visitor.follow("Peer Steps")
    visitor.press("Assess this application")
    visitor.press("Record the decision", decision="Qualified")
    visitor.sees("The decision is recorded and the applicant is told.")


def bid(walk: Walk) -> None:
    """3. Two organisations bid, and nobody else can see it."""
    visitor = walk.visitor
    for bidder, price in ((BIDDER, "700"), (OTHER_BIDDER, "690")):
        visitor.sign_in(*bidder)
        visitor.go("/opportunities")
        visitor.follow(TITLE)
        visitor.press("Start a bid")
        visitor.follow("Question 1")
        visitor.press("Save and continue", text="We walk twice a week, whatever the weather.")
        visitor.press("Save and continue", text="We live here. So do the people we walk with.")
        visitor.press(
            "Save and continue",
            {"staff-what-1": "Two walkers, part of the week", "staff-pence-1": "60,000"},
            amount=price,
        )
        visitor.follow("Check and submit")
        visitor.press("Submit the bid", {"declarations": True})
        visitor.sees("SHA-256")
    visitor.sign_in(*DIRECTOR)
    visitor.go("/lots")
    visitor.follow(TITLE)
    visitor.does_not_see("Peer Steps", "Pont Newydd")


def look_at_a_bid_in_the_making(walk: Walk) -> None:
    """4. A bid is written with colleagues, a partner and earlier answers; people keep a key."""
    together.read_what_was_taken_over(walk.visitor)
    together.confirm_as_the_partner(walk.visitor)
    together.find_partners(walk.visitor)
    together.make_an_opening_code(walk.visitor)


def open_and_score(walk: Walk) -> None:
    """5. After the deadline two people open the bids, and two evaluators score alone."""
    walk.pass_to(walk.closing + timedelta(days=1))
    open_bids(walk.visitor, TITLE)
    walk.visitor.sees("Peer Steps", "Pont Newydd")
    seat_panel(walk.visitor)
    for evaluator, scores in zip(EVALUATORS, (("3", "4"), ("4", "4")), strict=True):
        walk.visitor.sign_in(*evaluator)
        _score(walk.visitor, scores)


def open_bids(visitor: Visitor, title: str) -> None:
    """Two people confirm, each signed in anew; the officer then looks at the evaluation."""
    visitor.sign_in(*OFFICER)
    visitor.go("/lots")
    visitor.follow(title)
    visitor.follow("Open the bids")
    visitor.press("Confirm the opening")
    visitor.sees("A second person must confirm before the bids open.")
    visitor.sign_in(*DIRECTOR)
    visitor.go("/lots")
    visitor.follow(title)
    visitor.follow("Open the bids")
    visitor.press("Confirm and open the bids")
    visitor.sees("The bids are open. Both confirmations are on record.")
    visitor.sign_in(*OFFICER)
    visitor.go("/evaluations")
    visitor.follow(title)


def seat_panel(visitor: Visitor) -> None:
    """From the page of an evaluation: both evaluators are put on its panel."""
    visitor.follow("Change the panel")
    for name, _role in EVALUATORS:
        visitor.press("Add to the panel", person=name)


def _score(visitor: Visitor, scores: tuple[str, str]) -> None:
    visitor.go("/evaluations")
    visitor.follow(TITLE)
    visitor.press("Continue", conflict="No, I have no conflict of interest")
    visitor.follow("Score the next one")
    for score in (*scores, *scores):
        reason = "Says who, where and when, and what people said of it."
        visitor.press("Save and go to the next", score=score, reason=reason)
    visitor.go("/evaluations")
    visitor.follow(TITLE)
    visitor.press("Lock my scores")
    visitor.sees("Your scores are locked.")


def moderate_and_award(walk: Walk) -> None:
    """6. One score is agreed, the prices open, and the director awards."""
    visitor = walk.visitor
    visitor.sign_in(*OFFICER)
    visitor.go("/evaluations")
    visitor.follow(TITLE)
    evaluation = visitor.page.url
    for bidder in ("Peer Steps", "Pont Newydd"):
        visitor.follow(bidder)
        visitor.press("Confirm that the bid meets the requirements")
    visitor.go(evaluation)
    visitor.press("Start moderation")
    for bidder, score in (("Peer Steps", "4"), ("Pont Newydd", "2")):
        for criterion in ("Quality of the service", "Knowing Gwent"):
            visitor.go(evaluation)
            visitor.follow(f"Agree a score {bidder} (demonstration), {criterion}")
            visitor.press(
                "Save the agreed score",
                score=score,
                reason="Convincing." if score == "4" else "Would fit any town.",
                needed="" if score == "4" else "Names and places in Gwent.",
            )
    visitor.go(evaluation)
    visitor.press("Lock the quality scores and open the prices")
    visitor.sees("The prices are open and the bids are ranked.")
    visitor.follow("Recommend an award")
    visitor.press("Send the recommendation", choice="Peer Steps", reasons="It comes first.")
    visitor.follow("Read the next one")
    for _bid in range(2):
        visitor.press("Reviewed: go on")
    visitor.sees("Everything is reviewed.")
    visitor.sign_in(*DIRECTOR)
    visitor.go(evaluation)
    visitor.follow("Read the recommendation and decide")
    visitor.press("Decide", choice="Peer Steps")
    visitor.sees("Decided. Every bidder has been sent the reasons.")

    visitor.sign_in(*OTHER_BIDDER)
    visitor.go("/bids")
    visitor.follow(TITLE)
    visitor.follow("Read the outcome and the reasons")
    visitor.sees("Would fit any town.", "Names and places in Gwent.", "Convincing.")


def sign_and_open(walk: Walk) -> None:
    """7. After the standstill the contract is signed on both sides, and its places are set."""
    visitor = walk.visitor
    visitor.go("/opportunities?show=being-decided")
    visitor.follow(TITLE)
    visitor.sees("Standstill until the end of")
    walk.pass_to(walk.today + timedelta(days=21))
    for signer in (DIRECTOR, TRUSTEE):
        visitor.sign_in(*signer)
        visitor.go("/contracts")
        visitor.follow("CON-")
        visitor.sees(TITLE)
        walk.contract = visitor.page.url
        visitor.follow("Read and sign")
        visitor.press("Sign", name=signer[0], authority=True)
        visitor.sees("You have signed the agreement.")
    visitor.sign_in(*SERVICE_MANAGER)
    _confirm(walk, "Insurance evidence", "Certificate of this year, sent by post.")
    _confirm(walk, "Data protection", "Sharing agreement signed in March.")
    visitor.go(walk.contract)
    visitor.follow("Set places in Gwent")
    visitor.press("Save", places="4")
    walk.pass_to(walk.starts_on)
    visitor.sign_in(*MANAGER)
    _confirm(walk, "Staff vetting", "All three are cleared.")
    visitor.go(walk.contract)
    visitor.press("Open for referrals")
    visitor.sees("The contract is live. Its services take people now.")


def _confirm(walk: Walk, item: str, evidence: str) -> None:
    walk.visitor.go(walk.contract)
    walk.visitor.follow(f"Confirm {item}")
    walk.visitor.press("Confirm", evidence=evidence)
    walk.visitor.sees("Confirmed.")


BUYING = (
    publish_a_lot,
    qualify,
    bid,
    look_at_a_bid_in_the_making,
    open_and_score,
    moderate_and_award,
    sign_and_open,
)
