"""The plan and the outcomes of a case, and how it ends."""

from tests.rules.answers.people import (
    BOTH,
    CASE_READERS,
    CASE_READERS_ELSEWHERE,
    DELIVERING,
    DELIVERING_ELSEWHERE,
    GET,
    POST,
    Row,
    group,
)

HIDDEN_FROM_PROVIDERS = DELIVERING_ELSEWHERE | group("caseworker")

ROWS = [
    # Both sides read the plan, its versions and the report, and say something of the plan.
    *(
        Row(f"plans.{name}", methods, "planned case", CASE_READERS, CASE_READERS_ELSEWHERE)
        for name, methods in (("show", GET), ("version", GET), ("comment", BOTH))
    ),
    Row("ending.read", GET, "reported case", CASE_READERS, CASE_READERS_ELSEWHERE),
    # Only those who deliver write it.
    *(
        Row(f"plan_writing.{name}", methods, "planned case", DELIVERING, DELIVERING_ELSEWHERE)
        for name, methods in (
            ("begin", POST),
            ("draft", GET),
            ("add", BOTH),
            ("change", BOTH),
            ("remove", POST),
            ("sessions", BOTH),
            ("send", POST),
            ("discard", POST),
        )
    ),
    *(
        Row(name, methods, "active case", DELIVERING, DELIVERING_ELSEWHERE)
        for name, methods in (
            ("outcomes.review", BOTH),
            ("ending.conclude", POST),
            ("ending.report", BOTH),
        )
    ),
    # A restricted case is hidden from caseworkers who do not work on it.
    *(
        Row(
            name,
            methods,
            "restricted case",
            group("service manager, assigned"),
            HIDDEN_FROM_PROVIDERS,
        )
        for name, methods in (
            ("ending.report", BOTH),
            ("ending.conclude", POST),
            ("plan_writing.begin", POST),
            ("plan_writing.draft", GET),
        )
    ),
]
