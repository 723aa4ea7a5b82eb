"""The lists of cases, and finding one again."""
