"""The connected accounts by which providers are paid."""
