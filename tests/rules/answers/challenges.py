"""What is read of a decision before and after it, and challenges of it."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
    DECIDERS_ELSEWHERE,
    DRAFTERS_ELSEWHERE,
    EVALUATORS,
    EVALUATORS_ELSEWHERE,
    EVERYBODY,
    GET,
    NOBODY,
    POST,
    Row,
    group,
)

OFFICER = group("commissioning officer")
TIED = group("conflicted officer, partnered officer")
RUNS = OFFICER | group("director")
RUNS_ELSEWHERE = DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE | TIED

ROWS = [
    # An officer reviews what others will read; whoever has a tie to a bidder learns nothing.
    *(
        Row(endpoint, methods, "evaluation recommended", OFFICER, DRAFTERS_ELSEWHERE | TIED)
        for endpoint, methods in (("awards.review", GET), ("awards.review_bid", BOTH))
    ),
    Row(
        "awards.send_back",
        POST,
        "evaluation recommended",
        RUNS,
        RUNS_ELSEWHERE | EVALUATORS | EVALUATORS_ELSEWHERE,
    ),
    Row("awards.summary_document", GET, "own outcome", BIDDERS, BIDDERS_ELSEWHERE),
    Row("awards.public_decision", GET, "lot with a decision", EVERYBODY, NOBODY),
    # Any bidder may challenge but the one that won; the buyer's people answer.
    Row("challenges.own", BOTH, "own outcome", BIDDERS, BIDDERS_ELSEWHERE),
    *(
        Row(endpoint, methods, "evaluation decided", RUNS, RUNS_ELSEWHERE)
        for endpoint, methods in (("challenges.index", GET), ("challenges.letter", BOTH))
    ),
    Row("challenges.show", BOTH, "challenge", RUNS, RUNS_ELSEWHERE),
]
