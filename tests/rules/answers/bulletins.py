"""News of services: for probation and prison staff."""

from tests.rules.answers.people import GET, POST, PROBATION_NOT_OF_CASE, TEAM, Row

ROWS = [
    *(
        Row(f"bulletins.{name}", methods, None, TEAM | PROBATION_NOT_OF_CASE)
        for name, methods in (("index", GET), ("unused", GET), ("mark_read", POST))
    ),
]
