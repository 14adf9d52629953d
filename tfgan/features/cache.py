"""On-disk cache of trained classifiers and of features."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np


def folder():
    """Path of the cache: `TFGAN_CACHE`, or else `tfgan` in `XDG_CACHE_HOME` or `~/.cache`.

    The folder is made if missing.
    """
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    path = Path(os.environ.get("TFGAN_CACHE") or Path(base, "tfgan")).expanduser()
    path.mkdir(parents=True, exist_ok=True)
    return path


def digest(*parts):
    """A key of the cache: the first 16 hex digits of the SHA-256 of str, bytes and arrays."""
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
    """Context manager that fills the folder `path` atomically.

    Yields a temporary folder, which is renamed to `path` at the end, unless another
    process has made `path` in the meantime.

    Raises:
        OSError: `path` cannot be made.
    """
    beside = Path(tempfile.mkdtemp(prefix="unfinished_", dir=path.parent))
    try:
        yield beside
        with contextlib.suppress(OSError):
            beside.rename(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    if not path.is_dir():
        raise OSError(f"{path}: expected a folder that can be written; it could not be")
