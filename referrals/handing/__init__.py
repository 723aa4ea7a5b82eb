"""Whose case it is, handing cases over, and moving them to other services."""
