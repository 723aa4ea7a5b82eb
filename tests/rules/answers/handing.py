"""Notes on a case, whose case it is, amendments, and moving cases."""

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

OWNING = group("author, team manager")
PROBATION = TEAM | PROBATION_NOT_OF_CASE
URGENT = "case with an urgent note"

ROWS = [
    # Both sides write to each other; the practitioner's side acknowledges what the provider wrote.
    Row("notes.index", GET, URGENT, CASE_READERS, CASE_READERS_ELSEWHERE),
    Row("notes.new", BOTH, URGENT, CASE_READERS, CASE_READERS_ELSEWHERE),
    Row("notes.acknowledge", POST, URGENT, TEAM, CASE_READERS_ELSEWHERE),
    # Its practitioner, or a team manager for them.
    *(
        Row(name, methods, "active case", OWNING, PROBATION_NOT_OF_CASE)
        for name, methods in (
            ("handing.one", BOTH),
            ("handing.deputy", BOTH),
            ("handing.remove_deputy", POST),
        )
    ),
    Row("handing.several", BOTH, None, PROBATION),
    Row("handing.confirm", POST, None, PROBATION),
    # Nobody, while its practitioner is still there, who is told that the case is theirs already.
    Row("handing.take_over", POST, "active case", group("author"), REFERRERS_NOT_OF_CASE),
    # The practitioner's side changes what was sent; both sides read what was changed.
    Row("amending.index", GET, "active case", CASE_READERS, CASE_READERS_ELSEWHERE),
    Row("amending.risk", GET, "active case", CASE_READERS, CASE_READERS_ELSEWHERE),
    Row("amending.change", BOTH, "case to amend", TEAM, PROBATION_NOT_OF_CASE),
    *(
        Row(name, methods, "active case", OWNING, PROBATION_NOT_OF_CASE)
        for name, methods in (("moves.one", GET), ("moves.away", BOTH))
    ),
    Row("moves.several", BOTH, None, PROBATION),
    Row("moves.confirm", POST, None, PROBATION),
]
