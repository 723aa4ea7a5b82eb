"""Payments to providers: owed, sent by one of two rails, and paid once."""
