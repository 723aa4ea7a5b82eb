"""Who holds parts of the key that opens a lot's bids."""

from tests.rules.answers.people import (
    BOTH,
    DECIDERS_ELSEWHERE,
    DRAFTERS_ELSEWHERE,
    GET,
    OFFICERS,
    POST,
    Row,
    group,
)

DIVIDED = "draft with a divided key"
ELSEWHERE = DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE

ROWS = [
    # Everybody of the lead buyer who may open bids reads who holds a part; officers choose.
    Row("keyholders.show", GET, DIVIDED, OFFICERS | group("director"), ELSEWHERE),
    Row("keyholders.choose", POST, DIVIDED, OFFICERS, DRAFTERS_ELSEWHERE),
    Row("keyholders.add", POST, DIVIDED, OFFICERS, DRAFTERS_ELSEWHERE),
    Row("keyholders.remove", POST, DIVIDED, OFFICERS, DRAFTERS_ELSEWHERE),
    # A code is its holder's alone: the conflicted officer holds none.
    *(
        Row(
            endpoint,
            methods,
            DIVIDED,
            group("commissioning officer, director"),
            ELSEWHERE | group("conflicted officer, partnered officer"),
        )
        for endpoint, methods in (("keyholders.code", BOTH), ("keyholders.make", POST))
    ),
]
