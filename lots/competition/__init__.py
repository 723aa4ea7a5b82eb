"""A competition while it is open: questions and answers, changes, its closing."""
