"""Scoring opened bids: the officers who run it, and whoever has a seat on the panel."""

from tests.rules.answers.people import (
    BOTH,
    DRAFTERS_ELSEWHERE,
    EVALUATION_ELSEWHERE,
    EVALUATORS,
    EVALUATORS_ELSEWHERE,
    GET,
    OFFICERS,
    POST,
    Row,
    group,
)

SCORING, MODERATION = "evaluation in scoring", "evaluation in moderation"

ROWS = [
    # Whoever belongs to a bidder learns nothing once the bids are open.
    Row(
        "evaluations.index",
        GET,
        None,
        OFFICERS | EVALUATORS | group("director") | EVALUATION_ELSEWHERE,
    ),
    Row(
        "evaluations.show",
        GET,
        SCORING,
        group("commissioning officer, director, seated evaluator"),
        EVALUATION_ELSEWHERE | group("conflicted officer, partnered officer, evaluator"),
    ),
    *(
        Row(
            f"evaluations.{name}",
            methods,
            thing,
            group("commissioning officer"),
            DRAFTERS_ELSEWHERE | group("conflicted officer, partnered officer"),
        )
        for name, methods, thing in (
            ("panel", BOTH, SCORING),
            ("seat", GET, SCORING),
            ("criteria", BOTH, SCORING),
            ("replacement", BOTH, SCORING),
            ("interest", BOTH, SCORING),
            ("take_off", POST, SCORING),
            ("due", BOTH, SCORING),
            ("remind", POST, SCORING),
            ("start_moderation", POST, SCORING),
            ("moderation", GET, MODERATION),
            ("moderate_criterion", BOTH, MODERATION),
            ("moderate_bid", BOTH, MODERATION),
            ("moderate", BOTH, MODERATION),
            ("open_prices", POST, MODERATION),
        )
    ),
    *(
        Row(
            f"evaluations.{name}",
            methods,
            SCORING,
            group("seated evaluator"),
            EVALUATORS_ELSEWHERE | group("evaluator"),
        )
        for name, methods in (
            ("declaration", BOTH),
            ("scores", GET),
            ("score", BOTH),
            ("choose", POST),
            ("lock", POST),
        )
    ),
]
