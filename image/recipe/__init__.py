"""The recipe of the SD-card image: what is on it, how it is put together, and the paper that says so."""
