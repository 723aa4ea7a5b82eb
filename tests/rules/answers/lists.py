"""The lists of cases: what is overdue with whom, and saving a list."""

from tests.rules.answers.people import (
    BOTH,
    CASE_READERS,
    CASE_READERS_ELSEWHERE,
    DELIVERING,
    DELIVERING_ELSEWHERE,
    GET,
    Row,
    group,
)

ROWS = [
    Row(
        "lists.overdue",
        GET,
        None,
        group(
            "team manager, other team manager, service manager, other service manager, "
            "contract manager, other contract manager"
        ),
    ),
    Row("diary.index", GET, None, DELIVERING | DELIVERING_ELSEWHERE),
    Row("lists.save", BOTH, None, CASE_READERS | CASE_READERS_ELSEWHERE),
]
