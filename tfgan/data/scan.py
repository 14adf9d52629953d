"""Scan of a folder: its image files, and the files that are left out."""

import os
from typing import NamedTuple

from tfgan import errors
from tfgan.data import formats
from tfgan.data.tags import NAME

_EXAMPLES = 3


class Scan(NamedTuple):
    """What a folder and its subfolders hold; paths are relative, with forward slashes.

    Attributes:
        images: sorted list of image files.
        left_out: dict of the reason, such as "no images", to a sorted list of files.
        folders: set of subfolders at any depth.
    """

    images: list
    left_out: dict
    folders: set

    def inside(self):
        """The sorted names of the immediate subfolders."""
        return sorted(folder for folder in self.folders if "/" not in folder)

    def empty(self, splits):
        """The sorted subfolders, those of `splits` too, that hold no image at any depth."""
        holding = {file.rpartition("/")[0] for file in self.images}
        holding |= {"/".join(x.split("/")[:depth]) for x in holding for depth in (1, 2)}
        tops = [x for x in self.folders if "/" not in x or x.partition("/")[0] in splits]
        return sorted(x for x in tops if x.count("/") < 2 and x not in holding)


def scan(root):
    """Finds a folder's files, but for hidden ones and the folder's tags.csv.

    Args:
        root: path of the folder; links are followed, but each folder is listed once.

    Returns:
        `Scan`.

    Raises:
        InputError: a folder that cannot be read.
    """
    images, left_out, folders = [], {}, set()
    for place, files in _walk(str(root)):
        if place:
            folders.add(place.removesuffix("/"))
        for name in files:
            file = f"{place}{name}"
            if file == NAME:
                continue
            reason = formats.reason_to_leave_out(os.path.join(root, file))
            (images if reason is None else left_out.setdefault(reason, [])).append(file)
    return Scan(sorted(images), {x: sorted(left_out[x]) for x in sorted(left_out)}, folders)


def listed(files, most=_EXAMPLES):
    """The first of some names as words: "a.txt, b.txt and 7 more"."""
    more = f" and {len(files) - most} more" if len(files) > most else ""
    return ", ".join(files[:most]) + more


def _walk(root):
    """Yields (place, file names) of every folder; place is "" or a relative path with a slash."""
    seen = set()
    for folder, subfolders, files in os.walk(root, followlinks=True, onerror=_unreadable):
        real = os.path.realpath(folder)
        if real in seen:
            subfolders.clear()
            files = []
        seen.add(real)
        subfolders[:] = sorted(name for name in subfolders if name[0] != ".")
        place = "" if folder == root else os.path.relpath(folder, root).replace(os.sep, "/") + "/"
        yield place, [name for name in files if name[0] != "."]


def _unreadable(error):
    raise errors.invalid("name", "a folder that can be read", str(error)) from error
