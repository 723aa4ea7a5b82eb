"""Sending a draft: a place, or the waiting list, in one step."""
