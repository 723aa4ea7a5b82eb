"""Getting in: an application for each category, at any time, without a cap; and what is held."""

from flask import Flask

from marketplace.lifecycle import lifecycles
from marketplace.qualification import (
    assess_views,
    evidence,
    jobs,
    lifecycle,
    permissions,
    public_register_views,
    views,
)
from marketplace.qualification.held import lifecycle as held_lifecycle
from marketplace.qualification.held import views as held_views
from marketplace.qualification.permissions import QualificationPermission
from marketplace.qualification.uses import applications_made_with
from marketplace.qualification.waiting import waiting_for
from marketplace.questions.shown import USES
from marketplace.registry import NavigationEntry, measures, navigation, waiting


def register(app: Flask) -> None:
    """Add the permissions, steps, jobs and pages of qualification."""
    permissions.register(app)
    lifecycles(app).extend(
        [lifecycle.APPLICATION, held_lifecycle.QUALIFICATION, held_lifecycle.NOTICE]
    )
    jobs.register(app)
    for each in (views, evidence, held_views, public_register_views):
        app.register_blueprint(each.blueprint)
    waiting(app).append(waiting_for)
    measures(app)[USES] = applications_made_with
    navigation(app).extend(
        NavigationEntry(label, endpoint, needs=needs, position=position)
        for label, endpoint, needs, position in (
            (views.OVERVIEW_LABEL, "qualification.overview", QualificationPermission.SEE_OWN, 40),
            (assess_views.QUEUE_LABEL, "qualification.queue", QualificationPermission.SEE_ALL, 40),
            (held_views.MEMBERS_LABEL, "held.members", QualificationPermission.SUPERVISE, 41),
            (public_register_views.REGISTER_LABEL, "register.index", None, 30),
        )
    )
