"""Ids minted at a press: UUID version 7 (RFC 9562, section 5.7), so that they sort by time in every log."""

import os
import time
import uuid


def uuid7() -> str:
    """Give a fresh id: 48 bits of Unix milliseconds, then random bits with version and variant set."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp & ((1 << 48) - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
