"""What the lists of cases and the waiting list say, as their pages show it."""

from __future__ import annotations

import re

from marketplace.acting import Acting
from referrals import waiting
from referrals.lists import queries
from referrals.lists.asking import Asked
from referrals.lists.scopes import sight
from referrals.lists.tabs import Tab, sorts_for
from referrals.models import Referral


def first_page(by: Acting, tab: Tab) -> queries.Cases:
    """The first page of a list as it is first shown."""
    return queries.page(by, Asked(tab, sorts_for(tab)[0]), sight(by))


def position(referral: Referral) -> int:
    """Which place somebody has in the waiting list, as the page of their case says."""
    found = re.match(r"Number (\d+) on", waiting.explain(referral))
    return int(found[1]) if found else 1
