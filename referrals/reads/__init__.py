"""Who has read a case: for its practitioner, and for the auditor."""
