"""The journeys, one file each: every handler takes a State and an event and returns a State and effects."""
