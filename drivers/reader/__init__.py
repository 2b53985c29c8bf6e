"""Readers of second-generation identity cards: the SAM_V protocol in, one Card out."""
