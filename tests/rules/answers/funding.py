"""The money of lots: shares, answers, co-signatures, funds."""

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

# Everybody who drafts or decides for any buyer.
DRAFTERS = OFFICERS | DRAFTERS_ELSEWHERE
DECIDERS = group("director") | DECIDERS_ELSEWHERE
AUDITOR = group("auditor")
# Kent's commissioner and the Garden Fund are asked to pay for the region's lots.
PCC_LEAD, PCC_DECIDER = group("pcc commissioner lead"), group("pcc decision maker")
BUYER_LEAD, BUYER_DECIDER = group("buyer commissioner lead"), group("buyer decision maker")

ROWS = [
    # Shares are arranged by whoever drafts for the lead buyer.
    Row("funding.funders", BOTH, "funded lot", OFFICERS, DRAFTERS_ELSEWHERE),
    Row("funding.invite", BOTH, "funded lot", OFFICERS, DRAFTERS_ELSEWHERE),
    Row("funding.take_off", POST, "funded lot", OFFICERS, DRAFTERS_ELSEWHERE),
    Row("funding.ask_to_sign", POST, "funded lot", OFFICERS, DRAFTERS_ELSEWHERE),
    Row("funding.grant_test", BOTH, "funded lot", OFFICERS, DRAFTERS_ELSEWHERE),
    # A funder sees the lots that it pays for or is asked to, and no others.
    Row("funded.index", GET, None, DRAFTERS | DECIDERS),
    Row(
        "funded.lot",
        GET,
        "funded lot",
        PCC_LEAD | PCC_DECIDER | BUYER_LEAD | BUYER_DECIDER,
        (DRAFTERS | DECIDERS) - PCC_LEAD - PCC_DECIDER - BUYER_LEAD - BUYER_DECIDER,
    ),
    # The fund is asked and has not answered; the commissioner has accepted.
    Row(
        "funded.answer",
        GET,
        "funded lot",
        BUYER_LEAD | PCC_LEAD,
        DRAFTERS - BUYER_LEAD - PCC_LEAD,
    ),
    Row(
        "funded.answer",
        POST,
        "funded lot",
        BUYER_LEAD,
        DRAFTERS - BUYER_LEAD - PCC_LEAD,
        PCC_LEAD,
    ),
    Row(
        "funded.withdraw",
        BOTH,
        "funded lot",
        BUYER_LEAD | PCC_LEAD,
        DRAFTERS - BUYER_LEAD - PCC_LEAD,
    ),
    # The commissioner asks to sign; the fund has nothing to sign before it accepts.
    Row(
        "funded.sign",
        BOTH,
        "funded lot",
        PCC_DECIDER,
        DECIDERS - PCC_DECIDER - BUYER_DECIDER,
    ),
    Row(
        "awards.cosign",
        BOTH,
        "evaluation to co-sign",
        PCC_DECIDER,
        DECIDERS - PCC_DECIDER,
    ),
    # Funds are kept by their owner and read by the auditor.
    Row("funds.index", GET, None, DRAFTERS | DECIDERS | AUDITOR),
    Row("funds.new", BOTH, None, DRAFTERS),
    Row(
        "funds.show",
        GET,
        "fund",
        OFFICERS | group("director") | AUDITOR,
        DRAFTERS_ELSEWHERE | DECIDERS_ELSEWHERE,
    ),
    Row("funds.change", BOTH, "fund", OFFICERS, DRAFTERS_ELSEWHERE),
    Row("funds.budget", BOTH, "fund", OFFICERS, DRAFTERS_ELSEWHERE),
]
