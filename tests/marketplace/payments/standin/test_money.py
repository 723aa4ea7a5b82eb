"""Balances: what comes in, goes out and comes back, and never more than there is."""

from __future__ import annotations

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.seeds import repetitions
from tests.support.standin import StandIn, StripeBody

POUNDS = {"currency": "gbp"}


def refusal(code: str, call, *given) -> stripe.InvalidRequestError:
    """The error that this call is refused with."""
    with pytest.raises(stripe.InvalidRequestError) as refused:
        call(*given)
    assert refused.value.code == code
    return refused.value


def test_a_top_up_can_be_used_only_once_it_has_arrived(stand_in: StandIn, body: StripeBody):
    client, payee = body.client().v1, body.ready_account()
    topup = client.topups.create({"amount": 50_000, **POUNDS})
    much = {"amount": 150_000, "destination": payee, **POUNDS}
    assert (topup.status, topup.balance_transaction) == ("pending", None)
    refusal("balance_insufficient", client.transfers.create, much)
    stand_in.arrive()
    arrived = client.topups.retrieve(topup.id, {"expand": ["balance_transaction"]})
    assert (arrived.status, arrived.balance_transaction.net) == ("succeeded", 50_000)
    assert client.transfers.create(much).amount == 150_000
    assert client.balance.retrieve().available[0].amount == 0


def test_only_an_account_that_is_ready_can_be_paid(body: StripeBody):
    client = body.client().v1
    pay = {"amount": 1, **POUNDS}
    for outcome in ("lacking", "checking", "refused"):
        payee = body.ready_account(outcome=outcome)
        code = "insufficient_capabilities_for_transfer"
        refusal(code, client.transfers.create, {**pay, "destination": payee})
    body.finish_account(payee, "ready")
    assert client.transfers.create({**pay, "destination": payee})
    unknown = refusal("resource_missing", client.transfers.create, {**pay, "destination": "acct_x"})
    assert (unknown.param, unknown.http_status) == ("destination", 400)


def test_a_transfer_comes_back_in_parts_and_never_more_than_it_was(body: StripeBody):
    client, payee = body.client().v1, body.ready_account()
    transfer = client.transfers.create({"amount": 1_000, "destination": payee, **POUNDS}).id
    client.transfers.reversals.create(transfer, {"amount": 400})
    assert not client.transfers.retrieve(transfer).reversed
    refusal(
        "parameter_invalid_integer", client.transfers.reversals.create, transfer, {"amount": 601}
    )
    client.transfers.reversals.create(transfer)
    assert client.transfers.retrieve(transfer).reversed
    assert (body.balance(), body.balance(account=payee)) == (100_000, 0)


def test_what_has_gone_to_the_bank_cannot_come_back(stand_in: StandIn, body: StripeBody):
    client, payee = body.client().v1, body.ready_account()
    transfer = client.transfers.create({"amount": 1_000, "destination": payee, **POUNDS}).id
    stand_in.arrive()
    stand_in.arrive()
    (payout,) = client.payouts.list({}, {"stripe_account": payee}).data
    assert (payout.amount, payout.status) == (1_000, "paid")
    refusal("balance_insufficient", client.transfers.reversals.create, transfer)


@pytest.mark.parametrize("amount", ["0", "-1", "1.5", "", "１", "100000000", "9" * 40, "x"])
def test_an_amount_is_a_whole_number_of_pence_above_nothing(body: StripeBody, amount: str):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        body.client().v1.topups.create({"amount": amount, **POUNDS})
    assert refused.value.param == "amount"


def test_only_pounds_are_known(body: StripeBody):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        body.client().v1.topups.create({"amount": 100, "currency": "eur"})
    assert refused.value.param == "currency"


def test_nobody_sees_the_things_of_another_account(stand_in: StandIn, body: StripeBody):
    other = stand_in.open_account("Another body", pence=1_000)
    payee = body.ready_account()
    transfer = body.client().v1.transfers.create({"amount": 1, "destination": payee, **POUNDS}).id
    theirs = other.client().v1
    refusal("resource_missing", theirs.transfers.retrieve, transfer)
    refusal("resource_missing", theirs.transfers.reversals.create, transfer)
    to_payee = {"amount": 1, "destination": payee, **POUNDS}
    refusal("resource_missing", theirs.transfers.create, to_payee)
    assert not theirs.transfers.list().data
    with pytest.raises(stripe.PermissionError):
        theirs.balance.retrieve({}, {"stripe_account": payee})


def test_lists_are_paged_newest_first_without_leaving_one_out(body: StripeBody):
    client, payee = body.client().v1, body.ready_account()
    sent = [
        client.transfers.create(
            {"amount": n, "destination": payee, "transfer_group": f"G{n % 2}", **POUNDS}
        ).id
        for n in range(1, 8)
    ]
    listed = [each.id for each in client.transfers.list({"limit": 3}).auto_paging_iter()]
    assert listed == sent[::-1]
    backwards = client.transfers.list({"limit": 2, "ending_before": sent[0]})
    assert [each.id for each in backwards.data] == [sent[2], sent[1]] and backwards.has_more
    assert [each.id for each in client.transfers.list({"transfer_group": "G0"})] == sent[5::-2]
    later = {"created": {"gt": body.all("transfer")[0]["created"]}}
    assert not client.transfers.list(later).data


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["top up", "arrive", "send", "take back", "invoice", "dispute"]),
        st.integers(1, 3_000),
    ),
    max_size=12,
)


@settings(max_examples=repetitions(15, 100))
@given(steps=STEPS)
def test_no_penny_is_made_or_lost(stand_in: StandIn, steps: list[tuple[str, int]]):
    body = stand_in.open_account("Conserving", pence=2_000)
    client, payee = body.client().v1, body.ready_account()
    funder = client.customers.create({"name": "A funder"}).id
    for step, pence in steps:
        _take(stand_in, body, payee, funder, step, pence)
        moved = client.balance_transactions.list({"limit": 100}).data
        for status in ("available", "pending"):
            total = sum(each.net for each in moved if each.status == status)
            assert body.balance(status) == total
        sent = sum(t["amount"] - t["amount_reversed"] for t in body.all("transfer"))
        out = sum(payout["amount"] for payout in body.all("payout", payee))
        assert body.balance(account=payee) == sent - out >= 0
        into = sum(t["amount"] for t in body.all("topup") if t["status"] == "succeeded")
        paid = sum(c["amount"] for c in body.all("charge") if c["status"] == "succeeded")
        gone = sum(dispute["amount"] for dispute in body.all("dispute"))
        fees = sum(each.fee for each in moved)
        assert body.balance() + body.balance("pending") == into + paid - gone - fees - sent


def _take(
    stand_in: StandIn, body: StripeBody, payee: str, funder: str, step: str, pence: int
) -> None:
    client = body.client().v1
    try:
        if step == "top up":
            client.topups.create({"amount": pence, **POUNDS})
        elif step == "arrive":
            stand_in.arrive()
        elif step == "send":
            client.transfers.create({"amount": pence, "destination": payee, **POUNDS})
        elif step == "take back" and (sent := body.all("transfer")):
            client.transfers.reversals.create(sent[0]["id"])
        elif step == "invoice":
            terms = {"collection_method": "send_invoice", "days_until_due": 30}
            made = client.invoices.create({"customer": funder, **terms}).id
            client.invoices.add_lines(made, {"lines": [{"amount": pence, "description": "x"}]})
            client.invoices.finalize_invoice(made)
            body.pay_invoice(made, refused_later=pence % 3 == 0)
        elif step == "dispute":
            done = [c for c in body.all("charge", status="succeeded") if not c["disputed"]]
            if done:
                body.dispute(done[0]["id"])
    except stripe.InvalidRequestError as refused:
        assert refused.code in ("balance_insufficient", "parameter_invalid_integer")
