"""PURE: events, effects, state and the one function `step` that turns an event into a new state and orders."""
