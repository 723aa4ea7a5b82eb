"""Referrals, from the draft to the work done."""

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
    # Referrals: a draft is its author's alone.
    Row(
        "drafts.begin",
        POST,
        "service",
        REFERRERS_NOT_OF_CASE | group("author, team mate"),
    ),
    *(
        Row(
            f"drafts.{name}",
            methods,
            "referral draft",
            group("author"),
            REFERRERS_NOT_OF_CASE | group("team mate"),
        )
        for name, methods in (
            ("show", GET),
            ("question", BOTH),
            ("check", GET),
            ("delete", BOTH),
        )
    ),
    # Sending a draft that is not there is answered kindly, for it may just have been sent.
    Row(
        "sending.send",
        POST,
        "referral draft",
        group("author"),
        nothing=REFERRERS_NOT_OF_CASE | group("team mate"),
    ),
    Row("my_cases.index", GET, None, TEAM | PROBATION_NOT_OF_CASE),
    Row("teams.choose", BOTH, None, TEAM | PROBATION_NOT_OF_CASE),
    Row("teams.requests", GET, None, group("team manager, other team manager")),
    *(
        Row(
            f"teams.{name}",
            POST,
            "colleague to confirm",
            group("team manager"),
            group("other team manager"),
        )
        for name in ("confirm", "refuse")
    ),
    Row("my_cases.drafts", GET, None, REFERRERS_NOT_OF_CASE | group("author, team mate")),
    Row("incoming.index", GET, None, DELIVERING | DELIVERING_ELSEWHERE),
    Row("lists.look_up", POST, None, CASE_READERS | CASE_READERS_ELSEWHERE),
    # A case is for its author, the author's team, and the provider that delivers it.
    *(
        Row(endpoint, GET, thing, CASE_READERS, CASE_READERS_ELSEWHERE)
        for endpoint in ("cases.show", "cases.details", "cases.risk")
        for thing in ("new case", "active case")
    ),
    *(
        Row(endpoint, GET, "restricted case", RESTRICTED_READERS, NOT_OF_RESTRICTED)
        for endpoint in ("cases.show", "cases.details", "cases.risk")
    ),
    Row("cases.sent", GET, "new case", TEAM, PROBATION_NOT_OF_CASE),
    Row(
        "cases.sent",
        GET,
        "restricted case",
        group("author, named"),
        (TEAM | PROBATION_NOT_OF_CASE) - group("author, named"),
    ),
    *(
        Row(f"answering.{name}", methods, "new case", DELIVERING, DELIVERING_ELSEWHERE)
        for name, methods in (("accept", POST), ("query", BOTH), ("decline", BOTH))
    ),
    Row("answering.reply", BOTH, "queried case", TEAM, PROBATION_NOT_OF_CASE),
    Row("answering.withdraw", BOTH, "new case", TEAM, PROBATION_NOT_OF_CASE),
    Row("answering.end_early", BOTH, "active case", TEAM, PROBATION_NOT_OF_CASE),
    Row(
        "answering.end_early",
        BOTH,
        "restricted case",
        group("author, named"),
        (TEAM | PROBATION_NOT_OF_CASE) - group("author, named"),
    ),
    Row("delivery.assessment", BOTH, "active case", DELIVERING, DELIVERING_ELSEWHERE),
]
