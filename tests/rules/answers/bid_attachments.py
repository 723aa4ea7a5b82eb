"""What a lot demands besides answers, and the files of bids."""

from tests.rules.answers.people import (
    BOTH,
    DECIDERS_ELSEWHERE,
    DRAFTERS_ELSEWHERE,
    GET,
    POST,
    WRITERS,
    WRITERS_ELSEWHERE,
    Row,
    group,
)

ROWS = [
    # While the bid is sealed its files are its bidder's alone.
    *(
        Row(f"bid_attachments.{name}", methods, "own bid with files", WRITERS, WRITERS_ELSEWHERE)
        for name, methods in (
            ("show", BOTH),
            ("add", BOTH),
            ("replace", BOTH),
            ("remove", POST),
            ("download", GET),
            ("submitted", GET),
        )
    ),
    # After the opening they are read by whoever reads the whole bid.
    Row(
        "bid_files.download",
        GET,
        "opened bid with files",
        group("commissioning officer, director"),
        DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE | group("conflicted officer, partnered officer"),
    ),
]
