"""Image data sets of TensorFlow Datasets (TFDS), by their names there."""

import os
import re

import numpy as np

from tfgan import errors
from tfgan.data import conditions, splits
from tfgan.data.columns import Columns
from tfgan.data.order import permutation
from tfgan.data.records import Records
from tfgan.data.resizing import check_size, resize_array, times
from tfgan.data.storage import allocate

_CHUNK = 1000


def open_tfds(request):
    """Any TFDS data set with 8-bit images, read into memory in TFDS's order.

    Args:
        request: `Request` whose name is a TFDS name, such as `mnist`,
            `cifar10:3.0.2` or `name/config`.

    Returns:
        `Records`. Images of another size than the one asked for are scaled
        (shorter side) and cut (centre), never enlarged.

    Raises:
        ValueError: an unknown name, or a data set without 8-bit images.
        FileNotFoundError: the data are absent and `download` is False.
    """
    import tensorflow_datasets as tfds

    builder = _prepared(tfds, request)
    image, labels = _features(tfds, builder.info.features, request)
    split, rows = request.split, None
    if request.shuffled is not None:
        split, rows = _shuffled(builder.info.splits, request)
    split, count = _instruction(tfds, builder.info.splits, split)
    dataset = builder.as_dataset(
        split=split,
        shuffle_files=False,
        read_config=tfds.ReadConfig(interleave_cycle_length=1, try_autocache=False),
    ).map(lambda example: {name: example[name] for name in (image, *labels)})
    shape = builder.info.features[image].shape
    images, codes = _read(dataset, count, image, shape, list(labels), request)
    columns = Columns({name: (codes[name], feature.names) for name, feature in labels.items()})
    condition, names, kinds = conditions.select(request, columns, request.name)
    records = Records({"images": images, **condition}, names, kinds, columns)
    return records if rows is None else records[rows]


def _shuffled(infos, request):
    """The splits to read whole, and their rows that make up `request.split` after shuffling."""
    slices = splits.resolve(request.split, {name: x.num_examples for name, x in infos.items()})
    first, orders = 0, {}
    for name in dict.fromkeys(name for name, _, _ in slices):
        orders[name] = first + permutation(infos[name].num_examples, request.shuffled)
        first += infos[name].num_examples
    return "+".join(orders), np.concatenate([orders[name][a:b] for name, a, b in slices])


def _instruction(tfds, infos, split):
    """(what `as_dataset` takes, number of examples) of a split expression."""
    if split == "all" or "shard" in split:
        # Of all splits, and of files: only TFDS itself can resolve these.
        return split, infos[split].num_examples
    slices = splits.resolve(split, {name: info.num_examples for name, info in infos.items()})
    parts = [tfds.core.ReadInstruction(*piece, unit="abs") for piece in slices]
    return sum(parts[1:], parts[0]), sum(stop - start for _, start, stop in slices)


def _prepared(tfds, request):
    tfds.disable_progress_bar()
    data_dir = request.data_dir and os.path.expanduser(request.data_dir)
    try:
        builder = tfds.builder(request.name, data_dir=data_dir)
    except (AssertionError, ValueError) as error:
        expected = "a configuration and version that TFDS has, or that data_dir holds"
        raise errors.invalid("name", expected, request.name) from error
    if request.download:
        builder.download_and_prepare()
    elif not builder.info.splits:
        wanted = builder.info.full_name
        expected = (
            f"a folder that holds {wanted} (--data_dir), or download=True (--download) to fetch it"
        )
        folder = str(builder.data_path).removesuffix(f"/{wanted}")
        raise errors.missing("data_dir", expected, folder)
    return builder


def check_name(request, others):
    """Raises a ValueError for a name that is neither in TFDS nor in `data_dir`.

    TFDS would raise by itself, after asking the network for a list of community
    data sets and with every name it knows in the message.

    Args:
        request: `Request`.
        others: names of sources that are not TFDS's, for the message.
    """
    import tensorflow_datasets as tfds

    name, data_dir = request.name, request.data_dir and os.path.expanduser(request.data_dir)
    base = re.split("[/:]", name)[0]
    names = tfds.list_builders(with_community_datasets=False)
    if base in names or (data_dir and base and os.path.isdir(os.path.join(data_dir, base))):
        return
    if os.path.isdir(name):
        raise errors.invalid("name", f"'folder:{name}' for a folder of images", name)
    known = [*others, "folder:PATH", "any image data set of TFDS (mnist, cifar10, ...)"]
    raise errors.unknown("name", name, known, also=names)


def _features(tfds, features, request):
    """The name of the image feature, and {name: feature} of the labels."""
    images = _of_type(features, tfds.features.Image)
    labels = _of_type(features, tfds.features.ClassLabel)
    image = "image" if "image" in images else next(iter(images)) if len(images) == 1 else None
    if image is None or features[image].np_dtype != np.uint8:
        raise errors.invalid("name", "a data set with one 8-bit image per example", request.name)
    return image, labels


def _of_type(features, kind):
    # Sorted, because TFDS restores features in another order in every process.
    return {name: features[name] for name in sorted(features) if isinstance(features[name], kind)}


def _read(dataset, count, image, shape, labels, request):
    """(uint8 images [count, ...], {label: int codes [count]})."""
    mixed = None in shape
    if mixed:
        shape = next(dataset.take(1).as_numpy_iterator())[image].shape
    size = request.image_size or shape[:2]
    if not mixed:
        check_size(shape, size, request.name)
    whole = not mixed and size == shape[:2]
    images = allocate((count, *size, shape[-1]), request.memory_limit)
    codes = {name: np.empty(count, np.int64) for name in labels}
    done = 0
    for chunk in dataset.batch(_CHUNK if whole else 1).as_numpy_iterator():
        pixels = chunk[image] if whole else _fitted(chunk[image][0], size, done, request)
        rows = slice(done, done + len(pixels))
        images[rows] = pixels
        for name in labels:
            codes[name][rows] = chunk[name]
        done = rows.stop
    if done != count:
        raise errors.invalid(request.name, f"{count} examples, as its description says", done)
    return images, codes


def _fitted(pixels, size, number, request):
    have = pixels.shape[:2]
    if request.image_size is None and have != size:
        got = f"the first of {times(size)} and number {number} of {times(have)}"
        raise errors.invalid("image_size", "a size, because the images differ in theirs", got)
    return resize_array(pixels, size, f"{request.name}'s image {number}")[None]
