"""What may be asked, and the answers to choose from (Equality Act 2010, s.4; domain, section 8).

Age and sex are taken from the referral once the person agrees; everything else is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from referrals.codes import SEXES


class Characteristic(StrEnum):
    """The protected characteristics that figures are made of."""

    AGE = "age"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    DISABILITY = "disability"
    RELIGION = "religion"
    ORIENTATION = "orientation"
    GENDER = "gender"
    PREGNANCY = "pregnancy"
    PARTNERSHIP = "partnership"


CHARACTERISTICS = {
    Characteristic.AGE: _l("Age"),
    Characteristic.SEX: _l("Sex"),
    Characteristic.ETHNICITY: _l("Ethnic group"),
    Characteristic.DISABILITY: _l("Health condition or disability"),
    Characteristic.RELIGION: _l("Religion or belief"),
    Characteristic.ORIENTATION: _l("Sexual orientation"),
    Characteristic.GENDER: _l("Gender the same as the sex registered at birth"),
    Characteristic.PREGNANCY: _l("Pregnant, or a child under 26 weeks"),
    Characteristic.PARTNERSHIP: _l("Married or in a civil partnership"),
}
_YES_NO = {"yes": _l("Yes"), "no": _l("No")}
# In the order of the form. Ethnic groups follow the census of England and Wales at its first
# level, with the one group of its second level that services most often fail.
ASKED = {
    Characteristic.ETHNICITY: {
        "asian": _l("Asian, Asian British or Asian Welsh"),
        "black": _l("Black, Black British, Black Welsh, Caribbean or African"),
        "mixed": _l("Mixed or multiple ethnic groups"),
        "traveller": _l("Gypsy, Irish Traveller or Roma"),
        "white": _l("White"),
        "other": _l("Another ethnic group"),
    },
    Characteristic.DISABILITY: {
        "a_lot": _l("Yes, it limits everyday life a lot"),
        "a_little": _l("Yes, it limits everyday life a little"),
        "no": _l("No"),
    },
    Characteristic.RELIGION: {
        "none": _l("No religion"),
        "buddhist": _l("Buddhist"),
        "christian": _l("Christian"),
        "hindu": _l("Hindu"),
        "jewish": _l("Jewish"),
        "muslim": _l("Muslim"),
        "sikh": _l("Sikh"),
        "other": _l("Another religion or belief"),
    },
    Characteristic.ORIENTATION: {
        "straight": _l("Straight or heterosexual"),
        "gay": _l("Gay or lesbian"),
        "bi": _l("Bisexual"),
        "other": _l("Another sexual orientation"),
    },
    Characteristic.GENDER: _YES_NO,
    Characteristic.PREGNANCY: _YES_NO,
    Characteristic.PARTNERSHIP: _YES_NO,
}
AGES = {
    "18-24": _l("18 to 24"),
    "25-34": _l("25 to 34"),
    "35-49": _l("35 to 49"),
    "50": _l("50 or over"),
}
GROUPS: dict[Characteristic, Mapping[Any, Any]] = {
    Characteristic.AGE: AGES,
    Characteristic.SEX: SEXES,
    **ASKED,
}


def age_group(age: int) -> str:
    """The group of an age in whole years."""
    if age < 25:
        return "18-24"
    if age < 35:
        return "25-34"
    return "35-49" if age < 50 else "50"
