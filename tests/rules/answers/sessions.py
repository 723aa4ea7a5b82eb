"""Sessions, concerns, groups and reminders."""

from tests.rules.answers.people import (
    BOTH,
    CASE_READERS,
    CASE_READERS_ELSEWHERE,
    DELIVERING,
    DELIVERING_ELSEWHERE,
    GET,
    NOT_OF_RESTRICTED,
    POST,
    PROBATION_NOT_OF_CASE,
    RESTRICTED_READERS,
    Row,
    group,
)

RECORDING = (
    ("sessions.arrange", BOTH),
    ("sessions.record", BOTH),
    ("sessions.move", BOTH),
    ("sessions.add", BOTH),
    ("sessions.concern", BOTH),
    ("reminders.show", BOTH),
    ("reminders.stop", POST),
)
ROWS = [
    Row("sessions.index", GET, "active case", CASE_READERS, CASE_READERS_ELSEWHERE),
    Row(
        "sessions.index",
        GET,
        "restricted case",
        RESTRICTED_READERS,
        NOT_OF_RESTRICTED,
    ),
    *(
        Row(name, methods, "active case", DELIVERING, DELIVERING_ELSEWHERE)
        for name, methods in RECORDING
    ),
    *(
        Row(
            name,
            methods,
            "restricted case",
            group("service manager, assigned"),
            DELIVERING_ELSEWHERE | group("caseworker"),
        )
        for name, methods in RECORDING
    ),
    # A concern is acknowledged by whose case it is, or a team manager for them.
    Row(
        "sessions.acknowledge",
        POST,
        "active case",
        group("author, team manager"),
        PROBATION_NOT_OF_CASE,
    ),
    Row("groups.index", GET, None, DELIVERING | DELIVERING_ELSEWHERE),
    Row("groups.make", BOTH, None, DELIVERING | DELIVERING_ELSEWHERE),
    *(
        Row(f"groups.{name}", methods, "group", DELIVERING, DELIVERING_ELSEWHERE)
        for name, methods in (
            ("show", GET),
            ("add_people", BOTH),
            ("take_out", POST),
            ("add_meetings", BOTH),
            ("call_off", POST),
            ("record", BOTH),
            ("end", POST),
        )
    ),
]
