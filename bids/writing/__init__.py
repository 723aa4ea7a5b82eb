"""Writing the answers of a bid, by several people at once."""
