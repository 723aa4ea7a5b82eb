"""The books of a contract: what it owes, who pays for it, and what was paid."""
