"""An earlier assessment of the same person, offered to the provider that works with them next."""
