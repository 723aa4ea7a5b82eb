"""A decision is prepared on screen: the check, the panel, own scores, the agreed ones, prices."""

from __future__ import annotations

from io import BytesIO

from tests.journeys.deciding_scene import (
    CHALLENGER,
    CORRECTS,
    FIRST,
    LINCOLN,
    SECOND,
    SET_ASIDE,
    THREE,
    WINNER,
    Scene,
)
from tests.support.files import PDF
from tests.support.pages import Page

CRITERIA = ("Quality of the service", "Local knowledge")
# Agreed scores by bidder and criterion; two bidders share a place, with the same price too.
SCORES = {
    WINNER: (4, 4),
    SECOND: (4, 3),
    "Oak and Ash": (3, 3),
    FIRST: (4, 4),
    CORRECTS: (2, 3),
    CHALLENGER: (2, 2),
    "Elder Path": (2, 1),
    "Hawthorn Trust": (1, 2),
    "Juniper Street": (3, 3),
    "Maple Row": (3, 1),
    "Cherry Orchard": (1, 1),
}
REASONS = {
    4: "Says who works where and on which day, and what women said of it.",
    3: "Clear and local; the days of the week are missing.",
    2: "Says what is done, not by whom.",
    1: "Would fit any county.",
}
NEEDED = "The names of the people and the places, with the days of the week."
PANELS = {THREE: ("first evaluator", "second evaluator"), LINCOLN: ("first evaluator", "third")}


def seat_the_panels(scene: Scene) -> None:
    """People of two organisations, one for her experience; one who knows a bidder steps down."""
    officer = scene.as_("officer")
    for title, who in (
        *((THREE, each) for each in ("third", *PANELS[THREE])),
        *((LINCOLN, each) for each in PANELS[LINCOLN]),
    ):
        officer.go(f"{scene.evaluation(title)}/panel")
        lived = {"lived": True} if who == "second evaluator" else {}
        officer.press("Add to the panel", person=scene.people[who][0].name, **lived)
    tied = scene.as_("third")
    tied.go(f"{scene.evaluation(THREE)}/scores")
    tied.does_not_see("works from its own house")
    tied.press("Continue", conflict="Perhaps", what="I ran a group at Birch Grove until last year.")
    officer.go(f"{scene.evaluation(THREE)}/panel")
    officer.follow(scene.people["third"][0].name)
    officer.follow("Decide on the declared interest")
    officer.press("Decide", keep="No", reason="She was paid by the bidder within the year.")
    for title, panel in PANELS.items():
        for who in panel:
            evaluator = scene.as_(who)
            evaluator.go(f"{scene.evaluation(title)}/scores")
            evaluator.press("Continue", conflict="No, I have no conflict of interest")


def check_the_bids(scene: Scene) -> None:
    """All but one meet the requirements, one of them after a correction; one is set aside."""
    officer = scene.as_("officer")
    officer.go(f"{scene.evaluation(THREE)}/check")
    officer.sees(f"{len(scene.bidders(THREE))} bids are still to be checked.")
    officer.follow(CORRECTS)
    officer.follow("Ask the bidder to correct something")
    officer.press(
        "Ask the bidder",
        fault="A document is missing",
        what="The certificate of insurance that the bid names.",
        days="3",
    )
    bidder = scene.as_(CORRECTS)
    bidder.go(scene.bid(THREE, CORRECTS))
    bidder.follow("Correct the bid")
    bidder.press("Add the file", file=(BytesIO(PDF), "insurance.pdf"))
    bidder.press("Send the correction", words="The certificate is attached.")
    bidder.sees("Your correction has been sent to the buyer.")
    officer.go(f"{scene.evaluation(THREE)}/check")
    officer.follow(SET_ASIDE)
    officer.press(
        "Set the bid aside",
        ground="A declaration in the bid is not true",
        reason="The register shows that the charity was removed in spring.",
    )
    for title in (THREE, LINCOLN):
        for name in scene.bidders(title):
            if name == SET_ASIDE:
                continue
            officer.go(f"{scene.evaluation(title)}/check")
            officer.follow(name)
            officer.press("Confirm that the bid meets the requirements")


def score_alone(scene: Scene) -> None:
    """Each evaluator scores every answer, sees nobody else's, and locks."""
    for title, panel in PANELS.items():
        for number, who in enumerate(panel):
            visitor = scene.as_(who)
            visitor.go(f"{scene.evaluation(title)}/scores")
            visitor.follow("Score the next one")
            while "Save and go to the next" in visitor.page.buttons():
                name, _colon, criterion = visitor.page.h1.partition(": ")
                agreed = SCORES[name][CRITERIA.index(criterion)]
                # The second is a little stricter with the best.
                own = agreed - 1 if number and agreed == 4 else agreed
                visitor.press("Save and go to the next", score=str(own), reason=REASONS[own])
            visitor.go(f"{scene.evaluation(title)}/scores")
            visitor.press("Lock my scores")
            visitor.sees("Your scores are locked.")


def agree_and_open_prices(scene: Scene) -> None:
    """One score each is agreed, criterion by criterion; then the prices open and are ranked."""
    for title in (LINCOLN, THREE):
        officer = scene.as_("officer")
        officer.go(scene.evaluation(title))
        officer.press("Start moderation")
        for number, criterion in enumerate(CRITERIA):
            officer.go(f"{scene.evaluation(title)}/moderation")
            officer.follow(criterion)
            officer.press("Save what is agreed", _agreed(officer.page, number))
            officer.sees("agreed scores are saved")
    _open_prices(scene, LINCOLN)


def _agreed(page: Page, number: int) -> dict[str, str]:
    """What is typed for each bid of a page, whose parts are headed by bidder."""
    typed = {}
    for section in page.all("section"):
        heading = next(section.iter("h2"))
        name = next(each for each in SCORES if "".join(heading.itertext()).startswith(each))
        score = SCORES[name][number]
        start = next(
            each.get("name").removesuffix("-reason")
            for each in section.iter("textarea")
            if each.get("name", "").endswith("-reason")
        )
        typed |= {f"{start}-score": str(score), f"{start}-reason": REASONS[score]}
        if score < 4:
            typed[f"{start}-needed"] = NEEDED
    return typed


def _open_prices(scene: Scene, title: str) -> None:
    officer = scene.as_("officer")
    officer.go(scene.evaluation(title))
    officer.press("Lock the quality scores and open the prices")
    officer.sees("The prices are open and the bids are ranked.")


def rank_three_counties(scene: Scene) -> None:
    """After the other lot of the competition: whoever has won its limit stands marked."""
    _open_prices(scene, THREE)
    scene.as_("officer").sees("Has won its limit")


STEPS = (seat_the_panels, check_the_bids, score_alone, agree_and_open_prices)
