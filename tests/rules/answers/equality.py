"""Equality monitoring: both sides of a case ask; figures for those who answer for a region."""

from tests.rules.answers.people import (
    BOTH,
    CASE_READERS,
    CASE_READERS_ELSEWHERE,
    GET,
    OFFICERS,
    POST,
    Row,
    group,
)

ROWS = [
    *(
        Row(f"equality.{name}", methods, "active case", CASE_READERS, CASE_READERS_ELSEWHERE)
        for name, methods in (("ask", BOTH), ("forget", POST))
    ),
    Row(
        "equality.index",
        GET,
        None,
        OFFICERS
        | group(
            "contract manager, director, equalities manager, framework manager, "
            "other commissioning officer, other contract manager, other director, "
            "other equalities manager"
        ),
    ),
]
