"""Claims: computed, checked or queried, and approved by one or two."""

from tests.rules.answers.people import (
    BOTH,
    DECIDERS_ELSEWHERE,
    GET,
    MANAGERS_ELSEWHERE,
    POST,
    Row,
    group,
)

CLAIMANTS = group("finance, service manager")
CLAIMANTS_ELSEWHERE = group("other finance, other service manager")
BUYERS_ELSEWHERE = MANAGERS_ELSEWHERE | DECIDERS_ELSEWHERE
READERS = group("contract manager, director, auditor") | CLAIMANTS

ROWS = [
    # Everybody sees the claims of their own organisation; the auditor all.
    Row("claim_lists.index", GET, None, READERS | BUYERS_ELSEWHERE | CLAIMANTS_ELSEWHERE),
    # Whatever is named that is not one's own is left out.
    Row(
        "claim_lists.approve_many",
        BOTH,
        None,
        group("contract manager") | MANAGERS_ELSEWHERE,
    ),
    # Not by those who are bound by it.
    Row("claim_lists.limit", BOTH, None, group("director") | DECIDERS_ELSEWHERE),
    Row("claims.show", GET, "claim", READERS, BUYERS_ELSEWHERE | CLAIMANTS_ELSEWHERE),
    Row("claims.check_claim", POST, "claim", CLAIMANTS, CLAIMANTS_ELSEWHERE),
    Row("claims.query", BOTH, "claim", CLAIMANTS, CLAIMANTS_ELSEWHERE),
    Row(
        "claims.record_given_back",
        POST,
        "claim",
        group("contract manager"),
        MANAGERS_ELSEWHERE,
    ),
    Row("claims.answer", BOTH, "claim", group("contract manager"), MANAGERS_ELSEWHERE),
    Row("claims.approve", BOTH, "claim", group("contract manager"), MANAGERS_ELSEWHERE),
    # The contract manager has approved it first, so another person has to.
    *(
        Row(
            f"claims.{name}",
            BOTH,
            "claim for a second person",
            group("director"),
            BUYERS_ELSEWHERE,
        )
        for name in ("approve_second", "send_back")
    ),
]
