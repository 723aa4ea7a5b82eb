"""Whether what a notice tells may stand on this service's own pages yet: the one rule of it."""

from __future__ import annotations

from lots.notices.models import Notice
from lots.notices.vocabulary import NoticeState, Regime


def published_here(notice: Notice) -> bool:
    """Whether the regime of a notice lets its contents be published here now.

    - A grant is no procurement: at once.
    - Public Contracts Regulations 2015, light touch: at once. Regulation 52(3), which keeps a
      notice from national publication until the platform's own, binds those of regulations 48 to
      50; a light-touch notice is one of regulation 75.
    - Procurement Act 2023: what must be published on the central digital platform (s.95;
      Procurement Regulations 2024 reg. 5) stands there first; here once the platform has accepted
      it. While the platform is unavailable another online system may be used, and the notice
      follows there as soon as it is back: `platform_down_at` says that an officer recorded so.
    """
    if not notice.is_procurement or notice.regime == Regime.PCR_2015:
        return True
    return notice.state == NoticeState.ACCEPTED or notice.platform_down_at is not None
