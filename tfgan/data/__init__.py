"""Data: any source as endless full batches, in an order that can be resumed.

`load` returns a `tf.data.Dataset`; `open_source` returns the source behind it,
which knows the shape of an example, the classes and, for images, every record.

Images are float32 in [-1, 1], `[batch, height, width, channels]`; points are
float32 `[batch, dims]` in their own units. Sources by name:

* `digits`: 1,797 handwritten digits, which need no download;
* `ring`, `grid`, `gaussian_1d`: mixtures of Gaussians, sampled without end;
* `stacked_mnist`: three of MNIST's digits as one image, in endless combinations;
* `folder:PATH`: a folder of the user's own images (see `open_folder`);
* the name of any image data set of TFDS, such as `mnist` or `cifar10:3.0.2`.

Batch i is a function of (seed, i), so a run goes on where it stopped by
`start_step` alone, and several processes agree without talking.
"""

from tfgan import checks
from tfgan.data import request as _request
from tfgan.data.catalogue import open_tfds
from tfgan.data.digits import open_digits
from tfgan.data.folder import PREFIX as _PREFIX
from tfgan.data.folder import open_folder
from tfgan.data.order import check as _check
from tfgan.data.pixels import from_uint8, to_uint8
from tfgan.data.points import (
    Points,
    grid_centres,
    open_gaussian_1d,
    open_grid,
    open_ring,
    ring_centres,
)
from tfgan.data.records import Records
from tfgan.data.stacked import Stacked, open_stacked_mnist

__all__ = [
    "DATASETS",
    "Points",
    "Records",
    "Stacked",
    "from_uint8",
    "grid_centres",
    "load",
    "open_folder",
    "open_source",
    "open_tfds",
    "ring_centres",
    "to_uint8",
]


# GiB of decoded images that are held in memory.
MEMORY_LIMIT = 4.0


def load(
    name,
    split="train",
    batch_size=64,
    image_size=None,
    seed=0,
    data_dir=None,
    start_step=0,
    condition=False,
    download=False,
    skip_bad_images=False,
    memory_limit=MEMORY_LIMIT,
):
    """Endless full batches of a data set.

    Args:
        name: str, a key of `DATASETS`, `folder:PATH` or a TFDS name.
        split: str in TFDS's syntax, such as `train[:50000]` or `train+test`.
        batch_size: int >= 1; may exceed the number of records.
        image_size: int or (height, width) in pixels >= 1, to which larger images
            are scaled and cut (centre); None keeps their own size.
        seed: int, selects the order of records or the points.
        data_dir: str, the folder TFDS keeps its data in; None for its default.
        start_step: int >= 0, the number of the first batch; costs nothing.
        condition: False for images alone; True for (images, label); or names of
            labels, for int32 [batch] (one name) or [batch, k] (k names).
        download: bool, let TFDS download data that are absent.
        skip_bad_images: bool, for folders: leave out damaged and too small images.
        memory_limit: GiB > 0 of decoded images that are held in memory; more than
            that are decoded into a temporary file (`TMPDIR` says where).

    Returns:
        A `tf.data.Dataset` of float32 images in [-1, 1], of (images, condition),
        or of points in their own units.

    Raises:
        ValueError: an argument that is wrong, or a bad image.
        FileNotFoundError: data that are absent.
    """
    _check(batch_size, seed, start_step)
    source = open_source(
        name, split, image_size, data_dir, condition, download, skip_bad_images, memory_limit
    )
    return source.batches(batch_size, seed=seed, start_step=start_step)


def open_source(
    name,
    split="train",
    image_size=None,
    data_dir=None,
    condition=False,
    download=False,
    skip_bad_images=False,
    memory_limit=MEMORY_LIMIT,
):
    """The source behind `load`, which has the same arguments.

    Returns:
        `Records`, decoded, `Stacked` or `Points`.

    Raises:
        ValueError: an argument that is wrong, or a bad image.
        FileNotFoundError: data that are absent.
    """
    request = _request.Request(
        name=str(name),
        split=str(split),
        image_size=_request.image_size(image_size),
        data_dir=None if data_dir is None else str(data_dir),
        condition=_request.condition(condition),
        download=download,
        skip_bad_images=skip_bad_images,
        memory_limit=checks.positive_or_none("memory_limit", memory_limit) or MEMORY_LIMIT,
    )
    return _opener(request.name)(request)


def _opener(name):
    if name.startswith(_PREFIX):
        return open_folder
    return DATASETS.get(name, open_tfds)


# Names outside the table are found by rule: `folder:PATH`, then TFDS's.
DATASETS = {
    "digits": open_digits,
    "ring": open_ring,
    "grid": open_grid,
    "gaussian_1d": open_gaussian_1d,
    "stacked_mnist": open_stacked_mnist,
}
