"""The provider proposes that a case ends early; the practitioner agrees or disagrees."""
