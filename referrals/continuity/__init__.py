"""What becomes of open cases when their service ends, pauses, leaves an area or is stopped."""
