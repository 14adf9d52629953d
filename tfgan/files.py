"""Files and folders that are there whole or not at all."""

import contextlib
import os
import shutil
from pathlib import Path


@contextlib.contextmanager
def replacing(path):
    """Gives a path beside `path` to write to, which takes its place if nothing fails."""
    path = Path(path)
    beside = path.with_name(f"unfinished_{path.name}")
    _remove(beside)
    yield beside
    for written in [*beside.rglob("*"), beside]:
        sync(written)
    if path.is_dir():
        shutil.rmtree(path)
    os.replace(beside, path)
    sync(path.parent)


def write_atomically(path, content):
    """Writes bytes to a file."""
    with replacing(path) as beside:
        beside.write_bytes(content)


def sync(path):
    """Has the file system write down a file or folder now."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
