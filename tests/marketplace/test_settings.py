"""A production configuration that would not be safe is refused at start."""

import pytest
from pydantic import ValidationError

from marketplace.settings import Settings

SAFE = {
    "environment": "production",
    "database_url": "postgresql://db/marketplace",
    "address": "https://marketplace.example",
    "mail_carrier": "smtp",
}


def test_a_safe_production_configuration_starts():
    assert Settings(**SAFE).environment == "production"


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"demonstration": True}, "DEMONSTRATION"),
        ({"database_url": "sqlite:///x"}, "DATABASE_URL"),
        ({"address": "http://marketplace.example"}, "ADDRESS"),
        ({"mail_carrier": "console"}, "MAIL_CARRIER"),
        ({"text_carrier": "console"}, "TEXT_CARRIER"),
        ({"text_carrier": "notify"}, "NOTIFY_KEY"),
        ({"mail_carrier": "notify", "notify_key": "k"}, "NOTIFY_MAIL_TEMPLATE"),
        ({"text_carrier": "notify", "notify_key": "k"}, "NOTIFY_TEXT_TEMPLATE"),
        ({"secret_key": "short"}, "SECRET_KEY"),
    ],
)
def test_an_unsafe_one_names_the_setting(unsafe, named):
    with pytest.raises(ValidationError, match=f"MARKETPLACE_{named}"):
        Settings(**{**SAFE, **unsafe})
