"""The demonstration's bid in the making, and a key that people keep; section 4 of the tour."""

from __future__ import annotations

from tests.journeys.visitors import Visitor
from tests.support.pages import text_of

LOT = "A meeting place in North Yorkshire"
LEAD = ("Edith Camara", "Bid manager")
COLLEAGUE = "Noel Sutcliffe"
PARTNER = ("Maggie O’Dowd", "Bid manager")
PARTNERS_NAME = "Harbour Lights (demonstration)"
OFFICER = ("Beth Ogden", "Commissioning officer")
DIVIDED = "A meeting place on the Humber"


def read_what_was_taken_over(visitor: Visitor) -> None:
    """Answers given elsewhere are there already; they count once somebody has read them."""
    visitor.sign_in(*LEAD)
    visitor.go("/bids")
    visitor.follow(LOT)
    visitor.sees(f"For {COLLEAGUE}", "2 comments", f"For {PARTNERS_NAME}")
    visitor.follow("Read the answers taken over")
    visitor.sees("Asked then", "Asked now")
    visitor.press("Save", {"read_*": True})
    visitor.go("/bids")
    visitor.follow("See all our answers")
    visitor.sees("Qualification: Accommodation", f"Bid for {LOT}")


def confirm_as_the_partner(visitor: Visitor) -> None:
    """The partner confirms its own part in its own space; the lead sees that it has."""
    visitor.sign_in(*PARTNER)
    visitor.follow(f"You are invited to be a partner in a bid for “{LOT}”")
    visitor.press("Take it up")
    visitor.press("Confirm our part", declarations=True)
    visitor.sees("Your part is confirmed.")
    visitor.sign_in(*LEAD)
    visitor.go("/bids")
    visitor.follow(LOT)
    visitor.sees(f"{PARTNERS_NAME} Confirmed its part")


def find_partners(visitor: Visitor) -> None:
    """Who looks for whom, without anybody's address."""
    visitor.go("/bids")
    visitor.follow("Find partners, or a lead")
    visitor.press("Show these", category="Women")
    visitor.follow("Write to Women Rising Together")
    visitor.sees("Women Rising Together")


def make_an_opening_code(visitor: Visitor) -> None:
    """Where people keep the key, each of them has a code, which is shown once."""
    visitor.sign_in(*OFFICER)
    visitor.go("/")
    visitor.follow(f"Make your opening code for “{DIVIDED}”")
    visitor.press("Make my opening code")
    code = next(text_of(each) for each in visitor.page.all("code"))
    visitor.press("Confirm my code", code=code)
    visitor.sees("Your code is confirmed.", "until two people have confirmed their codes")
