"""What a contract pays for: its prices, minimum and VAT."""
