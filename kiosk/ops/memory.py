"""Keeps this process's memory to itself: no core dump, and no other process of the account may read it."""

import ctypes
import resource

_SET_DUMPABLE = 4  # PR_SET_DUMPABLE, linux/prctl.h


def keep_to_itself() -> None:
    """A crash would leave a citizen's name in a file. To be called at every start: a new program image forgets it.

    The limit alone is not enough: a kernel that pipes dumps to a program (systemd-coredump) does not look at it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None, use_errno=True).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
