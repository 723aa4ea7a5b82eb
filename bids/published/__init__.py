"""What the public is told of a decision: its notices, releases and grants."""
