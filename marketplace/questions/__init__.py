"""Questions as versioned data: sets, their wording, what they are asked for and who reads them."""

from __future__ import annotations

from flask import Flask

from marketplace.lifecycle import lifecycles
from marketplace.registry import NavigationEntry, navigation


def register(app: Flask) -> None:
    """Add the permissions, the step and the pages of the question bank."""
    from marketplace.questions import data_views, lifecycle, permissions, views, writing

    permissions.register(app)
    lifecycles(app).append(lifecycle.QUESTION_SET)
    for room in (views, writing, data_views):
        app.register_blueprint(room.blueprint)
    navigation(app).append(
        NavigationEntry(
            views.BANK_LABEL,
            "questions.index",
            needs=permissions.QuestionPermission.SEE,
            position=45,
        )
    )
