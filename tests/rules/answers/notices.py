"""Notices of a buyer, and what is published for machines."""

from tests.rules.answers.people import (
    BOTH,
    DECIDERS_ELSEWHERE,
    DRAFTERS_ELSEWHERE,
    EVERYBODY,
    GET,
    OFFICERS,
    POST,
    Row,
    group,
)

DIRECTOR = group("director")
FRAMEWORK = group("framework manager")
BUYERS_ELSEWHERE = DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE
MANAGERS = group("contract manager, other contract manager")
AUDITOR = group("auditor")
NOTICE = "posted notice"

ROWS = [
    # Everybody who buys has a list of its own; the market's notices are the national team's.
    Row(
        "notices.index",
        GET,
        None,
        OFFICERS | DIRECTOR | BUYERS_ELSEWHERE | FRAMEWORK | MANAGERS | AUDITOR,
    ),
    Row(
        "notices.notice",
        GET,
        NOTICE,
        OFFICERS | DIRECTOR | group("contract manager") | AUDITOR,
        BUYERS_ELSEWHERE | FRAMEWORK | group("other contract manager"),
    ),
    # What became of it outside is recorded by whoever drafts and decides.
    *(
        Row(endpoint, methods, NOTICE, OFFICERS | DIRECTOR, BUYERS_ELSEWHERE | FRAMEWORK)
        for endpoint, methods in (
            ("notices.sent", BOTH),
            ("notices.accepted", POST),
            ("notices.rejected", POST),
            ("notices.mend", POST),
            ("notices.platform_down", POST),
            ("notices.ask_rejection", POST),
        )
    ),
    # Open data is open.
    *(
        Row(f"releases.{name}", GET, None, EVERYBODY)
        for name in ("releases", "records", "bulk", "feed")
    ),
    *(
        Row(f"releases.{name}", GET, "published process", EVERYBODY)
        for name in ("release", "record")
    ),
]
