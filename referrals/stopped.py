"""What an emergency stop forbids: nothing new begins at a service that it holds."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from lots.contracts.continuity.cases import stopped_in_emergency
from marketplace.lifecycle import Refusal


def refuse_where_stopped(contract_area_id: UUID) -> None:
    """Raise Refusal where an emergency stop holds this service.

    Whoever asks holds the service's lock (`locked_with_place`), so that a stop of this very moment
    is either seen here, or finds what is being begun or arranged.
    """
    if stopped_in_emergency(contract_area_id):
        raise Refusal(_("This service has been stopped. Nothing new can begin there."))
