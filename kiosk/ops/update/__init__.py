"""Updates of the whole system: which slot starts, what waits, what is tried and what did not work."""
