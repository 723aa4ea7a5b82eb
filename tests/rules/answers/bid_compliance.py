"""The check of opened bids, corrections, ranking again, and the report."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
    DECIDERS_ELSEWHERE,
    DRAFTERS_ELSEWHERE,
    EVALUATORS,
    EVALUATORS_ELSEWHERE,
    GET,
    POST,
    Row,
    group,
)

CONFLICTED = group("conflicted officer, partnered officer")
ELSEWHERE = DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE
RUNS = group("commissioning officer")

ROWS = [
    # Officers check; the decision-maker reads.
    Row(
        "compliance.index",
        GET,
        "bid to correct",
        RUNS | group("director"),
        ELSEWHERE | CONFLICTED,
    ),
    Row(
        "compliance.file",
        GET,
        "corrected bid",
        RUNS | group("director"),
        ELSEWHERE | CONFLICTED,
    ),
    *(
        Row(endpoint, methods, "bid to correct", RUNS, DRAFTERS_ELSEWHERE | CONFLICTED)
        for endpoint, methods in (("compliance.ask", BOTH), ("compliance.take_back", POST))
    ),
    # The bidder corrects its own bid.
    *(
        Row(endpoint, methods, "bid to correct", BIDDERS, BIDDERS_ELSEWHERE)
        for endpoint, methods in (
            ("corrections.show", BOTH),
            ("corrections.add_file", POST),
            ("corrections.remove_file", POST),
            ("corrections.file", GET),
        )
    ),
    Row("ranking.again", POST, "evaluation ranked", RUNS, DRAFTERS_ELSEWHERE | CONFLICTED),
    # Nobody co-signs this one; evaluators have given their scores and read no report.
    *(
        Row(
            endpoint,
            GET,
            "evaluation recommended",
            RUNS | group("director"),
            ELSEWHERE | CONFLICTED | EVALUATORS | EVALUATORS_ELSEWHERE,
        )
        for endpoint in ("awards.report_page", "awards.report_document")
    ),
]
