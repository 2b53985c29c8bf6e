"""PURE: State -> View (what is shown) and its speech (what is said)."""
