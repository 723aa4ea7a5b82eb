"""Connected accounts: opened by the merchant, finished by their owner on the stand-in's pages."""

from __future__ import annotations

import secrets
import time
from typing import Any

from marketplace.payments.standin import forms, hooks
from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.shapes import listed, shape
from marketplace.payments.standin.store import Books, Thing, now

LINK_SECONDS = 300
# What a British organisation is asked for before it can be paid.
WANTED = [
    "business_type",
    "company.address.city",
    "company.name",
    "company.tax_id",
    "external_account",
    "representative.dob.day",
    "tos_acceptance.date",
    "tos_acceptance.ip",
]
CHECKED = ["company.verification.document"]
PROFILE = (
    *("annual_revenue", "estimated_worker_count", "mcc", "name", "product_description"),
    *("support_address", "support_email", "support_phone", "support_url", "url"),
    "minority_owned_business_designation",
)
KINDS_OF_BUSINESS = ("company", "government_entity", "individual", "non_profit")
OWN_TYPES = {"express": "express", "full": "standard", "none": "custom"}


def create_account(call: Call) -> Thing:
    """A connected account, which wants its owner's details. Raises Refused."""
    given = call.params
    country = given.get("country", "GB")
    if country != "GB":
        raise Refused("The stand-in only knows accounts in GB.", param="country")
    profile = given.get("business_profile")
    body = shape(
        "account",
        id=f"acct_{secrets.token_hex(8)}",
        business_profile=_profile(profile if isinstance(profile, dict) else {}),
        business_type=_business_type(given),
        capabilities=dict.fromkeys(_asked_capabilities(given), "inactive"),
        charges_enabled=False,
        controller=_controller(given),
        country=country,
        created=now(),
        default_currency="gbp",
        details_submitted=False,
        email=given.get("email"),
        metadata=forms.merged({}, given.get("metadata")),
        payouts_enabled=False,
        settings=_settings(),
        tos_acceptance={"date": None, "ip": None, "user_agent": None},
        type=_type(given),
    )
    body["external_accounts"] = listed([], f"/v1/accounts/{body['id']}/external_accounts")
    body["future_requirements"] = requirements([])
    body["requirements"] = requirements(WANTED, "requirements.past_due")
    call.books.add(call.merchant.id, "", body)
    hooks.emit(call.books, call.merchant.id, body["id"], "account.updated", body, call.key)
    return body


def _asked_capabilities(given: dict[str, Any]) -> list[str]:
    asked = given.get("capabilities") or {}
    if not isinstance(asked, dict) or not all(isinstance(each, dict) for each in asked.values()):
        raise Refused("Invalid object", param="capabilities")
    return [name for name, each in asked.items() if each.get("requested") == "true"]


def _business_type(given: dict[str, Any]) -> str | None:
    value = given.get("business_type") or None
    if value is not None and value not in KINDS_OF_BUSINESS:
        raise Refused(
            f"Invalid business_type: must be one of {', '.join(KINDS_OF_BUSINESS)}",
            param="business_type",
        )
    return value


def _type(given: dict[str, Any]) -> str:
    if given.get("type") and given.get("controller"):
        raise Refused(
            "You may not provide the `type` parameter and `controller` parameters simultaneously."
        )
    return given.get("type") or OWN_TYPES[_controller(given)["stripe_dashboard"]["type"]]


def _controller(given: dict[str, Any]) -> Thing:
    asked = given.get("controller") or {}
    if not isinstance(asked, dict):
        raise Refused("Invalid object", param="controller")
    dashboard = (asked.get("stripe_dashboard") or {}).get("type", "full")
    if dashboard not in OWN_TYPES:
        raise Refused("Invalid controller[stripe_dashboard][type]", param="controller")
    return {
        "fees": {"payer": (asked.get("fees") or {}).get("payer", "account")},
        "is_controller": True,
        "losses": {"payments": (asked.get("losses") or {}).get("payments", "stripe")},
        "requirement_collection": asked.get("requirement_collection", "stripe"),
        "stripe_dashboard": {"type": dashboard},
        "type": "application",
    }


def _profile(given: dict[str, Any]) -> Thing:
    return {name: given.get(name) for name in PROFILE}


def _settings() -> Thing:
    return {
        "bacs_debit_payments": {"display_name": None, "service_user_number": None},
        "branding": {
            "icon": None,
            "logo": None,
            "primary_color": None,
            "secondary_color": None,
        },
        "payments": {"statement_descriptor": None},
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 2, "interval": "daily"},
            "statement_descriptor": None,
        },
    }


def requirements(due: list[str], disabled: str | None = None, checking: bool = False) -> Thing:
    """What Stripe still wants of an account, in its own names."""
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": [] if checking else due,
        "disabled_reason": disabled,
        "errors": [],
        "eventually_due": due,
        "past_due": [] if checking else due,
        "pending_verification": due if checking else [],
    }


def retrieve_account(call: Call, thing_id: str) -> Thing:
    """One connected account, or the merchant's own."""
    if thing_id == call.merchant.id:
        return own(call)
    return call.get("account", thing_id, "account")


def own(call: Call) -> Thing:
    """The account whose key asks, or that is acted for."""
    if call.account:
        found = call.books.get(call.merchant.id, "", "account", call.account)
        assert found is not None
        return found
    return shape(
        "account",
        id=call.merchant.id,
        business_profile=_profile({"name": call.merchant.name}),
        business_type="government_entity",
        capabilities={"bacs_debit_payments": "active", "transfers": "active"},
        charges_enabled=True,
        controller={"type": "account"},
        country="GB",
        created=0,
        default_currency="gbp",
        details_submitted=True,
        external_accounts=listed([], f"/v1/accounts/{call.merchant.id}/external_accounts"),
        future_requirements=requirements([]),
        payouts_enabled=True,
        requirements=requirements([]),
        settings=_settings()
        | {"dashboard": {"display_name": call.merchant.name, "timezone": "Europe/London"}},
        tos_acceptance={"date": None, "ip": None, "user_agent": None},
        type="standard",
    )


def list_accounts(call: Call) -> Thing:
    """Every connected account, newest first."""
    return call.listing("account")


def update_account(call: Call, thing_id: str) -> Thing:
    """Its metadata, address for letters, profile and wanted capabilities."""
    body = call.get("account", thing_id, "account")
    given = call.params
    body["metadata"] = forms.merged(body["metadata"], given.get("metadata"))
    for name in ("email", "business_type"):
        if name in given:
            body[name] = given[name] or None
    if isinstance(given.get("business_profile"), dict):
        body["business_profile"] |= {
            k: v for k, v in given["business_profile"].items() if k in body["business_profile"]
        }
    asked = given.get("capabilities")
    for name, value in asked.items() if isinstance(asked, dict) else ():
        if value.get("requested") == "true":
            body["capabilities"].setdefault(
                name, "active" if body["payouts_enabled"] else "inactive"
            )
    hooks.emit(call.books, call.merchant.id, body["id"], "account.updated", body, call.key)
    return call.books.save(body)


def create_link(call: Call) -> Thing:
    """A link to the pages where the owner gives its details: good once, for five minutes."""
    given = call.params
    account = call.get("account", given["account"], "account", status=400)
    if given["type"] not in ("account_onboarding", "account_update"):
        raise Refused(f"Invalid type: {str(given['type'])[:40]}", param="type")
    for name in ("return_url", "refresh_url"):
        if not str(given.get(name, "")).startswith(("https://", "http://")):
            raise Refused("Not a valid URL", "url_invalid", name)
    url, expires = _page_for(call, account["id"], given["return_url"], given["refresh_url"])
    return shape("account_link", created=now(), expires_at=expires, url=url)


def _page_for(call: Call, account_id: str, return_url: str, refresh_url: str) -> tuple[str, int]:
    token, expires = secrets.token_urlsafe(18), now() + LINK_SECONDS
    call.books.rows(
        "INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, NULL)",
        *(token, call.merchant.id, account_id, return_url, refresh_url, expires),
    )
    return f"{call.address}/setup/{account_id}/{token}", expires


def create_login_link(call: Call, account_id: str) -> Thing:
    """The way in for an owner who has finished, to change its details. Raises Refused."""
    account = call.get("account", account_id, "account")
    if not account["details_submitted"]:
        raise Refused(
            "Cannot create a login link for an account that has not completed onboarding.",
            begun=True,
        )
    desk = f"{call.address}/"
    url, _expires = _page_for(call, account_id, desk, desk)
    return shape("login_link", created=now(), url=url)


def finish(books: Books, merchant: str, account: Thing, outcome: str) -> Thing:
    """What the owner did on the pages: it is "ready", "checking", "lacking" or "refused"."""
    was = dict(account["capabilities"])
    ready = outcome == "ready"
    account["details_submitted"] = outcome != "lacking"
    account["payouts_enabled"] = ready
    account["capabilities"] = dict.fromkeys(was, _CAPABILITY[outcome])
    account["requirements"] = {
        "ready": requirements([]),
        "checking": requirements(CHECKED, "requirements.pending_verification", checking=True),
        "lacking": requirements(CHECKED, "requirements.past_due"),
        "refused": requirements([], "rejected.other"),
    }[outcome]
    if account["details_submitted"]:
        account["business_type"] = account["business_type"] or "non_profit"
        account["tos_acceptance"]["date"] = int(time.time())
    if ready and not account["external_accounts"]["data"]:
        account["external_accounts"]["data"].append(_bank_account(account))
    books.save(account)
    hooks.emit(books, merchant, account["id"], "account.updated", account)
    for name, status in account["capabilities"].items():
        if was[name] != status:
            changed = _capability(account, name, status)
            hooks.emit(books, merchant, account["id"], "capability.updated", changed)
    return account


_CAPABILITY = {
    "ready": "active",
    "checking": "pending",
    "lacking": "inactive",
    "refused": "inactive",
}


def _capability(account: Thing, name: str, status: str) -> Thing:
    return shape(
        "capability",
        id=name,
        account=account["id"],
        future_requirements=requirements([]),
        requested=True,
        requested_at=account["created"],
        requirements=account["requirements"],
        status=status,
    )


def _bank_account(account: Thing) -> Thing:
    return shape(
        "bank_account",
        id=f"ba_{secrets.token_hex(12)}",
        account_holder_name=account["business_profile"]["name"],
        account_holder_type="company",
        bank_name="STAND-IN BANK",
        country="GB",
        currency="gbp",
        fingerprint=secrets.token_hex(8),
        last4="0000",
        routing_number="00-00-00",
        status="new",
    )
