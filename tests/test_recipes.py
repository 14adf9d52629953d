"""Every flagfile of a game that knows more than real or fake: it trains on its real data, is continued
bit for bit, draws its pictures, and exports a signature for each of its samplers."""

import os
import re
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from runs import ROOT, continued, parsed

DATA = os.environ.get("TFGAN_TEST_DATA")
SHORT = (
    "--batch_size=8", "--images=64", "--tick_images=32", "--grid_rows=1", "--grid_columns=2",
    "--metric_samples=50", "--precision=float32", "--split=train[:2000]", "--held_out=train[2000:2200]",
)  # fmt: skip
FACES = "--dataset=folder:{faces}?shuffled=0&augment=flip+shift:4"
# Examples that are shuffled are all read, to take the first of them.
UNSHUFFLED = "--dataset=mnist"
# What makes each small: other networks, or stages of fewer images.
SMALL = {
    "projection_fashion_mnist": ["--network_options=width=4"],
    "projection_cifar10": ["--network_options=width=4"],
    "cgan_faces64": [FACES, "--network_options=width=4"],
    "acgan_faces64": [FACES, "--network_options=width=4"],
    "infogan_mnist": [],
    "bigan_mnist": [UNSHUFFLED],
    "inference_mnist": [UNSHUFFLED],
    "semi_supervised_mnist": [],
    "began_fashion_mnist": [],
    "ebgan_mnist": [],
    "vae_mnist": [],
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA, reason="TFGAN_TEST_DATA names no folder of real data"),
]


def recipe_of(name):
    """The recipe of a flagfile, so small that it takes seconds; no scores by classifiers."""
    flags = [flag.format(faces=Path(DATA, "anime_faces")) for flag in SMALL[name]]
    scored = "--metrics=error" if name == "semi_supervised_mnist" else "--metrics="
    return parsed(
        f"--flagfile={ROOT / 'flags' / name}.txt", f"--data_dir={Path(DATA, 'tfds')}",
        *SHORT, scored, *flags,
    )  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_a_recipe_is_continued_bit_for_bit_and_exports_all_it_makes(name, tmp_path):
    game, folder = continued(recipe_of(name), tmp_path)
    signatures = tf.saved_model.load(str(folder / "exported")).signatures
    for sampler, one in game.samplers().items():
        made = signatures[sampler](**inputs(signatures[sampler]))
        assert list(made) == [one.makes]
        found = made[one.makes].numpy()
        assert len(found) == 3 and np.isfinite(found.astype(float)).all()
    # What is compared with data, and what a flagfile's header says of it, can be had by its name.
    assert re.search(r"^# Paper:", (ROOT / "flags" / f"{name}.txt").read_text(), re.MULTILINE)


def inputs(signature):
    """Three of each input of a signature: dict of name to tensor."""
    numbers = {"num_images": 3, "seed": 5}
    return {
        name: tf.constant(numbers.get(name, 0), spec.dtype)
        if spec.shape.rank == 0
        else tf.zeros([3, *spec.shape[1:]], spec.dtype)
        for name, spec in signature.structured_input_signature[1].items()
    }
