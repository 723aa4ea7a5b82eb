"""What the organisation has answered before, offered again where it is asked again.

Nothing is stored twice: the library is read from the organisation's own bids and applications.
"""
