"""How much memory this process has had."""

import sys
from pathlib import Path


def peak_memory():
    """Most bytes that this process has had in memory."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage counts what the parent had, too
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale
