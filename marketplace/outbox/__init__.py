"""Mails and texts out: rows written with the change, delivered afterwards by a job."""

from marketplace.outbox.actions import post, register, still_wanted, texts_are_carried
from marketplace.outbox.models import Channel

__all__ = ["Channel", "post", "register", "still_wanted", "texts_are_carried"]
