"""Two replicas equal one. In a process of its own: devices are cut up at start."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest

PROGRAM = """
    import sys
    import keras, numpy as np, tensorflow as tf
    import tfgan
    from tfgan.models import ConditionalGAN
    from tfgan.networks import NETWORKS

    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)

    # The game, its networks, further settings.
    def dcgan():
        return NETWORKS["dcgan"]((16, 16, 1), 4, width=4, norm="layer", num_classes=(3,))

    def mlp(**options):
        return NETWORKS["mlp"]((16, 16, 1), 4, units=8, **options)

    class Remembering(tfgan.GAN):
        # The mean of what it has seen last, and a count.

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.remember("mean", 0.0)
            self.remember("count", 0)

        def discriminator_terms(self, batch, random):
            memory = {
                "mean": tf.reduce_mean(batch["images"]), "count": self.remembered["count"].value + 1,
            }
            return super().discriminator_terms(batch, random), memory

    GAMES = {
        "alternating": (
            ConditionalGAN, dcgan,
            {"discriminator_steps": 2, "penalties": {"gradient_penalty": 10.0, "r1": (1.0, 2)}},
        ),
        "alternating_shared": (
            ConditionalGAN, lambda: mlp(num_classes=(3,)), {"schedule": "alternating_shared"}
        ),
        "stabilised": (
            Remembering, lambda: mlp(packing=2),
            {"rule": "optimistic", "views": {"noise": (0.3, 100), "packing": 2}},
        ),
    }

    def play(strategy, kind, networks, settings):
        keras.utils.set_random_seed(0)
        with strategy.scope():
            settings = {"ema_half_life": 50, "penalties": {"r1": (1.0, 2)}, **settings}
            game = kind(**networks(), **settings)
            game.compile(
                generator_optimizer=tfgan.training.optimizers.Adam(1e-3),
                discriminator_optimizer=tfgan.training.optimizers.Adam(1e-3),
            )
        rng = np.random.default_rng(0)
        images = rng.uniform(-1, 1, (4 * 16, 16, 16, 1)).astype("float32")
        labels = rng.integers(0, 3, 4 * 16).astype("int32")
        conditional = kind is ConditionalGAN
        arrays = (images, labels) if conditional else images
        data = tf.data.Dataset.from_tensor_slices(arrays).batch(16, drop_remainder=True)
        history = game.fit(data.repeat(), steps_per_epoch=4, verbose=0).history
        assert set(game.term_names(data.element_spec)) == set(history)
        values = [keras.ops.convert_to_numpy(v) for v in game.variables]
        given = {"condition": [0, 1, 2, 0]} if conditional else {}
        samples = game.generate(4, seed=1, **given)
        logits = game.logits(samples, **given)
        return values + [samples, logits] + [np.array(v) for _, v in sorted(history.items())]

    found = {}
    for name, game in ((name, GAMES[name]) for name in sys.argv[2:]):
        two = tf.distribute.MirroredStrategy(
            ["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice())
        for which, strategy in (("one", tf.distribute.get_strategy()), ("two", two)):
            for i, value in enumerate(play(strategy, *game)):
                found[f"{name} {which} {i:03d}"] = value
    np.savez(sys.argv[1], **found)
"""


def played(path, *games):
    """Arrays of games that were played on one replica and on two."""
    run = [sys.executable, "-c", textwrap.dedent(PROGRAM), path, *games]
    result = subprocess.run(run, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return np.load(path)


def assert_the_same(values, game):
    one, two = (
        [values[name] for name in sorted(values.files) if name.startswith(f"{game} {which} ")]
        for which in ("one", "two")
    )
    assert len(one) == len(two) > 20
    for of_one, of_two in zip(one, two):
        # Of the array's scale: sums over 8,192 rounded terms, such as the optimistic rule remembers,
        # can be small themselves.
        scale = max(1.0, np.abs(of_one).max())
        np.testing.assert_allclose(of_one, of_two, rtol=1e-6, atol=2e-6 * scale)


def test_weights_memory_samples_and_logs_are_the_same_on_two_replicas(tmp_path):
    values = played(tmp_path / "values.npz", "alternating", "stabilised")
    for game in ("alternating", "stabilised"):
        assert_the_same(values, game)


@pytest.mark.slow
def test_shared_passes_are_the_same_on_two_replicas(tmp_path):
    assert_the_same(played(tmp_path / "values.npz", "alternating_shared"), "alternating_shared")
