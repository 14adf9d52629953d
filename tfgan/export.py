"""SavedModels that need only TensorFlow to run."""

from pathlib import Path

import keras
import tensorflow as tf

from tfgan import errors, files, shapes
from tfgan.data.pixels import from_uint8, to_uint8
from tfgan.objective import logits_of
from tfgan.randomness import Random
from tfgan.samplers import GENERATE_SALT, choose, sampling_networks, render
from tfgan.views import pack


def export(game, path, use_ema=True):
    """Writes a game as a SavedModel.

    Signatures; `condition` stands for whatever a sampler is given, by its part's name:

    * `serving_default(latents, condition)` -> `images`, float32
      `[n, height, width, channels]` in [-1, 1]: of the first sampler; without `latents`
      where it draws none;
    * one per sampler, by its name, such as `generate(num_images, seed, condition)` ->
      `images`, uint8 (points: float32): those of `game.generate` with this seed, conditions
      used in turn.
      One that is given an image takes it as uint8 and makes as many, without `num_images`;
      one that draws nothing has no `seed`; one that makes something else names its output
      so, as `encode(images)` -> `codes`, float32;
    * `discriminate(images, condition)` -> `logits` (`logits_0`, ... of several scales), as
      `game.logits` has them of the live discriminator, of packs where the discriminator sees
      those; of several discriminators one signature each, by its name.

    Args:
        game: a `tfgan.GAN`.
        path: folder to write; an export that it holds is replaced.
        use_ema: whether to export averaged weights, where there are any.

    Raises:
        ValueError: the folder holds something else.

    Reference:
        https://www.tensorflow.org/guide/saved_model
    """
    path = Path(path).expanduser()
    if path.exists() and not (path / "saved_model.pb").exists() and any(path.iterdir()):
        raise errors.invalid("output", "a new or empty folder, or a SavedModel's", str(path))
    archive = keras.export.ExportArchive()
    networks = sampling_networks(game, use_ema)
    for network in {id(n): n for n in [*networks.values(), *game.networks().values()]}.values():
        archive.track(network)
    for name, (function, signature) in _signatures(game, networks).items():
        archive.add_endpoint(name, function, input_signature=signature)
    with files.replacing(path) as beside:
        archive.write_out(str(beside), verbose=False)


def export_game(game, path, use_ema, options):
    """`GAN.export`: `export`, whose options of Keras's own are refused.

    Args:
        game, path, use_ema: as in `export`.
        options: dict of further arguments of `keras.Model.export`.
    """
    fixed = {"format": ("tf_saved_model", "tf_saved_model"), "verbose": (None, True, False)}
    for name, value in options.items():
        if value not in errors.lookup("export argument", name, {**fixed, "input_signature": (None,)}):
            expected = "its default for a game (game.generator.export takes any)"
            raise errors.invalid(name, expected, value)
    export(game, path, use_ema)


def _signatures(game, networks):
    """Dict of name to (function, list of its inputs)."""
    found = {"serving_default": _serving(game, networks)}
    for name in game.samplers():
        found[name] = _sampling(game, networks, name)
    discriminators = game.sides["discriminator"]
    for name in discriminators:
        signature = "discriminate" if len(discriminators) == 1 else name
        found[signature] = _discriminating(game, getattr(game, name))
    return found


def _serving(game, networks):
    """The first sampler, on latents that the caller passes."""
    _, sampler = choose(game)
    drawn = sampler.draw(1, Random([0, 0])) if sampler.draw else ()
    leaves = tf.nest.flatten(drawn)
    names = ["latents"] if len(leaves) == 1 else [f"latents_{i}" for i in range(len(leaves))]
    latents = [tf.TensorSpec([None, *x.shape[1:]], x.dtype, n) for x, n in zip(leaves, names)]

    def serve(*inputs):
        drawn_by_caller = tf.nest.pack_sequence_as(drawn, inputs[: len(leaves)])
        given = dict(zip(sampler.given, inputs[len(leaves) :]))
        made = render(sampler.make, networks, sampler.options, drawn_by_caller, given, [0, 0])
        return {sampler.makes: made}

    return serve, [*latents, *_given_specs(sampler)]


def _sampling(game, networks, name):
    """A sampler that draws its latents from a seed."""
    _, sampler = choose(game, name)
    scalars = ["num_images"] * (not sampler.images_given) + ["seed"] * (sampler.draw is not None)

    def sample(*inputs):
        numbers = dict(zip(scalars, inputs))
        given = dict(zip(sampler.given, inputs[len(scalars) :]))
        n = numbers["num_images"] if "num_images" in numbers else tf.shape(_first_image(sampler, given))[0]
        seed = numbers.get("seed", tf.constant(0))
        given = game.given(sampler, n, {part: _floats(value) for part, value in given.items()})
        latents = sampler.draw(n, Random(tf.stack([seed, GENERATE_SALT]))) if sampler.draw else ()
        pair = tf.stack([seed, 0])
        made = render(sampler.make, networks, sampler.options, latents, given, pair)
        return {sampler.makes: to_uint8(made) if made.shape.rank == 4 else made}

    signature = [tf.TensorSpec((), tf.int32, name=scalar) for scalar in scalars]
    return sample, [*signature, *_given_specs(sampler, images=tf.uint8)]


def _discriminating(game, network):
    """A discriminator, of images before their packing."""
    packing = game.objective.packing
    specs = []
    for i, tensor in enumerate(shapes.inputs_of(network)):
        shape = [*tensor.shape[:-1], tensor.shape[-1] // packing] if packing > 1 else tensor.shape
        name = tensor.name or [*game.parts, *map("input_{}".format, range(i + 1))][i]
        specs.append(tf.TensorSpec(shape, tensor.dtype, name=name.replace("pack", "images")))

    def discriminate(*parts):
        seen = [pack(part, packing) for part in parts]
        outputs = network(seen[0] if len(seen) == 1 else seen, training=False)
        scales = tf.nest.flatten(logits_of(outputs))
        names = ["logits"] if len(scales) == 1 else [f"logits_{i}" for i in range(len(scales))]
        return dict(zip(names, scales))

    return discriminate, specs


def _given_specs(sampler, images=None):
    """What a sampler is given, images perhaps in another type."""
    return [
        tf.TensorSpec(spec.shape, images if images and len(spec.shape) == 4 else spec.dtype, name=part)
        for part, spec in sampler.given.items()
    ]


def _first_image(sampler, given):
    return given[sampler.images_given[0]]


def _floats(value):
    return from_uint8(value) if value.dtype == tf.uint8 else value
