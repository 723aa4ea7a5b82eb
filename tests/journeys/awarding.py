"""The awards on screen: recommended, reviewed, signed, decided, told, challenged, confirmed."""

from __future__ import annotations

from datetime import timedelta

from marketplace import clock
from tests.journeys.deciding_scene import (
    CHALLENGER,
    FIRST,
    LINCOLN,
    SECOND,
    SET_ASIDE,
    THREE,
    TIED,
    WINNER,
    Scene,
    pass_to,
)
from tests.journeys.judging import rank_three_counties

REASON = (
    "The bidder that ranks first has written that it is being merged into another charity and "
    "cannot sign. The next in the ranking is awarded."
)
CHALLENGE = "Question 2 asks for local knowledge. Our answer names four parishes; you read none."
ANSWER = (
    "Both evaluators read the answer and named the parishes in their notes. The score stands for "
    "what is done there, which the answer leaves open."
)
OTHERS_SECRET = "Our answer names four parishes"


def award_lincoln(scene: Scene) -> None:
    """The smaller lot is awarded to the first of its ranking, and published."""
    _recommend(scene, LINCOLN, WINNER, "It ranks first.")
    _review(scene, LINCOLN)
    _decide(scene, LINCOLN, WINNER, "")


def award_three_counties(scene: Scene) -> None:
    """The second of the ranking is recommended, the funder signs, the director says why."""
    rank_three_counties(scene)
    _recommend(scene, THREE, SECOND, REASON)
    _review(scene, THREE)
    base = scene.evaluation(THREE)
    funder = scene.as_("pcc")
    funder.go(f"{base}/co-sign")
    funder.sees(f"{FIRST} 70.00 27.91 97.91 1", f"{SECOND} 65.00 30.00 95.00 2")
    if set(TIED) <= set(scene.bidders(THREE)):
        funder.sees("3 (shared)")
    funder.press("Co-sign the award", choice=SECOND, agreed=True)
    scene.public().go(f"/opportunities/{scene.lots[THREE]}/decision")
    scene.public().sees("There is no decision on this lot yet.")
    _decide(scene, THREE, SECOND, REASON)
    director = scene.as_("director")
    director.go(f"{base}/report")
    scene.keep("recommendation-report.docx", director, "Download as a Word document")


def _recommend(scene: Scene, title: str, name: str, reasons: str) -> None:
    officer = scene.as_("officer")
    officer.go(f"{scene.evaluation(title)}/recommendation")
    officer.press("Send the recommendation", choice=name, reasons=reasons)


def _review(scene: Scene, title: str) -> None:
    """The officer reads, bid by bid, what others will read."""
    officer = scene.as_("officer")
    officer.go(f"{scene.evaluation(title)}/review")
    officer.follow("Read the next one")
    while officer.page.h1.startswith("What will be read: "):
        officer.press("Reviewed: go on")
    officer.sees("Everything is reviewed.")


def _decide(scene: Scene, title: str, name: str, reason: str) -> None:
    director = scene.as_("director")
    director.go(f"{scene.evaluation(title)}/decision")
    director.press("Decide", choice=name, reason=reason)
    director.sees("Decided. Every bidder has been sent the reasons.")


def everybody_is_told(scene: Scene) -> None:
    """At one moment: the winner, a loser, whoever was set aside, and the public."""
    for name, kind in ((SECOND, "winner"), (CHALLENGER, "other"), (SET_ASIDE, "set-aside")):
        visitor = scene.as_(name)
        visitor.go(f"{scene.bid(THREE, name)}/outcome")
        scene.keep(f"summary-{kind}.docx", visitor, "Download as a Word document")
    loser = scene.as_(CHALLENGER)
    loser.go(f"{scene.bid(THREE, CHALLENGER)}/outcome")
    loser.sees("Says what is done, not by whom.", SECOND, REASON)
    loser.does_not_see("Oak and Ash", "Larch Works")
    public = scene.public()
    public.go(f"/opportunities/{scene.lots[THREE]}/decision")
    public.sees(SECOND, REASON)
    public.does_not_see(FIRST, CHALLENGER, SET_ASIDE)


def challenge_and_answer(scene: Scene) -> None:
    """A challenge pauses the standstill; answered, it runs on for the days that were left."""
    pass_to(scene, clock.today() + timedelta(days=2))
    loser = scene.as_(CHALLENGER)
    loser.go(f"{scene.bid(THREE, CHALLENGER)}/challenge")
    loser.press("Challenge the award", reason=CHALLENGE)
    public = scene.public()
    public.go(f"/opportunities/{scene.lots[THREE]}")
    public.sees("paused")
    public.does_not_see(OTHERS_SECRET)
    pass_to(scene, clock.today() + timedelta(days=5))
    director = scene.as_("director")
    director.go("/")
    director.follow("Challenge to answer")
    director.press("Answer", outcome="Dismiss it", answer=ANSWER)
    director.sees("The standstill runs on")
    loser.go(f"{scene.bid(THREE, CHALLENGER)}/challenge")
    loser.sees(ANSWER)
    public.go(f"/opportunities/{scene.lots[THREE]}")
    public.does_not_see("paused")


def standstills_end(scene: Scene) -> None:
    """By themselves, after the last counted day; that which was paused ends last."""
    for days in (4, 30):
        pass_to(scene, clock.today() + timedelta(days=days))
    for title, name in ((THREE, SECOND), (LINCOLN, WINNER)):
        public = scene.public()
        public.go(f"/opportunities/{scene.lots[title]}")
        public.sees("Awarded", name)


STEPS = (
    award_lincoln,
    award_three_counties,
    everybody_is_told,
    challenge_and_answer,
    standstills_end,
)
