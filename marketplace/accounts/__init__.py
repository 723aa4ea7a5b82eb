"""People, their roles, and how they sign in."""

from flask import Flask


def register(app: Flask) -> None:
    """Add sessions, permissions, pages and commands of accounts."""
    from marketplace.accounts import permissions, sessions

    permissions.register(app)
    sessions.register(app)
