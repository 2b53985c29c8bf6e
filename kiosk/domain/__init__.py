"""PURE: what the business knows - health words, identity numbers, the catalogue, labels and papers."""
