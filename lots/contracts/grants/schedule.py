"""When a grant is paid, from the lot's payment profile: pence that add up. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lots.funding.arithmetic import split
from lots.vocabulary import PaymentProfile
from marketplace.calendar import months_later

QUARTER = 3


@dataclass(frozen=True)
class Due:
    """One payment."""

    on: date
    pence: int


def schedule(
    value: int, months: int, profile: PaymentProfile, accepted_on: date, starts_on: date
) -> list[Due]:
    """The instalments of a grant of `value` pence over `months`; they add up to the value.

    Paid up front the whole is due on acceptance, in advance the first part is; afterwards, each
    part on the day after its month. Nothing is due before it is accepted.
    """
    if profile == PaymentProfile.UP_FRONT:
        parts, days = [months], [accepted_on]
    elif profile == PaymentProfile.QUARTERLY_IN_ADVANCE:
        firsts = range(0, months, QUARTER)
        parts = [min(QUARTER, months - first) for first in firsts]
        days = [months_later(starts_on, first) for first in firsts]
    else:
        later = profile == PaymentProfile.MONTHLY_IN_ARREARS
        parts = [1] * months
        days = [months_later(starts_on, number + later) for number in range(months)]
    if profile != PaymentProfile.MONTHLY_IN_ARREARS:
        days[0] = accepted_on
    amounts = split(value, parts)
    return [
        Due(max(day, accepted_on), pence) for day, pence in zip(days, amounts, strict=True) if pence
    ]


def less(planned: Sequence[int], off: int) -> list[int]:
    """What planned amounts become when `off` pence fall away, the last first.

    What they do not cover has been owed already, and comes back when the grant is closed.
    """
    amounts = list(planned)
    for index in reversed(range(len(amounts))):
        taken = min(amounts[index], off)
        amounts[index] -= taken
        off -= taken
    return amounts
