"""What a funder fills in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import Form, TextField

LONGEST_ORDER = 60


class OrderForm(Form):
    """The funder's own number for what it pays under one contract."""

    purchase_order = TextField(
        _l("Purchase-order number"),
        description=_l("It stands on your invoices from now on. Leave it empty if you need none."),
        longest=LONGEST_ORDER,
    )
