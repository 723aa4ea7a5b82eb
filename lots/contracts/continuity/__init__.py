"""Continuity: notice that a service ends, pauses or leaves an area, and what becomes of each case.

`room.register` adds it to the application; it stands apart, so that the contract's own lifecycle
may ask these tables before it lets a contract end.
"""
