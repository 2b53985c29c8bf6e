"""The hub's addresses, as the contract names them."""
