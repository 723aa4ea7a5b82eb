"""The partners of the bid in `bidding.py`: one that is new here and leaves, and one that stays.

`BIDDING` is the whole journey in its order.
"""

from __future__ import annotations

from tests.journeys import bidding
from tests.journeys.bidding import BIDDER, LOT, MANAGER, Story
from tests.journeys.qualifying import Newcomer, link_in_mails, read_mails, register_as

NEWCOMER = Newcomer(
    "Tŷ Agored",
    "Angharad Wyn",
    "angharad@ty-agored.example",
    "an open door on the high street",
    "1188888",
    "North Wales",
)
NEWCOMERS_ROLE = "Two rooms above the shop for people on the day they leave prison."
OWN_WORDS = "Three rooms above the shop for people on the day they leave prison."
OTHER = "Pont Newydd (demonstration)"
OTHERS_MANAGER = ("Catrin Llewelyn", "Bid manager")
OTHERS_ROLE = "Deposits, and a worker who knows the landlords of Wrexham."
PROPOSED = {"areas": ["North Wales"], "share": "18,000"}


def invite_somebody_new(story: Story) -> None:
    """Nobody of this name is here, so a mail goes out; the bid is not ready meanwhile."""
    visitor = story.lead.visitor
    visitor.follow("Partners")
    visitor.follow("Invite a partner")
    visitor.press("Find", name=NEWCOMER.name)
    visitor.press(
        "Send the invitation",
        PROPOSED,
        chosen="Another: invite it by email",
        email=NEWCOMER.email,
        role=NEWCOMERS_ROLE,
    )
    visitor.sees("The invitation is on its way.", NEWCOMER.email)
    visitor.go(story.bid)
    visitor.sees(f"A partner has not taken up its invitation. ({NEWCOMER.name})")


def follow_the_mail(story: Story) -> None:
    """The link shows who asks for what; to take it up, register, and open the link again."""
    visitor = story.partner.visitor
    read_mails(visitor)
    invitation = link_in_mails(visitor, "/partner-invitations/")
    visitor.go(invitation)
    visitor.sees(BIDDER, LOT, NEWCOMERS_ROLE, "£18,000")
    visitor.follow("Register")
    register_as(visitor, NEWCOMER)
    visitor.go(invitation)
    visitor.press(f"Take this up as {NEWCOMER.name}")
    story.part = visitor.page.url.rstrip("?")


def confirm_the_own_part(story: Story) -> None:
    """In its own space the partner changes what it does not agree with, and confirms all of it."""
    visitor = story.partner.visitor
    visitor.press("Confirm our part", role=OWN_WORDS, share="20,000")
    visitor.sees("Confirm all of the statements.")
    visitor.press("Confirm our part", declarations=True)
    visitor.sees("Your part is confirmed. The lead has been told.", OWN_WORDS, "£20,000")
    visitor.does_not_see("Question 1")
    lead = story.lead.visitor
    lead.go(story.bid)
    lead.sees(f"{NEWCOMER.name} Confirmed its part")


def withdraw_the_name(story: Story) -> None:
    """Its name stands in the submitted version; the lead is told by mail and by the task list."""
    visitor = story.partner.visitor
    visitor.go(story.part)
    visitor.sees("A submitted version of the bid names you.")
    visitor.follow("Withdraw our name")
    visitor.press("Withdraw our name")
    visitor.sees("Your name is withdrawn. The lead has been told.")
    read_mails(visitor)
    visitor.sees("A partner has withdrawn its name")


def put_another_in_its_place(story: Story) -> None:
    """The lead goes on without it and asks an organisation on the register, which confirms."""
    visitor = story.lead.visitor
    visitor.sign_in(*MANAGER)
    visitor.go(story.bid)
    visitor.sees("A partner withdrew its name on", "the submitted version still names it.")
    visitor.follow(NEWCOMER.name)
    visitor.press(f"Go on without it {NEWCOMER.name}")
    visitor.follow("Invite a partner")
    visitor.press("Find", name="pont")
    visitor.press("Send the invitation", PROPOSED, chosen=OTHER, role=OTHERS_ROLE)
    visitor.sees("The invitation is on its way.", OTHER)
    visitor.sign_in(*OTHERS_MANAGER)
    visitor.go("/")
    visitor.follow(f"You are invited to be a partner in a bid for “{LOT}”")
    visitor.press("Take it up")
    visitor.press("Confirm our part", declarations=True)
    visitor.sees("Your part is confirmed. The lead has been told.")
    visitor.sign_in(*MANAGER)


def the_panel_reads_of_partners(story: Story) -> None:
    """On the evaluator's page: who stayed, with its role and without its share."""
    visitor = story.lead.visitor
    visitor.sees(OTHER, OTHERS_ROLE, "Share: sealed until the scores are agreed")
    visitor.does_not_see(NEWCOMER.name, OWN_WORDS, "£18,000", "£20,000")


BIDDING = (
    bidding.start_from_the_public_page,
    bidding.apply_on_the_way,
    bidding.share_the_work,
    invite_somebody_new,
    follow_the_mail,
    confirm_the_own_part,
    bidding.answer_the_rest,
    bidding.price_it,
    bidding.submit_at_first,
    bidding.the_plan_is_judged,
    bidding.improve_the_answer,
    withdraw_the_name,
    put_another_in_its_place,
    bidding.submit_once_more,
    bidding.others_see_nothing,
    bidding.open_the_bids,
    the_panel_reads_of_partners,
)
