"""Storage of decoded images: in memory up to a limit, beyond it in a temporary file."""

import math
import shutil
import tempfile

import numpy as np

from tfgan import errors

GIB = 2**30
# GiB of decoded images that are held in memory.
MEMORY_LIMIT = 4.0


def allocate(shape, memory_limit):
    """An empty array of bytes: in memory up to a limit, beyond it in a temporary file.

    Args:
        shape: of the array.
        memory_limit: GiB; larger arrays are mapped from a temporary file, which
            the system removes when the process ends. `TMPDIR` says in which folder.

    Returns:
        uint8 array, or `np.memmap`.

    Raises:
        ValueError: neither memory nor the folder for temporary files has room.
    """
    size = math.prod(shape)
    if size <= memory_limit * GIB:
        return np.empty(shape, np.uint8)
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if size > free:
        raise errors.invalid(
            "memory_limit",
            f"{size / GIB:.3g} GiB for these images, or as much free space in {folder} "
            f"(TMPDIR moves it; {free / GIB:.3g} GiB are free)",
            memory_limit,
        )
    with tempfile.TemporaryFile(prefix="tfgan_") as file:
        return np.memmap(file, np.uint8, "w+", shape=tuple(shape))
