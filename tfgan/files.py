"""Files that are there whole or not at all."""

import os
from pathlib import Path


def write_atomically(path, content):
    """Writes bytes beside `path`, then moves them there."""
    beside = Path(f"{path}.part")
    with open(beside, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
