"""Room being built."""


def register(app):
    """Nothing yet."""
