"""The hub's database: one writer that commits in groups, an append-only log, and what is read from them."""
