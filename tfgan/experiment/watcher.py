"""A filter of standard error, which leaves out what TensorFlow logs while it starts.

Runs as a process of its own, beside one that starts TensorFlow (see `quiet.py`), with that
one's standard error as its input. Where that process says that all went well, lines of
TensorFlow's C++ log are left out. Where it says nothing, since it has crashed or raised, all
that it wrote is passed on.
"""

import re
import sys

WENT_WELL = b"\0tensorflow has started\n"
# Such as "I0000 00:00:1795793811.402914   19392 port.cc:153] oneDNN custom operations are on."
LOG = re.compile(rb"[IWE]\d{4} [\d:.]+ +\d+ [\w./-]+:\d+\] |WARNING: All log messages before absl")


def watch(lines):
    """Lines of bytes, without TensorFlow's log if the last one ends with `WENT_WELL`."""
    kept = []
    for line in lines:
        kept.append(line.removesuffix(WENT_WELL))
        if line.endswith(WENT_WELL):
            return [line for line in kept if not LOG.match(line)]
    return kept


if __name__ == "__main__":
    sys.stderr.buffer.write(b"".join(watch(sys.stdin.buffer)))
