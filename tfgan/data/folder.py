"""A folder of the user's own images, alone or in pairs."""

import warnings
from functools import partial
from pathlib import Path

import numpy as np

from tfgan import errors
from tfgan.data import conditions, formats, splits
from tfgan.data.columns import Columns
from tfgan.data.listing import TRAIN, classes_of, list_examples
from tfgan.data.reading import read_images
from tfgan.data.records import Records
from tfgan.data.scan import listed, scan
from tfgan.data.tags import NAME, Tags

PREFIX = "folder:"


def open_folder(request):
    """The images in a folder and its subfolders, sorted by path.

    * Formats: all that Pillow reads as pixels, such as png, jpg, gif, webp, bmp and tif; of
      several frames or pages the first. The extension tells, or the header of a file whose
      extension Pillow does not know. All other files are left out, and so are drawings,
      films, documents, measurements and raw photographs (eps, wmf, mpg, pdf, h5, fits, dng
      ...); one warning counts them. Hidden files, whose names begin with a dot, are ignored.
    * Size: with an image size the shorter side is scaled and the centre is
      kept, EXIF orientation applied; nothing is enlarged. Without one, all
      images must have one size.
    * Channels: 1 if every image is grey, 4 if every image has an alpha channel, otherwise 3
      (alpha is then dropped). Grey of 16 bits becomes 8 bits; files of floats or of 32 bits
      are bad images, because they do not tell the range of their values.
    * Splits: a subfolder with the split's name holds the split. If no subfolder has a name
      that splits usually have (train, test, val, ...), `train` is everything. If one has,
      and other images lie beside it, `train` is refused, because it may be a class.
    * Pairs: `inputs/` beside `targets/`, in the folder or in that of a split, are
      the parts `inputs` and `targets` of one example where their files have one
      name; the two may differ in size and channels.
    * Conditions: the immediate subfolders (of the split, if it is one) are the classes of
      the column `label`; `train` defines the classes of every split. `tags.csv` in the
      folder itself adds columns by name; its own column `label` replaces the subfolders.
      Pairs go by the paths of their inputs.

    Args:
        request: `Request` whose name is `folder:PATH`.

    Returns:
        `Records`.

    Raises:
        ValueError: an ambiguous layout, a bad image, or a condition that is not there.
        FileNotFoundError: no such folder, or no image in it.
    """
    path = request.name.removeprefix(PREFIX)
    root = Path(path).expanduser()
    if not path or not root.is_dir():
        raise errors.missing("name", f"{PREFIX}PATH, PATH being an existing folder", request.name)
    found = scan(root)
    whose = f"{PREFIX}{root}"
    examples = list_examples(whose, found, splits.names(request.split))
    left_out = _left_out(found, examples)
    if not found.images:
        expected = f"a folder with images ({formats.listed()})"
        raise errors.missing("name", expected, f"{whose}{left_out and f', with {left_out}'}")
    if left_out:
        warnings.warn(f"{whose}: left out: {left_out}", stacklevel=4)
    chosen = splits.take(request.split, examples.splits, request.shuffled)
    columns = Columns(partial(_columns, root, chosen, examples.splits.get(TRAIN, chosen)))
    if request.condition is True and (root / NAME).is_file() and "label" not in Tags(root).columns:
        expected = f"a sequence of columns ({', '.join(columns)})"
        raise errors.invalid("condition", expected, True)
    condition, names, kinds = conditions.select(request, columns, whose)
    files = {part: [member.files[i] for member in chosen] for i, part in enumerate(examples.parts)}
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


def _left_out(found, examples):
    """What a folder holds beside the examples, as words with counts and names; "" for nothing."""
    kinds = {
        **{f"files that are {reason}": files for reason, files in found.left_out.items()},
        "images beside inputs/ and targets/": examples.outside,
        "subfolders without images": found.empty(examples.splits),
    }
    return "; ".join(f"{kind}: {len(names)} ({listed(names)})" for kind, names in kinds.items() if names)


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
    """(class numbers, names) of the examples' subfolders; `train` has the classes of every split."""
    names = classes_of(train)
    numbers = {name: number for number, name in enumerate(names)}
    for member in chosen:
        if member.label not in numbers:
            expected = f"every image in the subfolder of one of train's classes ({listed(names)})"
            raise errors.invalid("condition", expected, member.files[0])
    return [numbers[member.label] for member in chosen], names
