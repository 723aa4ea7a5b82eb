"""Mails out: rows written with the change, delivered afterwards by a job."""

from marketplace.outbox.actions import post, register, still_wanted

__all__ = ["post", "register", "still_wanted"]
