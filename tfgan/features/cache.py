"""What takes minutes to make is kept in a folder of the user's."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np


def folder():
    """The folder `TFGAN_CACHE`, by default `~/.cache/tfgan`; made if missing."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    path = Path(os.environ.get("TFGAN_CACHE") or Path(base, "tfgan")).expanduser()
    path.mkdir(parents=True, exist_ok=True)
    return path


def digest(*parts):
    """The first 16 hexadecimal digits of the SHA-256 of str, bytes and arrays."""
    sha = hashlib.sha256()
    for part in parts:
        content = np.ascontiguousarray(part) if isinstance(part, np.ndarray) else part
        content = content.encode() if isinstance(content, str) else content
        # The length keeps ("ab", "c") and ("a", "bc") apart.
        sha.update(memoryview(content).nbytes.to_bytes(8, "big"))
        sha.update(content)
    return sha.hexdigest()[:16]


@contextlib.contextmanager
def keeping(path):
    """Gives a folder to fill, which becomes `path` unless another process was faster."""
    beside = Path(tempfile.mkdtemp(prefix="unfinished_", dir=path.parent))
    try:
        yield beside
        with contextlib.suppress(OSError):
            beside.rename(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    if not path.is_dir():
        raise OSError(f"{path}: expected a folder that can be written; it could not be")
