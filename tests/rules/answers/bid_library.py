"""The organisation's earlier answers: taken over, read, looked through."""

from tests.rules.answers.people import BOTH, GET, POST, WRITERS, WRITERS_ELSEWHERE, Row

ROWS = [
    # Everybody who writes bids sees what their own organisation answered, and nothing else.
    Row("bid_library.answers", GET, None, WRITERS | WRITERS_ELSEWHERE),
    Row("bid_library.take_over", POST, "own bid", WRITERS, WRITERS_ELSEWHERE),
    Row("bid_library.fill_in", POST, "own bid", WRITERS, WRITERS_ELSEWHERE),
    Row("bid_library.review", BOTH, "own bid", WRITERS, WRITERS_ELSEWHERE),
]
