"""Start of TensorFlow without the lines about CUDA and oneDNN that it prints.

They come from C++ code at import and at the first use of devices; no setting of TensorFlow
silences them. `TF_CPP_MIN_LOG_LEVEL=0` in the environment shows them.
"""

import contextlib
import functools
import os
import subprocess
import sys
from pathlib import Path

from tfgan.experiment import watcher

LEVEL = "TF_CPP_MIN_LOG_LEVEL"
# There where the driver of an NVIDIA card is loaded.
DRIVER = Path("/proc/driver/nvidia/version")


@functools.cache
def start_tensorflow():
    """Imports TensorFlow and looks for devices, quietly.

    What is written to standard error meanwhile is held back by another process. It drops the
    lines of TensorFlow's log and passes on the rest; it passes on everything if the import
    fails or crashes, or if no GPU is found on a machine that has one.
    """
    # Below 2 TensorFlow also reports each optimisation that it does not make.
    asked = os.environ.setdefault(LEVEL, "2") in ("0", "1")
    with contextlib.nullcontext() if asked else _held_back() as drop:
        import tensorflow as tf

        tf.config.list_logical_devices()
        missed = DRIVER.exists() and not tf.config.list_physical_devices("GPU")
        if drop and not missed:
            drop()


@contextlib.contextmanager
def _held_back():
    """A scope whose standard error is held back; yields a function that drops the log in it."""
    try:
        shown = os.dup(2)
    except OSError:  # there is no standard error
        yield None
        return
    # Python without the user's packages, which would take time.
    command = [sys.executable, "-I", "-S", watcher.__file__]
    # A session of its own, so that Ctrl-C ends only the process that is watched.
    process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    os.dup2(process.stdin.fileno(), 2)
    try:
        yield lambda: os.write(2, watcher.WENT_WELL)
    finally:
        sys.stderr.flush()
        os.dup2(shown, 2)
        os.close(shown)
        process.stdin.close()
        process.wait()
