"""Tactile keypads and headset jacks: input events in, meanings out."""
