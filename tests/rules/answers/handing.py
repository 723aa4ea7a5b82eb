"""Notes on a case, whose case it is, amendments, and moving cases."""

from tests.rules.answers.people import (
    BOTH,
    CASE_READERS,
    CASE_READERS_ELSEWHERE,
    GET,
    POST,
    TEAM,
    Row,
)

URGENT = "case with an urgent note"

ROWS = [
    # Both sides write to each other; the practitioner's side acknowledges what the provider wrote.
    Row("notes.index", GET, URGENT, CASE_READERS, CASE_READERS_ELSEWHERE),
    Row("notes.new", BOTH, URGENT, CASE_READERS, CASE_READERS_ELSEWHERE),
    Row("notes.acknowledge", POST, URGENT, TEAM, CASE_READERS_ELSEWHERE),
]
