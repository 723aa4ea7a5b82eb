"""Being built."""


def register(app):
    """Nothing yet."""
