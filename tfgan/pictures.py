"""Pictures of samples: grids of images, and histograms of points."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from tfgan.data import to_uint8
from tfgan.files import write_atomically

# Height and width of a picture of points, in pixels.
CANVAS = 256


def grid(images, columns):
    """One picture of many images, in a grid that is filled row by row.

    Args:
        images: float `[n, height, width, channels]` in [-1, 1].
        columns: images per row, >= 1. A last row that is not full is completed with black.

    Returns:
        uint8 `[rows * height, columns * width, channels]`.
    """
    return _tiled(np.asarray(to_uint8(images)), columns)


def _tiled(tiles, columns):
    """uint8 tiles [n, height, width, channels], row by row."""
    n, height, width, channels = tiles.shape
    rows = -(-n // columns)
    canvas = np.zeros((rows * columns, height, width, channels), np.uint8)
    canvas[:n] = tiles
    canvas = canvas.reshape(rows, columns, height, width, channels)
    return canvas.transpose(0, 2, 1, 3, 4).reshape(rows * height, columns * width, channels)


def sheet(kinds, groups):
    """A grid whose cells are several images side by side, such as input, output and target.

    Args:
        kinds: list of arrays [n, height, width, channels], one per image of a cell, float in
            [-1, 1] or uint8; all are drawn in the size of the largest, and in colour if one is.
        groups: cells per row, >= 1.

    Returns:
        uint8 `[rows * height, groups * len(kinds) * width, channels]`.
    """
    kinds = [kind if kind.dtype == np.uint8 else to_uint8(kind) for kind in map(np.asarray, kinds)]
    size = tuple(max(kind.shape[axis] for kind in kinds) for axis in (1, 2, 3))
    tiles = np.stack([_brought_to(kind, size) for kind in kinds], axis=1)
    return _tiled(tiles.reshape(-1, *size), groups * len(kinds))


def density(points, limits=None):
    """A histogram of points as a picture: bars in one dimension, else of the first two axes.

    Args:
        points: float `[n, dims]`.
        limits: (low, high) of every axis; by default the range of the points, and 0.5 more
            on both sides.

    Returns:
        uint8 `[256, 256, 1]`, white in the densest place.
    """
    points = np.asarray(points, np.float64)
    low, high = limits or (points.min() - 0.5, points.max() + 0.5)
    edges = np.linspace(low, high, CANVAS + 1)
    if points.shape[1] == 1:
        counts = np.histogram(points[:, 0], edges[::8])[0].repeat(8)
        heights = counts / max(counts.max(), 1) * CANVAS
        levels = heights[None, :] > np.arange(CANVAS)[::-1, None]
    else:
        counts = np.histogram2d(points[:, 1], points[:, 0], (edges, edges))[0][::-1]
        levels = np.sqrt(counts / max(counts.max(), 1))
    return np.uint8(np.round(255 * levels))[..., None]


def _brought_to(images, size):
    """uint8 images scaled by whole factors (nearest), then cut to (height, width, channels)."""
    height, width, channels = size
    factor = -(-height // images.shape[1]), -(-width // images.shape[2])
    images = images.repeat(factor[0], axis=1).repeat(factor[1], axis=2)[:, :height, :width]
    return images if images.shape[-1] == channels else np.repeat(images[..., :1], channels, axis=-1)


def picture(samples, columns):
    """The picture of samples: a `grid` of images, or the `density` of points.

    Args:
        samples: images `[n, height, width, channels]` in [-1, 1], or points `[n, dims]`.
        columns: images per row, >= 1.

    Returns:
        uint8 `[height, width, channels]`.
    """
    return grid(samples, columns) if np.ndim(samples) == 4 else density(samples)


def class_columns(num_classes, rows):
    """Conditions for a grid with one class per column.

    Args:
        num_classes: tuple of ints, one per label.
        rows: rows of the grid, >= 1.

    Returns:
        int32 `[rows * num_classes[0]]` for one label; for several
        `[rows * num_classes[0], labels]`, where the first label goes with the
        column and the others step on from row to row.
    """
    row, column = np.divmod(np.arange(rows * num_classes[0]), num_classes[0])
    labels = [column] + [row % classes for classes in num_classes[1:]]
    conditions = np.stack(labels, axis=-1).astype(np.int32)
    return conditions[:, 0] if len(num_classes) == 1 else conditions


def save_png(path, pixels):
    """Writes a PNG file, atomically.

    Args:
        path: of the file.
        pixels: uint8 `[height, width, channels]`. One, three and four channels are grey,
            RGB and RGBA; of any other number only the first is written.
    """
    buffer = io.BytesIO()
    written = pixels if pixels.shape[-1] in (3, 4) else pixels[..., 0]
    Image.fromarray(written).save(buffer, "PNG")
    write_atomically(path, buffer.getvalue())


def save_all(folder, samples, columns, makes="images"):
    """Writes samples to a folder: `grid.png`, and `images/NNNNN.png` or, of points, `samples.npy`.

    What is neither, such as codes, is written as an array alone, `codes.npy`.

    Args:
        folder: where to write; made if missing.
        samples: images `[n, height, width, channels]` in [-1, 1], or points `[n, dims]`.
        columns: images per row of the grid, >= 1.
        makes: `Sampler.makes` of the sampler.

    Returns:
        Path of the grid, or of the array.
    """
    folder = Path(folder).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    if makes != "images":
        np.save(folder / f"{makes}.npy", samples)
        return folder / f"{makes}.npy"
    save_png(folder / "grid.png", picture(samples, columns))
    if np.ndim(samples) == 2:
        np.save(folder / "samples.npy", samples)
    else:
        (folder / "images").mkdir(exist_ok=True)
        for number, pixels in enumerate(np.asarray(to_uint8(samples))):
            save_png(folder / "images" / f"{number:05d}.png", pixels)
    return folder / "grid.png"
