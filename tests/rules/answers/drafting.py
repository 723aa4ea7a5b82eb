"""The pages of a draft: written by the lead buyer's officers, its documents read by its people."""

from tests.rules.answers.people import (
    BOTH,
    DRAFTERS_ELSEWHERE,
    GET,
    LOT_READERS,
    LOT_READERS_ELSEWHERE,
    OFFICERS,
    POST,
    Row,
)

ROWS = [
    Row("drafting.edit", BOTH, "draft lot", OFFICERS, DRAFTERS_ELSEWHERE),
    *(
        Row(f"drafting.{name}", methods, "draft lot", OFFICERS, DRAFTERS_ELSEWHERE)
        for name, methods in (
            ("questions", GET),
            ("question_bank", GET),
            ("add_question", BOTH),
            ("question", BOTH),
            ("move_question", POST),
            ("remove_question", POST),
            ("documents", GET),
            ("add_document", BOTH),
            ("remove_document", POST),
        )
    ),
    Row("drafting.document", GET, "draft lot", LOT_READERS, LOT_READERS_ELSEWHERE),
    # Anybody who drafts may begin from a lot that the public has seen, and from none other.
    Row("drafting.lots_to_copy", GET, None, OFFICERS | DRAFTERS_ELSEWHERE),
    Row("drafting.copy", POST, "open lot", OFFICERS | DRAFTERS_ELSEWHERE),
    Row("drafting.copy", POST, "draft lot", OFFICERS, DRAFTERS_ELSEWHERE),
]
