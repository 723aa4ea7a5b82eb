"""Register numbers are taken as people write them, and kept in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.organisations.registers import (
    WrongNumber,
    charity_org_id,
    company_org_id,
    number_in,
    society_org_id,
    split,
)

READERS = (charity_org_id, company_org_id, society_org_id)


@pytest.mark.parametrize(
    ("typed", "org_id"),
    [
        ("1234567", "GB-CHC-1234567"),
        (" 123 4567 ", "GB-CHC-1234567"),
        ("213890", "GB-CHC-213890"),
        ("1234567-0", "GB-CHC-1234567"),
        ("1234567-2", "GB-CHC-1234567-2"),
        ("sc012345", "GB-SC-SC012345"),
        ("SC12345", "GB-SC-SC012345"),
        ("nic 100012", "GB-NIC-100012"),
        ("NI100012", "GB-NIC-100012"),
        ("", None),
        ("  ", None),
    ],
)
def test_charity_numbers_of_the_three_registers(typed, org_id):
    assert charity_org_id(typed) == org_id


@pytest.mark.parametrize(
    ("typed", "org_id"),
    [
        ("01234567", "GB-COH-01234567"),
        ("1234567", "GB-COH-01234567"),
        ("445790", "GB-COH-00445790"),
        ("ce012345", "GB-COH-CE012345"),
        ("CE 12345", "GB-COH-CE012345"),
        ("sc123456", "GB-COH-SC123456"),
        ("R0000123", "GB-COH-R0000123"),
        ("IP12345R", "GB-COH-IP12345R"),
        ("", None),
    ],
)
def test_company_numbers_are_padded(typed, org_id):
    assert company_org_id(typed) == org_id


@pytest.mark.parametrize("typed", ["27667R", "4811", "ip 27667 r", "RS007154"])
def test_society_numbers(typed):
    assert society_org_id(typed) == f"GB-MPR-{''.join(typed.split()).upper()}"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "typed",
    ["12", "none", "123456789012", "0", "١٢٣٤٥٦٧", "<script>", "'; --", "GB-CHC-1234567", "-1"],
)
def test_what_is_no_number_gets_an_example(reader, typed):
    with pytest.raises(WrongNumber, match=r"like \d"):
        reader(typed)


@pytest.mark.parametrize("typed", ["0123456", "12345678", "SC123", "NIC12345", "1234567-"])
def test_wrong_charity_numbers(typed):
    with pytest.raises(WrongNumber):
        charity_org_id(typed)


@given(number=st.integers(100_000, 9_999_999), at=st.integers(0, 6))
def test_spaces_and_what_was_kept_change_nothing_for_charities(number, at):
    plain = str(number)
    org_id = charity_org_id(f" {plain[:at]} {plain[at:]}\t")
    assert org_id == f"GB-CHC-{plain}"
    assert charity_org_id(split(org_id)[1]) == org_id


@given(letters=st.sampled_from(["", "SC", "NI", "OC", "CE"]), number=st.integers(1_000, 999_999))
def test_a_company_number_has_eight_characters_however_it_was_typed(letters, number):
    padded = f"{number:06}" if letters else f"{number:08}"
    for typed in (f"{letters}{number}", f"{letters}{padded}", f"{letters.lower()} {padded}"):
        assert company_org_id(typed) == f"GB-COH-{letters}{padded}"


@given(typed=st.text(max_size=60))
def test_any_text_is_a_number_that_stays_the_same_or_gets_a_sentence(typed):
    for reader in READERS:
        try:
            org_id = reader(typed)
        except WrongNumber as wrong:
            assert str(wrong)
        else:
            assert org_id is None or (reader(split(org_id)[1]) == org_id and len(org_id) <= 40)


def test_a_form_shows_the_number_as_people_write_it():
    org_ids = ["GB-COH-01234567", "GB-NIC-100012"]
    assert number_in(org_ids, "GB-CHC", "GB-SC", "GB-NIC") == "NIC100012"
    assert number_in(org_ids, "GB-COH") == "01234567"
    assert number_in(org_ids, "GB-MPR") == ""
