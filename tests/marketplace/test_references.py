"""References that are read out on the telephone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.references import (
    SERVICE_LETTERS,
    is_clear,
    referral_reference,
)

chances = st.randoms(use_true_random=False)
PAIRS = ("0O", "1I", "5S", "8B")


@given(st.sampled_from(sorted(SERVICE_LETTERS)), chances)
def test_a_referrals_reference_has_its_shape_and_no_look_alikes(service, chance):
    reference = referral_reference(service, chance)
    assert re.fullmatch(r"[A-HJ-NP-Z]{2}[0-9]{4}[A-HJ-NP-Z]{2}", reference)
    assert reference.endswith(SERVICE_LETTERS[service])
    assert not any(set(pair) <= set(reference) for pair in PAIRS)


@given(st.from_regex(r"[a-z]{1,3}(-[a-z]{1,9}){0,2}", fullmatch=True), chances)
def test_a_service_added_later_has_references_too(service, chance):
    reference = referral_reference(service, chance)
    assert re.fullmatch(r"[A-HJ-NP-Z]{2}[0-9]{4}[A-HJ-NP-Z]{2}", reference)
    assert is_clear(reference)


@pytest.mark.parametrize("service", sorted(SERVICE_LETTERS))
def test_the_services_letters_are_clear_themselves(service):
    assert is_clear(SERVICE_LETTERS[service])
