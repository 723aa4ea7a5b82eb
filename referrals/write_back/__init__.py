"""What the case-management system is told of referrals and attendance, and what it knows."""
