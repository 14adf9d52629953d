import subprocess
import sys
import textwrap

import numpy as np
import pytest
import tensorflow as tf
import tiny

from tfgan.data import to_uint8
from tfgan.export import export
from tfgan.models import ConditionalGAN
from tfgan.networks import NETWORKS

# Runs where only TensorFlow is to be had.
ELSEWHERE = """
    import sys
    # What an import finds where a package is not installed.
    sys.modules["keras"] = sys.modules["tfgan"] = None
    import numpy as np, tensorflow as tf
    folder, inputs, outputs = sys.argv[1:]
    given = {name: tf.constant(value) for name, value in np.load(inputs).items()}
    signatures = tf.saved_model.load(folder).signatures
    found = {}
    for name, output in (("serving_default", "images"), ("generate", "images"), ("discriminate", "logits")):
        signature = signatures[name]
        needed = signature.structured_input_signature[1]
        found[name] = signature(**{key: given[key] for key in needed})[output].numpy()
    assert sys.modules["keras"] is sys.modules["tfgan"] is None
    np.savez(outputs, **found)
"""


def game(num_classes):
    kind = ConditionalGAN if num_classes else tiny.tfgan.GAN
    networks = NETWORKS["dcgan"](
        image_shape=(16, 16, 3), latent_dim=4, width=4, num_classes=num_classes
    )
    trained = tiny.compiled(kind(**networks))
    images = np.random.default_rng(0).uniform(-1, 1, (6, 16, 16, 3)).astype("float32")
    batch = (images, condition(num_classes, 6)) if num_classes else (images,)
    trained.fit(tiny.endless(*batch), steps_per_epoch=2, verbose=0)
    return trained


def condition(num_classes, rows):
    columns = [np.arange(rows) % classes for classes in num_classes]
    return (columns[0] if len(columns) == 1 else np.stack(columns, 1)).astype("int32")


@pytest.mark.parametrize("num_classes", [(), *(pytest.param(each, marks=pytest.mark.slow) for each in ((3,), (3, 2)))])
def test_an_export_needs_only_tensorflow_and_agrees_with_the_live_game(tmp_path, num_classes):
    live = game(num_classes)
    export(live, tmp_path / "exported")
    rng = np.random.default_rng(1)
    given = {
        "latents": rng.normal(size=(6, 4)).astype("float32"),
        "images": rng.uniform(-1, 1, (6, 16, 16, 3)).astype("float32"),
        "num_images": np.int32(6),
        "seed": np.int32(7),
    }
    if num_classes:
        given["condition"] = condition(num_classes, 6)
    np.savez(tmp_path / "inputs.npz", **given)
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(ELSEWHERE), tmp_path / "exported",
         tmp_path / "inputs.npz", tmp_path / "outputs.npz"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = np.load(tmp_path / "outputs.npz")

    labels = [given["condition"]] if num_classes else []
    nest = lambda first: [first, *labels] if labels else first
    images = live.sampling_network()(nest(given["latents"]), training=False)
    logits = live.discriminator(nest(given["images"]), training=False)
    np.testing.assert_allclose(found["serving_default"], images, atol=1e-5)
    np.testing.assert_allclose(found["discriminate"], logits, atol=1e-5)
    samples = live.generate(6, seed=7, condition=labels[0] if labels else None)
    assert found["generate"].dtype == np.uint8
    assert np.abs(found["generate"].astype(int) - np.asarray(to_uint8(samples)).astype(int)).max() <= 1
    assert not np.array_equal(found["generate"][0], found["generate"][1])


def test_the_live_generator_can_be_exported_too(tmp_path):
    live = game(())
    export(live, tmp_path / "live", use_ema=False)
    signature = tf.saved_model.load(str(tmp_path / "live")).signatures["serving_default"]
    latents = tf.ones([2, 4])
    images = signature(latents=latents)["images"]
    np.testing.assert_allclose(images, live.generator(latents, training=False), atol=1e-5)
    assert not np.allclose(images, live.sampling_network()(latents, training=False))
