"""The branch hub: queue, counters, calls, board and console."""
