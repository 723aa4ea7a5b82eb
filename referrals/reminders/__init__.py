"""Reminders to the person by text or mail, with consent; nothing in them names the service."""
