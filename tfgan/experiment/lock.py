"""A lock on a run folder, so that only one process trains in it.

`flock` of the operating system on the file `lock` in the folder. The kernel frees it when
the process ends, however it ends, so a killed run leaves nothing that has to be removed. It
holds between machines that share the folder over NFS (Linux 2.6.12 or later, mounted
without `nolock`); the server frees the lock of a machine that has died. Where the system
has no `flock` (Windows), or the file system does not offer it, nothing is locked.

Scripts that only read a run (evaluate, generate, export, `--dry_run`) take no lock.
"""

import contextlib
import datetime
import errno
import json
import os
import socket
from pathlib import Path

from tfgan import errors

try:
    import fcntl
except ImportError:
    fcntl = None

NAME = "lock"
# What `flock` answers on file systems that have no locks.
_UNSUPPORTED = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP)


@contextlib.contextmanager
def held(folder):
    """A scope in which no other process can train in a folder.

    Args:
        folder: of a run; made if missing, and removed again if nothing came to lie in it.

    Raises:
        ValueError: another process has the lock, or the folder cannot be written to.
    """
    folder = Path(folder)
    made = _make(folder)
    try:
        descriptor = _acquire(folder)
        try:
            yield
        finally:
            # While it is held: a process that has just opened the file finds that it is gone.
            with contextlib.suppress(OSError):
                (folder / NAME).unlink()
            os.close(descriptor)
    finally:
        _remove_empty(made)


def _acquire(folder):
    """The descriptor of the locked file, which says who holds it."""
    path = folder / NAME
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise _unwritable(folder, error) from None
        if not _lock(descriptor):
            owner = _owner(path)
            os.close(descriptor)
            expected = "a folder that no other process trains in"
            raise errors.invalid("run_dir", expected, f"{folder}, in which {owner}")
        if _is_at(descriptor, path):
            break
        # Its last owner removed the file between our opening and locking it.
        os.close(descriptor)
    os.truncate(descriptor, 0)
    os.write(descriptor, json.dumps(_self()).encode())
    return descriptor


def _lock(descriptor):
    """Whether the lock was free."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
    return True


def _is_at(descriptor, path):
    """Whether an open file is the one that lies at a path."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _self():
    since = datetime.datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    return {"process": os.getpid(), "host": socket.gethostname(), "since": since}


def _owner(path):
    """Who trains, as text."""
    try:
        owner = json.loads(path.read_text())
        return f"process {owner['process']} on host {owner['host']} has trained since {owner['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process trains"


def _make(folder):
    """Makes a folder; the list of those that were missing, the innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_empty(missing)
        raise _unwritable(folder, error) from None
    return missing


def _remove_empty(folders):
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _unwritable(folder, error):
    return errors.invalid("run_dir", "a folder that can be written to", f"{folder}: {error.strerror}")
