"""Where: probation regions, police and crime areas, delivery units, probation offices."""

from __future__ import annotations

from flask import Flask

from marketplace.areas.queries import area_name, region_name


def register(app: Flask) -> None:
    """Let templates name areas by their code: `{{ code|area_name }}`."""
    app.add_template_filter(area_name)
    app.add_template_filter(region_name)
