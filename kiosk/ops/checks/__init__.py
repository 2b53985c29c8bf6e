"""The checks of the self-test that need no device: storage, peers, the board and the fonts."""
