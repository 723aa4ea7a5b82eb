"""What happens after a referral is accepted: assessment, sessions, positions, the end report."""
