"""Checks that a run of the quickstart left what it promised, and that it is digits.

    python .ci/check_quickstart.py RUN_DIR [--full]

Each tile of the first and the last sample grid is compared with all real digits.
The full quickstart must bring the mean distance to the nearest real digit down
to half of the untrained generator's, and show 8 of the 10 classes; the shortened
one, with a third of the images, to 0.6 of it, and 8 classes.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from tfgan import data

FULL_RATIO, SHORT_RATIO = 0.5, 0.6
CLASSES = 8


def tiles(path, side):
    grid = np.asarray(Image.open(path), np.float32)
    rows, columns = (length // side for length in grid.shape)
    return grid.reshape(rows, side, columns, side).swapaxes(1, 2).reshape(-1, side * side)


def main(run_dir, full):
    run = Path(run_dir)
    promised = ["flags.txt", "environment.json", "metrics.csv", "exported/saved_model.pb"]
    missing = [name for name in promised if not (run / name).is_file()]
    assert not missing, f"missing in {run}: {missing}"
    assert list(run.glob("checkpoints/step_*/manifest.json")), "no checkpoint"
    assert list(run.glob("tensorboard/**/events*")), "no TensorBoard events"
    grids = sorted((run / "samples").glob("images_*.png"))
    assert len(grids) >= 2, grids

    real = data.open_source("digits", condition=True).table()
    digits = real["images"].reshape(len(real["images"]), -1).astype(np.float32)
    means, classes = [], 0
    for path in (grids[0], grids[-1]):
        samples = tiles(path, real["images"].shape[1])
        distances = np.sqrt(
            np.maximum(
                (samples**2).sum(1)[:, None] + (digits**2).sum(1) - 2 * samples @ digits.T, 0
            )
        )
        means.append(distances.min(axis=1).mean())
        classes = len(set(real["condition"][distances.argmin(axis=1)]))
    limit = FULL_RATIO if full else SHORT_RATIO
    ratio = means[1] / means[0]
    print(
        f"nearest real digit: {means[1]:.0f} after, {means[0]:.0f} before training "
        f"(ratio {ratio:.3f}, at most {limit}); classes seen: {classes} (at least {CLASSES})"
    )
    assert ratio <= limit and classes >= CLASSES


if __name__ == "__main__":
    main(sys.argv[1], "--full" in sys.argv[2:])
