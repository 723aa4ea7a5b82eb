"""Price and payment of a draft on screen: mixtures, starts, outcomes, VAT and the yearly rise."""

from __future__ import annotations

import pytest

from lots.drafting import copying
from lots.prices.wording import paid_when
from lots.proportionality import actions, missing_to_publish
from lots.proportionality.vocabulary import RuleCode
from lots.vocabulary import PaymentProfile, PriceBasis
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.overtaken import fingerprint
from tests.support.lots import make_lot, whole_lot
from tests.support.people import acting_as, make_person, sign_in

MIXED = {
    "price_basis": "mixed",
    "instalment_percent": "30",
    "fee_percent": "60",
    "outcome_percent": "10",
    "outcome_0": "20",
    "outcome_factor_0": "150",
    "factor_low": "80",
    "band_above_1": "100",
    "band_percent_1": "75",
    "index_points": "2.5",
    "index_after_months": "18",
    "vat_percent": "20",
}


def test_a_mixture_is_kept_shown_again_and_copied(client, draft):
    url = f"/lots/{draft.id}/payment"
    client.submit(url, "Save", **MIXED)
    lot = whole_lot(draft.id)
    assert lot.price_basis is PriceBasis.MIXED
    assert (lot.instalment_percent, lot.fee_percent, lot.start_percent) == (30, 60, 0)
    assert (lot.outcome_percent, lot.index_points, lot.index_after_months) == (10, 250, 18)
    assert (lot.factor_low, lot.factor_high, lot.vat_percent) == (80, 100, 20)
    assert [(each.above, each.percent) for each in lot.bands] == [(100, 75)]
    paid = [(o.outcome_code, o.paid_number, o.factor) for o in lot.outcomes if o.paid_number]
    assert paid == [("accommodation-1", 20, 150)]
    page = client.show(url).html
    assert 'value="2.5"' in page and 'value="18"' in page and 'value="75"' in page
    shown = client.show(f"/lots/{draft.id}/preview").text
    assert "30% instalments in advance; 60% a fee for each month" in shown
    assert "2.5%, first after 18 months" in shown
    by = acting_as(make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer), lot.lead_buyer)
    with write():
        copied = copying.copy_lot(lot.id, by)[0].id
    copy = whole_lot(copied)
    assert (copy.fee_percent, copy.index_points, len(copy.bands)) == (60, 250, 1)
    assert [o.paid_number for o in copy.outcomes if o.paid_number] == [20]


def test_another_price_forgets_the_parts_of_a_mixture(client, draft):
    url = f"/lots/{draft.id}/payment"
    client.submit(url, "Save", **MIXED)
    client.submit(url, "Save", price_basis="monthly_fee")
    lot = whole_lot(draft.id)
    assert lot.price_basis is PriceBasis.MONTHLY_FEE
    assert (lot.fee_percent, lot.instalment_percent, lot.outcome_percent) == (0, 0, 0)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"fee_percent": "59"}, "The parts add up to 99%"),
        ({"fee_percent": "100", "instalment_percent": "", "outcome_percent": ""}, "two parts"),
        ({"outcome_0": ""}, "how many outcomes you expect"),
        ({"band_percent_1": ""}, "what each start above it costs"),
        ({"band_above_2": "100", "band_percent_2": "50"}, "another number than in the row"),
        ({"index_points": "two"}, "must be a percentage, like 2.5"),
        ({"index_points": "20.01"}, "must be 20% or less"),
        ({"payment_profile": "monthly_in_arrears"}, "are not paid afterwards"),
    ],
)
def test_what_does_not_fit_together_is_said_beside_its_field(client, draft, typed, said):
    answer = client.submit(f"/lots/{draft.id}/payment", "Save", **(MIXED | typed))
    assert said in answer.text
    assert whole_lot(draft.id).price_basis is PriceBasis.MONTHLY_FEE


def test_what_is_paid_by_starts_alone_is_paid_afterwards_and_says_so(client, draft):
    typed = {"price_basis": "per_start", "payment_profile": "monthly_in_advance"}
    client.submit(f"/lots/{draft.id}/payment", "Save", **typed)
    lot = whole_lot(draft.id)
    assert lot.payment_profile is PaymentProfile.MONTHLY_IN_ARREARS
    assert paid_when(lot) == "Each month, afterwards"
    lot.payment_profile = PaymentProfile.MONTHLY_IN_ADVANCE  # a lot of before
    assert paid_when(lot) == "Each month, afterwards"


def test_a_mixture_says_what_is_paid_in_advance_and_what_is_not(client, draft):
    client.submit(f"/lots/{draft.id}/payment", "Save", **MIXED)
    assert paid_when(whole_lot(draft.id)) == (
        "Each month, in advance: instalments in advance and a fee for each month. "
        "Each month, afterwards: an amount for each outcome reached"
    )


def test_a_grant_is_not_paid_by_outcomes(client, draft):
    client.submit(f"/lots/{draft.id}/payment", "Save", **MIXED)
    client.submit(f"/lots/{draft.id}/route", "Save", route="grant")
    found = missing_to_publish(whole_lot(draft.id))
    assert any("A grant is paid by its schedule" in each for each in found)
    offered = client.get(f"/lots/{draft.id}/payment").page.form("Save").choices("price_basis")
    assert offered == {"in_advance", "monthly_fee", "per_start"}


def test_more_than_a_tenth_by_outcomes_opens_only_with_the_directors_reason(client, draft):
    typed = MIXED | {"fee_percent": "55", "outcome_percent": "15"}
    client.submit(f"/lots/{draft.id}/payment", "Save", **typed)
    (problem,) = missing_to_publish(whole_lot(draft.id))
    assert "15% of the value is paid by outcomes reached: at most 10%" in problem
    buyer = whole_lot(draft.id).lead_buyer
    director = make_person(Role.DIRECTOR, buyer)
    with write():
        lot = db.session.get_one(type(draft), draft.id)
        finding = actions.overridable_finding(lot, RuleCode.OUTCOME_PAYMENT)
        seen = fingerprint(dict(finding.figures))
        by = acting_as(director, buyer)
        actions.override(lot.id, RuleCode.OUTCOME_PAYMENT, "Tested with three charities.", seen, by)
    assert missing_to_publish(whole_lot(draft.id)) == []


def test_the_public_reads_what_the_price_is_made_of(client):
    lot = make_lot(price_basis=PriceBasis.PER_START, factor_high=140, bands=[(300, 90)])
    page = client.show(f"/opportunities/{lot.id}").text
    assert "low complexity 100%; medium complexity 100%; high complexity 140%" in page
    assert "Above 300 starts in a year" in page and "90% of the price of a start" in page


def test_nobody_elsewhere_reads_how_a_draft_will_pay(client, draft):
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER))
    assert client.get(f"/lots/{draft.id}/payment").status_code == 404
