"""The form that a caseworker or practitioner fills in with the person."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import CheckboxField, Form, RadioField, Required, SelectChoice
from referrals.drafts.base import choices
from referrals.equality.vocabulary import ASKED, CHARACTERISTICS, Characteristic


def _question(characteristic: Characteristic) -> RadioField:
    unsaid = SelectChoice("", _l("Prefer not to say"))
    return RadioField(
        CHARACTERISTICS[characteristic], choices=[*choices(ASKED[characteristic]), unsaid]
    )


class EqualityForm(Form):
    """Everything is optional but the person's agreement."""

    agreed = CheckboxField(
        _l("The person has agreed to answer, and knows that this is not part of their case"),
        [Required(_l("Ask the person first. Without their agreement nothing is kept."))],
    )
    ethnicity = _question(Characteristic.ETHNICITY)
    disability = _question(Characteristic.DISABILITY)
    religion = _question(Characteristic.RELIGION)
    orientation = _question(Characteristic.ORIENTATION)
    gender = _question(Characteristic.GENDER)
    pregnancy = _question(Characteristic.PREGNANCY)
    partnership = _question(Characteristic.PARTNERSHIP)

    @property
    def questions(self) -> list[Any]:
        """The fields of the characteristics, in order."""
        return [self[each] for each in ASKED]

    def said(self) -> dict[Characteristic, str]:
        """What was answered; what was left open is left out."""
        return {each: self[each].data for each in ASKED if self[each].data}
