"""Services of a draft, a case referred again, earlier assessments, and what is written back."""

from tests.rules.answers.people import (
    BOTH,
    CASE_READERS,
    CASE_READERS_ELSEWHERE,
    GET,
    POST,
    PROBATION_NOT_OF_CASE,
    REFERRERS_NOT_OF_CASE,
    TEAM,
    Row,
    group,
)

ROWS = [
    # A draft is its author's alone.
    *(
        Row(
            endpoint,
            methods,
            thing,
            group("author"),
            REFERRERS_NOT_OF_CASE | group("team mate"),
        )
        for endpoint, methods, thing in (
            ("drafts.person", BOTH, "referral draft"),
            ("draft_services.index", GET, "referral draft"),
            ("draft_services.add", POST, "draft and service"),
            ("draft_services.drop", POST, "draft and service"),
        )
    ),
    # Whoever may refer, and may end the case, may refer the person again.
    *(
        Row(
            f"draft_services.{name}",
            methods,
            thing,
            group("author, team mate"),
            REFERRERS_NOT_OF_CASE,
        )
        for name, methods, thing in (
            ("again", GET, "new case"),
            ("copy", POST, "case and service"),
        )
    ),
    # Only what was declined: here the provider has still to answer.
    Row("draft_services.nothing_more", POST, "new case", TEAM, PROBATION_NOT_OF_CASE),
    # What is shared or written back is read by both sides; the practitioner's side decides.
    Row("earlier.show", GET, "new case", CASE_READERS, CASE_READERS_ELSEWHERE),
    Row("earlier.share", BOTH, "new case", TEAM, PROBATION_NOT_OF_CASE),
    Row("write_back.show", GET, "new case", CASE_READERS, CASE_READERS_ELSEWHERE),
    Row("write_back.again", POST, "new case", TEAM, PROBATION_NOT_OF_CASE),
]
