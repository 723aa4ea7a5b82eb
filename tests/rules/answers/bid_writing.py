"""Writing a bid: its own people alone, finance people among them."""

from tests.rules.answers.people import BOTH, GET, POST, WRITERS, WRITERS_ELSEWHERE, Row

ROWS = [
    Row("bids.index", GET, None, WRITERS | WRITERS_ELSEWHERE),
    Row("bids.start", POST, "open lot", WRITERS | WRITERS_ELSEWHERE),
    *(
        Row(endpoint, methods, "own bid", WRITERS, WRITERS_ELSEWHERE)
        for endpoint, methods in (
            ("bids.show", GET),
            ("bid_writing.question", BOTH),
            ("bid_writing.people", BOTH),
            ("bid_writing.download", GET),
        )
    ),
]
