"""Invoices by which a buyer collects the shares of those who pay with it."""
