"""Lots and their bids, up to the award."""

from tests.rules.answers.people import (
    BIDDERS,
    BIDDERS_ELSEWHERE,
    BOTH,
    DECIDERS_ELSEWHERE,
    DRAFTERS_ELSEWHERE,
    GET,
    LOT_READERS,
    LOT_READERS_ELSEWHERE,
    OFFICERS,
    POST,
    WRITERS,
    WRITERS_ELSEWHERE,
    Row,
    group,
)

ROWS = [
    # Lots: drafted by officers, published and ended by the director, read by the buyer's people
    # and the auditor.
    Row("lots.pipeline", GET, None, LOT_READERS | LOT_READERS_ELSEWHERE),
    Row("lots.new", BOTH, None, OFFICERS | DRAFTERS_ELSEWHERE),
    Row("lots.lot", GET, "draft lot", LOT_READERS, LOT_READERS_ELSEWHERE),
    Row("lots.preview", GET, "draft lot", LOT_READERS, LOT_READERS_ELSEWHERE),
    Row("lots.plan", POST, "draft lot", OFFICERS, DRAFTERS_ELSEWHERE),
    Row("lots.publish", BOTH, "draft lot", group("director"), DECIDERS_ELSEWHERE),
    Row(
        "lots.cancel",
        BOTH,
        "draft lot",
        OFFICERS | group("director"),
        DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE,
    ),
    # Once the public has seen it, only the director ends it.
    Row(
        "lots.cancel",
        BOTH,
        "planned lot",
        group("director"),
        DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE,
    ),
    Row("lots.no_award", BOTH, "closed lot", group("director"), DECIDERS_ELSEWHERE),
    # A PCC leads this one.
    Row(
        "lots.lot",
        GET,
        "lot of a PCC",
        group("pcc commissioner lead, pcc evaluator, pcc decision maker, auditor"),
        (LOT_READERS | LOT_READERS_ELSEWHERE)
        - group("pcc commissioner lead, pcc evaluator, pcc decision maker, auditor"),
    ),
    Row(
        "drafting.edit",
        BOTH,
        "lot of a PCC",
        group("pcc commissioner lead"),
        (OFFICERS | DRAFTERS_ELSEWHERE) - group("pcc commissioner lead"),
    ),
    Row(
        "lots.publish",
        BOTH,
        "lot of a PCC",
        group("pcc decision maker"),
        (DECIDERS_ELSEWHERE | group("director")) - group("pcc decision maker"),
    ),
    # A bid is its bidder's alone until it is opened.
    *(
        Row(endpoint, methods, "own bid", BIDDERS, BIDDERS_ELSEWHERE)
        for endpoint, methods in (
            ("bid_submitting.check", BOTH),
            ("bid_submitting.withdraw", BOTH),
        )
    ),
    # Finance people write, but do not hand in.
    *(
        Row(endpoint, methods, "own bid", WRITERS, WRITERS_ELSEWHERE)
        for endpoint, methods in (
            ("bid_price.show", BOTH),
            ("bid_submitting.receipt", GET),
            ("bid_submitting.version", GET),
        )
    ),
    # Opening is an act of two people of the lead buyer. Before it nobody knows who bids, so
    # nobody can be kept away for a tie.
    *(
        Row(
            endpoint,
            methods,
            "closed lot",
            OFFICERS | group("director"),
            DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE,
        )
        for endpoint, methods in (("openings.confirm", POST), ("openings.code", BOTH))
    ),
    # The record of it names no bidder; the auditor reads it too.
    Row(
        "openings.show",
        GET,
        "closed lot",
        OFFICERS | group("director, auditor"),
        DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE,
    ),
    Row(
        "compliance.bid",
        GET,
        "evaluation in scoring",
        group("commissioning officer, director"),
        DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE | group("conflicted officer, partnered officer"),
    ),
    Row(
        "compliance.bid",
        POST,
        "evaluation in scoring",
        group("commissioning officer"),
        DRAFTERS_ELSEWHERE
        | DECIDERS_ELSEWHERE
        | group("conflicted officer, partnered officer, director"),
    ),
    *(
        Row(
            endpoint,
            methods,
            thing,
            group("commissioning officer"),
            DRAFTERS_ELSEWHERE | group("conflicted officer, partnered officer"),
        )
        for endpoint, methods, thing in (
            ("compliance.pass_bid", POST, "evaluation in scoring"),
            ("awards.recommendation", BOTH, "evaluation ranked"),
        )
    ),
    Row("awards.decision", BOTH, "evaluation recommended", group("director"), DECIDERS_ELSEWHERE),
    Row("awards.summary", GET, "own outcome", BIDDERS, BIDDERS_ELSEWHERE),
]
