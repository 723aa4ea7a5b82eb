"""What both sides do with a sent referral, and how it ends before its report."""
