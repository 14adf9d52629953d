"""Files and folders that are there whole or not at all."""

import contextlib
import os
import shutil
from pathlib import Path

from tfgan import errors


@contextlib.contextmanager
def replacing(path):
    """Gives a path beside `path` to write to, which takes its place if nothing fails.

    A file takes the place of a file, and a folder that of a folder with all that it holds.
    """
    path = Path(path)
    beside = path.with_name(f"unfinished_{path.name}")
    remove(beside)
    yield beside
    for written in [*beside.rglob("*"), beside]:
        sync(written)
    # Not for a file: whoever names a folder by mistake would lose what it holds.
    if path.is_dir() and beside.is_dir():
        shutil.rmtree(path)
    os.replace(beside, path)
    sync(path.parent)


def write_atomically(path, content):
    """Writes bytes to a file.

    Raises:
        ValueError: there is a folder of that name.
    """
    if Path(path).is_dir():
        raise errors.invalid("path", "a file", f"the folder {path}")
    with replacing(path) as beside:
        beside.write_bytes(content)


def check_place(argument, path, kind):
    """Raises InputError where a file or folder cannot be written.

    Args:
        argument: what the user named it with, for the error.
        path: where it is to be.
        kind: "file" or "folder".
    """
    path = Path(path).expanduser()
    if path.is_dir() if kind == "file" else path.exists() and not path.is_dir():
        raise errors.invalid(argument, f"a {kind}", f"the {'folder' if path.is_dir() else 'file'} {path}")
    nearest = next(each for each in (path, *path.absolute().parents) if each.exists())
    if not os.access(nearest, os.W_OK) or nearest != path and not nearest.is_dir():
        raise errors.invalid(argument, f"a {kind} that can be written", str(path))


def sync(path):
    """Has the file system write down a file or folder now."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path):
    """Removes a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
