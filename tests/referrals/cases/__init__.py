"""One case: who sees it, who works on it, how it is answered and how far it is."""
