"""A bid is submitted, kept, taken back; its people are reminded."""
