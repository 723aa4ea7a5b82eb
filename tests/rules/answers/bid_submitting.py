"""What is done with a finished bid."""

from tests.rules.answers.people import BOTH, GET, WRITERS, WRITERS_ELSEWHERE, Row

ROWS = [
    Row("bid_submitting.discard", BOTH, "own bid", WRITERS, WRITERS_ELSEWHERE),
    Row("bid_submitting.version_price", GET, "own bid", WRITERS, WRITERS_ELSEWHERE),
]
