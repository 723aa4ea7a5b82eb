"""Sealing the working copy as a version, the receipt, and taking it back."""
