"""A parent that has imported the hub and forks one each time it is told to: a start costs a moment.

Speaks lines: `start` on standard input gives the process id and the URL of a new hub on standard output.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from branch.options import BranchOptions
from branch.server import BranchServer
from tests.branch.conftest import small_catalogue


def main(folder: Path) -> None:
    catalogue = small_catalogue()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            server = BranchServer(
                f"sqlite:///{folder / 'branch.db'}", catalogue, BranchOptions(), lambda: datetime.now(UTC)
            )
            server.serve("127.0.0.1:0", lambda url: print(os.getpid(), url, flush=True))
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
