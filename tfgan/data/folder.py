"""A folder of the user's own images, alone or in pairs."""

from functools import partial
from pathlib import Path

import numpy as np

from tfgan import errors
from tfgan.data import conditions, splits
from tfgan.data.columns import Columns
from tfgan.data.decode import SUFFIXES
from tfgan.data.listing import TRAIN, list_examples
from tfgan.data.reading import read_images
from tfgan.data.records import Records
from tfgan.data.tags import NAME, Tags

PREFIX = "folder:"


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
    * Pairs: `inputs/` beside `targets/`, in the folder or in that of a split, are
      the parts `inputs` and `targets` of one example where their files have one
      name; the two may differ in size and channels.
    * Conditions: the names of the immediate subfolders (of the split, where it
      is one) are the label; `tags.csv` adds columns by name. Pairs go by the
      paths of their inputs.
    """
    root = Path(request.name.removeprefix(PREFIX)).expanduser()
    if not root.is_dir():
        raise errors.missing("name", f"{PREFIX}PATH, PATH being an existing folder", request.name)
    parts, groups = list_examples(root)
    if not any(groups.values()):
        expected = f"a folder with images ({', '.join(SUFFIXES)})"
        raise errors.missing("name", expected, request.name)
    chosen = splits.take(request.split, groups, request.shuffled)
    columns = Columns(partial(_columns, root, chosen, groups.get(TRAIN, chosen)))
    if request.condition is True and (root / NAME).is_file():
        expected = f"a sequence of columns of {NAME} ({', '.join(Tags(root).columns)})"
        raise errors.invalid("condition", expected, True)
    condition, names, kinds = conditions.select(request, columns, root)
    files = {part: [member.files[i] for member in chosen] for i, part in enumerate(parts)}
    images, kept = read_images(
        root, files, request.image_size, request.skip_bad_images, request.memory_limit
    )
    return Records(
        {**images, **{name: array[kept] for name, array in condition.items()}},
        names,
        kinds,
        columns.select(np.asarray(kept)),
        files=[chosen[place].files[0] for place in kept],
        skipped=len(chosen) - len(kept),
    )


def _columns(root, chosen, train):
    """Dict of name to the function that reads its column."""
    columns = {}
    if (root / NAME).is_file():
        tags, files = Tags(root), [member.files[0] for member in chosen]
        columns = {name: partial(tags.column, name, files) for name in tags.columns}
    if any(member.label for member in chosen):
        columns.setdefault("label", partial(_labels, chosen, train))
    return columns


def _labels(chosen, train):
    """The subfolders' names; `train` defines the classes of every split."""
    names = sorted({member.label for member in train if member.label})
    for member in chosen:
        if member.label not in names:
            expected = f"every image in a subfolder of {names}"
            raise errors.invalid("condition", expected, member.files[0])
    return [names.index(member.label) for member in chosen], names
