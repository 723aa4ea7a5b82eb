"""Whether an opened bid meets the requirements: passed, or set aside on a published ground."""
