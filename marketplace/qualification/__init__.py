"""Getting in: an application for service categories, decided once, at any time, without a cap."""

from flask import Flask

from marketplace.lifecycle import lifecycles
from marketplace.qualification import lifecycle, permissions, views
from marketplace.qualification.queries import waiting_for
from marketplace.registry import NavigationEntry, navigation, waiting


def register(app: Flask) -> None:
    """Add the permissions, steps and pages of qualification."""
    permissions.register(app)
    lifecycles(app).append(lifecycle.APPLICATION)
    app.register_blueprint(views.blueprint)
    waiting(app).append(waiting_for)
    navigation(app).extend(
        [
            NavigationEntry(
                views.OVERVIEW_LABEL,
                "qualification.overview",
                needs=permissions.QualificationPermission.SEE_OWN,
                position=40,
            ),
            NavigationEntry(
                views.QUEUE_LABEL,
                "qualification.queue",
                needs=permissions.QualificationPermission.ASSESS,
                position=40,
            ),
        ]
    )
