"""What the public is told of a decision: its notices and releases."""
