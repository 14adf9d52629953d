"""A folder of the user's own images."""

import os
from functools import partial
from pathlib import Path

from tfgan import errors
from tfgan.data import conditions, splits
from tfgan.data.decode import SUFFIXES
from tfgan.data.reading import read_images
from tfgan.data.records import Records
from tfgan.data.tags import NAME, Tags

PREFIX = "folder:"
_TRAIN = "train"


def open_folder(request):
    """The images in a folder and its subfolders, sorted by path.

    Formats: png, jpg, jpeg, bmp, gif (first frame) and webp. Names that begin
    with a dot are left out.

    * Size: with an image size the shorter side is scaled and the centre is
      kept, EXIF orientation applied; nothing is enlarged. Without one, all
      images must have one size.
    * Channels: 1 when every image is grey, 4 when every image has an alpha
      channel, otherwise 3 (alpha is then dropped). 16-bit grey becomes 8-bit.
    * Splits: a subfolder with the split's name holds the split; otherwise
      `train` is everything, and there is no other.
    * Conditions: the names of the immediate subfolders (of the split, where it
      is one) are the label; `tags.csv` adds columns by name.
    """
    root = Path(request.name.removeprefix(PREFIX)).expanduser()
    if not root.is_dir():
        raise errors.missing("name", f"{PREFIX}PATH, PATH being an existing folder", request.name)
    groups = _groups(root)
    if not any(groups.values()):
        expected = f"a folder with images ({', '.join(SUFFIXES)})"
        raise errors.missing("name", expected, request.name)
    chosen = splits.take(request.split, groups)
    columns = _columns(root, request.condition, chosen, groups[_TRAIN])
    files = [file for file, _ in chosen]
    images, kept = read_images(
        root, files, request.image_size, request.skip_bad_images, request.memory_limit
    )
    codes, names = conditions.select(request.condition, columns, root)
    codes = None if codes is None else codes[kept]
    return Records(images, codes, names, skipped=len(files) - len(kept))


def _groups(root):
    """Dict from each possible split to its [(file, label or None), ...]."""
    files = _list_images(root)
    groups = {_TRAIN: [(file, _part(file, 0)) for file in files]}
    for folder in sorted(root.iterdir()):
        if folder.is_dir() and folder.name[0] != ".":
            inside = [file for file in files if file.startswith(f"{folder.name}/")]
            groups[folder.name] = [(file, _part(file, 1)) for file in inside]
    return groups


def _part(file, depth):
    """The folder at `depth` on the way to `file`, or None."""
    folders = file.split("/")[:-1]
    return folders[depth] if depth < len(folders) else None


def _list_images(root):
    """Relative paths with forward slashes, sorted; follows links, once each."""
    found, seen = [], set()
    for folder, subfolders, files in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            subfolders.clear()
            continue
        seen.add(real)
        subfolders[:] = sorted(name for name in subfolders if name[0] != ".")
        for name in files:
            if name[0] != "." and Path(name).suffix.lower() in SUFFIXES:
                found.append(Path(folder, name).relative_to(root).as_posix())
    return sorted(found)


def _columns(root, condition, chosen, train):
    """Dict from the names that were asked for to (class numbers, class names)."""
    if condition is None:
        return {}
    columns = {}
    if (root / NAME).is_file():
        tags = Tags(root)
        if condition is True:
            expected = f"a sequence of columns of {NAME} ({', '.join(tags.columns)})"
            raise errors.invalid("condition", expected, True)
        files = [file for file, _ in chosen]
        columns = {name: partial(tags.column, name, files) for name in tags.columns}
    if any(label for _, label in chosen):
        columns.setdefault("label", partial(_label, chosen, train))
    wanted = conditions.requested(condition)
    return {name: conditions.lookup(name, columns, root)() for name in wanted}


def _label(chosen, train):
    """The subfolders' names; `train` defines the classes of every split."""
    names = sorted({label for _, label in train if label})
    for file, label in chosen:
        if label not in names:
            raise errors.invalid("condition", f"every image in a subfolder of {names}", file)
    return [names.index(label) for _, label in chosen], names
