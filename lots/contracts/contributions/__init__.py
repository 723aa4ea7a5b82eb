"""Shares of what contracts owe: invoiced to those who pay with the buyer, and received."""
