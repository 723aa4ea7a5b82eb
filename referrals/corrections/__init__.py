"""What was recorded in error is put right: it stays in the record, and counts no more."""
