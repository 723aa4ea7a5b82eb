"""What a contract delivers, month by month, and the review that opens where it is far off."""
