"""Notices that a service ends, pauses or leaves an area, and the decisions on its open cases."""

from tests.rules.answers.people import (
    BOTH,
    CASE_READERS,
    CASE_READERS_ELSEWHERE,
    CONTRACT_BUYERS,
    CONTRACT_ELSEWHERE,
    CONTRACT_PROVIDERS,
    DECIDERS_ELSEWHERE,
    GET,
    MANAGERS_ELSEWHERE,
    POST,
    PROBATION_NOT_OF_CASE,
    TEAM,
    Row,
    group,
)

ROWS = [
    # Both sides of the contract see how far an act is, its cases by number only.
    Row(
        "continuity.show",
        GET,
        "notice",
        CONTRACT_BUYERS | CONTRACT_PROVIDERS | group("auditor"),
        CONTRACT_ELSEWHERE,
    ),
    Row(
        "continuity.propose",
        BOTH,
        "live contract",
        group("contract manager"),
        MANAGERS_ELSEWHERE,
    ),
    # Who proposed the end of a contract does not confirm it.
    Row(
        "continuity.confirm",
        POST,
        "proposed ending",
        group("director"),
        MANAGERS_ELSEWHERE | DECIDERS_ELSEWHERE,
    ),
    *(
        Row(
            f"continuity.{name}",
            BOTH,
            thing,
            group("contract manager, director"),
            MANAGERS_ELSEWHERE | DECIDERS_ELSEWHERE,
        )
        for name, thing in (("cancel", "notice"), ("stop", "live contract"))
    ),
    Row("continuity.resume", POST, "suspension", group("contract manager"), MANAGERS_ELSEWHERE),
    Row("decisions.index", GET, None, TEAM | PROBATION_NOT_OF_CASE),
    # The case's practitioner decides; a team manager may step in, a colleague may only look.
    *(
        Row(
            endpoint,
            BOTH,
            thing,
            group("author, team manager"),
            PROBATION_NOT_OF_CASE,
        )
        for endpoint, thing in (
            ("decisions.decide", "case to decide"),
            ("decisions.move", "waiting case"),
        )
    ),
    # A restricted case: its practitioner; those named only once nobody has it any more.
    Row(
        "decisions.decide",
        BOTH,
        "restricted case to decide",
        group("author"),
        (TEAM | PROBATION_NOT_OF_CASE) - group("author, named"),
    ),
    Row("decisions.earlier", GET, "moved case", CASE_READERS, CASE_READERS_ELSEWHERE),
]
