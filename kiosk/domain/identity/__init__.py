"""One file for each family of numbers and codes: what it looks like, and what is wrong with one that is not right."""
