"""Contracts in life: reviews, what comes after them, and grants."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
    CONTRACT_BUYERS,
    CONTRACT_ELSEWHERE,
    CONTRACT_PROVIDERS,
    DECIDERS_ELSEWHERE,
    DRAFTERS_ELSEWHERE,
    GET,
    MANAGERS_ELSEWHERE,
    OFFICERS,
    POST,
    Row,
    group,
)

BOTH_SIDES = CONTRACT_BUYERS | CONTRACT_PROVIDERS | group("auditor")
WRITE_REPORTS = BIDDERS | group("service manager")
WRITE_ELSEWHERE = BIDDERS_ELSEWHERE | group("other service manager")
SEE_RADAR = OFFICERS | group("contract manager, director, auditor")
SEE_ELSEWHERE = MANAGERS_ELSEWHERE | DECIDERS_ELSEWHERE | DRAFTERS_ELSEWHERE

ROWS = [
    Row("life.review", GET, "price review", BOTH_SIDES, CONTRACT_ELSEWHERE),
    Row("life.end_review", BOTH, "price review", group("contract manager"), MANAGERS_ELSEWHERE),
    # Everybody sees the contracts of their own organisation only; the auditor all.
    Row("renewal.radar", GET, None, SEE_RADAR | SEE_ELSEWHERE),
    Row("renewal.show", GET, "live contract", SEE_RADAR, SEE_ELSEWHERE),
    Row(
        "renewal.decide",
        BOTH,
        "live contract",
        OFFICERS | group("contract manager"),
        MANAGERS_ELSEWHERE | DRAFTERS_ELSEWHERE,
    ),
    # A contract manager decides, and an officer drafts.
    Row(
        "renewal.begin",
        POST,
        "contract to compete for again",
        OFFICERS,
        DRAFTERS_ELSEWHERE,
    ),
    Row("grants.report", GET, "report to write", BOTH_SIDES, CONTRACT_ELSEWHERE),
    Row("grants.write_report", BOTH, "report to write", WRITE_REPORTS, WRITE_ELSEWHERE),
    Row("grants.accept", POST, "report to read", group("contract manager"), MANAGERS_ELSEWHERE),
    Row("grants.send_back", BOTH, "report to read", group("contract manager"), MANAGERS_ELSEWHERE),
    Row(
        "grants.record_return",
        POST,
        "report with a rest",
        group("contract manager"),
        MANAGERS_ELSEWHERE,
    ),
]
