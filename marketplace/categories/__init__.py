"""What for: needs, cohorts, involvement, their outcomes, and the services that are bought."""

from __future__ import annotations

from flask import Flask

from marketplace.categories.queries import category_name, cohort_name, outcome_name, service_name


def register(app: Flask) -> None:
    """Let templates name categories by their code: `{{ code|service_name }}`."""
    for name in (category_name, cohort_name, outcome_name, service_name):
        app.add_template_filter(name)
