"""Streams of frames with known truth, and how many of them are read: by ours and by the bare libraries."""
