"""Longer campaigns in parts of at most thirty minutes, each with its own report: `python -m tests.nightly`."""
