"""The text of an agreement: written once by its value band, kept for ever once it is signed."""

from lots.contracts.agreement.writing import hash_of, keep, write_text

__all__ = ["hash_of", "keep", "write_text"]
