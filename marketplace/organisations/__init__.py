"""The organisations that take part and their profiles."""

from flask import Flask


def register(app: Flask) -> None:
    """Add the permissions and pages of organisations."""
    from marketplace.organisations import permissions

    permissions.register(app)
