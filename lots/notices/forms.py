"""Recording what became of a notice outside."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.web.fields import Form, Required, TextField

OCID = re.compile(r"ocds-[a-z0-9]{6}-[A-Za-z0-9./-]+", re.ASCII)


class SentForm(Form):
    """The reference under which the platform keeps the notice."""

    reference = TextField(
        _l("Reference given by the central platform"),
        [Required(_l("Enter the reference"))],
        longest=100,
    )
    ocid = TextField(
        _l("Contracting process identifier (OCID)"),
        longest=120,
        description=_l("If the platform gave one. It begins with “ocds-”."),
    )

    def validate_ocid(self, field: TextField) -> None:
        """Refuse what is no identifier of the Open Contracting Data Standard."""
        if field.data and not OCID.fullmatch(field.data):
            raise ValidationError(
                _("Enter the OCID as the platform shows it, like ocds-h6vhtk-1a2b")
            )
