"""Data sets: endless full batches of images and their labels, which resume at any step.

`load` returns a `tf.data.Dataset` of dicts of named parts, such as `images` and
`condition`; `open_source` returns the `Source` behind it, whose `spec` describes the parts
of an example. `Records` is a source of NumPy arrays.

Images are float32 in [-1, 1], `[batch, height, width, channels]`; points are
float32 `[batch, dims]` of any range. Sources by name:

* `digits`: 1,797 handwritten digits, which need no download;
* `ring`, `grid`, `gaussian_1d`, `bimodal_1d`: mixtures of Gaussians, sampled without end;
* `stacked_mnist`: three of MNIST's digits as one image, in endless combinations;
* `folder:PATH`: a folder of the user's own images or pairs of them, in any format that
  Pillow reads (see `open_folder`);
* the name of any image data set of TFDS, such as `mnist` or `cifar10:3.0.2`;
* one of these with a query, `mnist?label=7&per_class=10` (see `names.py`), or several,
  `a=folder:day,b=folder:dusk`, which are zipped.

Batch i is a function of (seed, i), so `start_step` alone resumes a run where it stopped,
and several processes agree without communication.
"""

from tfgan.data import names as _names
from tfgan.data.augment import AUGMENTATIONS
from tfgan.data.catalogue import check_name as _check_name
from tfgan.data.catalogue import open_tfds
from tfgan.data.conditions import CONDITIONS
from tfgan.data.digits import open_digits
from tfgan.data.finite import Finite
from tfgan.data.folder import PREFIX as _PREFIX
from tfgan.data.folder import open_folder
from tfgan.data.maps import MAPS
from tfgan.data.order import check as _check
from tfgan.data.pixels import from_uint8, to_uint8
from tfgan.data.points import (
    Points,
    grid_centres,
    open_bimodal_1d,
    open_gaussian_1d,
    open_grid,
    open_ring,
    ring_centres,
)
from tfgan.data.records import Records
from tfgan.data.request import Request as _Request
from tfgan.data.source import KINDS, Part, Source
from tfgan.data.stacked import Stacked, open_stacked_mnist
from tfgan.data.storage import MEMORY_LIMIT
from tfgan.data.zipped import zipped

__all__ = [
    "AUGMENTATIONS",
    "CONDITIONS",
    "DATASETS",
    "KINDS",
    "MAPS",
    "MEMORY_LIMIT",
    "Finite",
    "Part",
    "Points",
    "Records",
    "Source",
    "Stacked",
    "from_uint8",
    "grid_centres",
    "load",
    "open_folder",
    "open_source",
    "open_tfds",
    "ring_centres",
    "to_uint8",
    "zipped",
]


def load(
    name,
    split="train",
    batch_size=64,
    image_size=None,
    seed=0,
    data_dir=None,
    start_step=0,
    condition=False,
    condition_kind="classes",
    download=False,
    skip_bad_images=False,
    memory_limit=MEMORY_LIMIT,
):
    """Endless full batches of a data set.

    Args:
        name: str, a key of `DATASETS`, `folder:PATH` or a TFDS name, with a query after a
            question mark (`mnist?per_class=10`); or several, by part (`a=mnist,b=digits`,
            a list of such, or a dict), which are zipped.
        split: str in TFDS's syntax, such as `train[:50000]` or `train+test`.
        batch_size: int >= 1; may exceed the number of examples.
        image_size: int or (height, width) in pixels >= 1, to which larger images
            are scaled and cut (centre); None keeps their own size.
        seed: int, selects the order of examples or the points.
        data_dir: str, the folder in which TFDS keeps its data; None for its default.
        start_step: int >= 0, the number of the first batch; a high one costs no time.
        condition: False for images alone; True for the label, or names of labels, as the
            part `condition`.
        condition_kind: a key of `CONDITIONS`: "classes", int32 [batch] (one name) or
            [batch, k] (k names); "tags", float32 [batch, tags] of 0 and 1; "text", int32
            [batch, length], the words of one label.
        download: bool, let TFDS download data that are absent.
        skip_bad_images: bool, for folders: leave out damaged and too small images.
        memory_limit: GiB > 0 of decoded images that are held in memory; more than
            that are decoded into a temporary file (`TMPDIR` says where).

    Returns:
        A `tf.data.Dataset` of dicts: `images`, float32 in [-1, 1], or points of any range,
        and `condition`; of pairs, `inputs` and `targets`.

    Raises:
        ValueError: an argument that is wrong, or a bad image.
        FileNotFoundError: data that are absent.
    """
    _check(batch_size, seed, start_step)
    source = open_source(
        name,
        split,
        image_size,
        data_dir,
        condition,
        condition_kind,
        download,
        skip_bad_images,
        memory_limit,
    )
    return source.batches(batch_size, seed=seed, start_step=start_step)


def open_source(
    name,
    split="train",
    image_size=None,
    data_dir=None,
    condition=False,
    condition_kind="classes",
    download=False,
    skip_bad_images=False,
    memory_limit=MEMORY_LIMIT,
    limited=True,
):
    """The `Source` behind `load`, which has the same arguments.

    Args:
        limited: bool, whether `per_class` in a query holds: it limits what is trained on.

    Returns:
        `Source`, which is a `Finite` one unless it is of points or of several names.

    Raises:
        ValueError: an argument that is wrong, or a bad image.
        FileNotFoundError: data that are absent.
    """
    arguments = {
        "split": split,
        "image_size": image_size,
        "data_dir": data_dir,
        "condition": condition,
        "condition_kind": condition_kind,
        "download": download,
        "skip_bad_images": skip_bad_images,
        "memory_limit": memory_limit,
    }
    named = _names.several(name)
    if isinstance(named, dict):
        return zipped(**{part: _open(text, arguments, limited) for part, text in named.items()})
    return _open(named, arguments, limited)


def _open(text, arguments, limited):
    name, query = _names.parse(text)
    request = _Request(name, **{**arguments, **query.arguments})
    return query.apply(_opener(request)(request), limited)


def _opener(request):
    if request.name.startswith(_PREFIX):
        return open_folder
    if request.name not in DATASETS:
        _check_name(request, DATASETS)
    return DATASETS.get(request.name, open_tfds)


# Names outside the table are found by rule: `folder:PATH`, then TFDS's.
DATASETS = {
    "digits": open_digits,
    "ring": open_ring,
    "grid": open_grid,
    "gaussian_1d": open_gaussian_1d,
    "bimodal_1d": open_bimodal_1d,
    "stacked_mnist": open_stacked_mnist,
}
