"""Amendments by the practitioner after sending, each with old and new value."""
