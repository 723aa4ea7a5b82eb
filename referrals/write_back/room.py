"""What the room of write-backs adds to the product."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import jobs
from referrals.case_system.interface import case_system
from referrals.frame import CaseTab, case_frame
from referrals.lifecycle import REFERRAL
from referrals.write_back import delivering, reading, views
from referrals.write_back.models import WriteBack

TAB = CaseTab(_l("Other systems"), "write_back.show", 90)


def happening(record: WriteBack) -> Any:
    """What a record tells of, in words, for templates."""
    steps = {f"referral:{step.name}": step.label for step in REFERRAL.steps}
    sent = {reading.SENT: _("Referral sent"), reading.CONTINUED: _("Taken over")}
    return (steps | sent | {reading.ATTENDANCE: _("Attendance recorded")})[record.happened]


def register(app: Flask) -> None:
    """Its page, and the two jobs; the tab only where a system is connected."""
    app.jinja_env.filters["happening"] = happening
    app.register_blueprint(views.blueprint)
    if case_system(app) is not None:
        case_frame(app).tabs.append(TAB)
    jobs.register(app, "read what to write back", reading.read_on)
    jobs.register(app, "write back", delivering.deliver)
