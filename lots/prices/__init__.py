"""What a lot pays for, in which parts, and the prices that follow from one amount."""
