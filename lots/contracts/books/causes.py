"""Why a contract's money moved, in words; a cause is named by whoever posts it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

CLAIMS = {
    "claim:approved": _l("Claim approved"),
    "claim:approved:vat": _l("VAT on a claim"),
    "claim:given_back:vat": _l("VAT on money given back after a contract’s end"),
    "claim:given_back": _l("Money given back after a contract’s end"),
    "claim:recorded": _l("Claim recorded as paid outside this system"),
}
INSTALMENTS = {
    "instalment:owed": _l("Instalment due"),
    "instalment:owed:vat": _l("VAT on an instalment"),
    "instalment:recorded": _l("Instalment recorded as paid outside this system"),
}
RETURNS = {"grant:returned": _l("Unspent money given back")}
PROMISES = {
    "funding:promised": _l("Share promised"),
    "funding:lowered": _l("Promised share lowered"),
}
CONTRIBUTIONS = {
    "contribution": _l("Share of what is owed"),
    "contribution:due": _l("Share of what is owed"),
    "contribution:received": _l("Share received"),
    "contribution:taken_back": _l("Share taken back by the funder’s bank"),
    "contribution:reinstated": _l("Share given back by the funder’s bank"),
    "contribution:asked_again": _l("Share asked for again"),
    "contribution:to_give_back": _l("Share of what came back"),
    "contribution:given_back": _l("Share given back to the funder"),
}
