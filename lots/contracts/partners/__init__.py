"""The provider's partners in a contract: what they were promised, where, and what they are paid."""
