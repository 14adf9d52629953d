"""SavedModels that need only TensorFlow to run."""

from pathlib import Path

import keras
import tensorflow as tf

from tfgan import errors, files
from tfgan.data import to_uint8
from tfgan.sampling import GENERATE_SALT, render
from tfgan.randomness import Random
from tfgan.views import pack


def export(game, path, use_ema=True):
    """Writes a game as a SavedModel.

    Signatures, `condition` only for games that take one:

    * `serving_default(latents, condition)` -> `images`, float32
      `[n, height, width, channels]` in [-1, 1];
    * `generate(num_images, seed, condition)` -> `images`, uint8: those of
      `game.generate` with this seed, conditions used in turn;
    * `discriminate(images, condition)` -> `logits`, of packs where the discriminator
      sees those.

    Args:
        game: a `tfgan.GAN` whose discriminator returns one scale of logits.
        path: folder to write; an export that it holds is replaced.
        use_ema: whether to export the averaged generator, where there is one.

    Raises:
        ValueError: the folder holds something else.

    Reference:
        https://www.tensorflow.org/guide/saved_model
    """
    path = Path(path).expanduser()
    if path.exists() and not (path / "saved_model.pb").exists() and any(path.iterdir()):
        raise errors.invalid("output", "a new or empty folder, or a SavedModel's", str(path))
    generator = game.sampling_network(use_ema)
    discriminator = getattr(game, game.discriminator_side[0])
    archive = keras.export.ExportArchive()
    archive.track(generator)
    archive.track(discriminator)
    latents, *condition = _specs(generator, "latents")
    seen = discriminator.inputs[0]
    shape = [*seen.shape[:-1], seen.shape[-1] // game.packing]
    images = tf.TensorSpec(shape, seen.dtype, name="images")

    def serve(*inputs):
        return {"images": render(generator, _nest(inputs), [0, 0])}

    def generate(num_images, seed, *condition):
        random = Random(tf.stack([seed, GENERATE_SALT]))
        inputs = game.sample_inputs(num_images, random, *condition)
        return {"images": to_uint8(render(generator, inputs, tf.stack([seed, 0])))}

    def discriminate(images, *condition):
        seen = _nest([pack(images, game.packing), *condition])
        return {"logits": game.logits(discriminator(seen, training=False))}

    scalar = [tf.TensorSpec((), tf.int32, name=name) for name in ("num_images", "seed")]
    for name, function, signature in (
        ("serving_default", serve, [latents, *condition]),
        ("generate", generate, [*scalar, *condition]),
        ("discriminate", discriminate, [images, *condition]),
    ):
        archive.add_endpoint(name, function, input_signature=signature)
    with files.replacing(path) as beside:
        archive.write_out(str(beside), verbose=False)


def _specs(network, first):
    names = [first, "condition"]
    return [
        tf.TensorSpec(tensor.shape, tensor.dtype, name=name)
        for tensor, name in zip(network.inputs, names)
    ]


def _nest(inputs):
    return inputs[0] if len(inputs) == 1 else list(inputs)
