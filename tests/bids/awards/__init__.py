"""What is read of a decision, and the days of its standstill."""
