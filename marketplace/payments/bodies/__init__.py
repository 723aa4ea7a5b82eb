"""The account that each commissioning body has with Stripe."""
