"""A referral being written: one question a page, until it is sent."""
