"""The people of a case, early ends proposed by the provider, and who has read a case."""

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
    REFERRERS_NOT_OF_CASE,
    RESTRICTED_READERS,
    TEAM,
    Row,
    group,
)

ROWS = [
    *(
        Row("people_of_case.show", GET, thing, CASE_READERS, CASE_READERS_ELSEWHERE)
        for thing in ("new case", "active case")
    ),
    Row(
        "people_of_case.show",
        GET,
        "restricted case",
        RESTRICTED_READERS,
        NOT_OF_RESTRICTED,
    ),
    *(
        Row(
            f"people_of_case.{name}",
            methods,
            "active case",
            group("service manager"),
            group("other service manager"),
        )
        for name, methods in (("assign", BOTH), ("unassign", POST))
    ),
    # Only the practitioner whose case it is says who else may see it.
    *(
        Row(
            f"people_of_case.{name}",
            methods,
            "active case",
            group("author"),
            REFERRERS_NOT_OF_CASE,
        )
        for name, methods in (
            ("restrict", POST),
            ("lift", POST),
            ("name", BOTH),
            ("take_off", POST),
        )
    ),
    *(
        Row(
            f"people_of_case.{name}",
            methods,
            "restricted case",
            group("author"),
            (REFERRERS_NOT_OF_CASE | group("team mate")) - group("named"),
        )
        for name, methods in (("lift", POST), ("name", BOTH), ("take_off", POST))
    ),
    # The provider proposes an early end; whoever made the proposal takes it back, the team answers.
    Row("early_ends.propose", BOTH, "active case", DELIVERING, DELIVERING_ELSEWHERE),
    Row("early_ends.answer", BOTH, "case with an end proposed", TEAM, PROBATION_NOT_OF_CASE),
    Row(
        "early_ends.take_back",
        POST,
        "case with an end proposed",
        group("assigned"),
        DELIVERING_ELSEWHERE,
    ),
    # What was recorded in error is put right by those who deliver, and read by both sides.
    Row("put_right.index", GET, "active case", CASE_READERS, CASE_READERS_ELSEWHERE),
    Row("put_right.record", BOTH, "case with a record", DELIVERING, DELIVERING_ELSEWHERE),
    Row("put_right.take_back", POST, "case put right", DELIVERING, DELIVERING_ELSEWHERE),
    # Its practitioner, or a team manager for them; of a restricted case whoever is named.
    Row(
        "reads.of_case",
        GET,
        "active case",
        group("author, team manager"),
        PROBATION_NOT_OF_CASE,
    ),
    Row(
        "reads.of_case",
        GET,
        "restricted case",
        group("author, named"),
        (TEAM | PROBATION_NOT_OF_CASE) - group("author, named"),
    ),
    Row("reads.index", GET, None, group("auditor")),
    Row("reads.find_case", POST, None, group("auditor")),
    Row("reads.find_person", POST, None, group("auditor")),
    Row("reads.audit_case", GET, "active case", group("auditor")),
    Row("reads.audit_person", GET, "provider", group("auditor")),
]
