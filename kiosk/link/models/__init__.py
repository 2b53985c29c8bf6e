"""What goes over the wire, written once (pydantic) and used by both ends."""
