"""The ground: people, organisations, qualification, money, records and the web shell."""
