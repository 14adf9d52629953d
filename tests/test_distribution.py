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

    # The game, options of its networks, further settings.
    GAMES = {
        "alternating": (ConditionalGAN, {"num_classes": (3,)}, {}),
        "alternating_shared": (
            ConditionalGAN, {"num_classes": (3,)}, {"schedule": "alternating_shared"}
        ),
        "stabilised": (
            tfgan.GAN, {"packing": 2},
            {"packing": 2, "rule": "optimistic", "instance_noise": 0.3, "instance_noise_fall": 100},
        ),
    }

    def play(strategy, kind, options, settings):
        keras.utils.set_random_seed(0)
        with strategy.scope():
            networks = NETWORKS["dcgan"](
                image_shape=(16, 16, 1), latent_dim=4, width=4, norm="layer", **options
            )
            game = kind(
                **networks, discriminator_steps=2, ema_half_life=50, **settings,
                penalties={"gradient_penalty": 10.0, "r1": (1.0, 2)},
            )
            game.compile(
                generator_optimizer=tfgan.optimizers.Adam(1e-3),
                discriminator_optimizer=tfgan.optimizers.Adam(1e-3),
            )
        rng = np.random.default_rng(0)
        images = rng.uniform(-1, 1, (4 * 16, 16, 16, 1)).astype("float32")
        labels = rng.integers(0, 3, 4 * 16).astype("int32")
        conditional = kind is ConditionalGAN
        arrays = (images, labels) if conditional else images
        data = tf.data.Dataset.from_tensor_slices(arrays).batch(16, drop_remainder=True)
        history = game.fit(data.repeat(), steps_per_epoch=4, verbose=0).history
        assert set(game.term_names(data.element_spec)) == set(history)
        print({k: v[0] for k, v in history.items()}, int(game.images_shown.numpy()))
        values = [keras.ops.convert_to_numpy(v) for v in game.variables]
        condition = [0, 1, 2, 0] if conditional else None
        samples = game.generate(4, condition=condition, seed=1)
        logits = game.judge(samples, condition=condition)
        return values + [samples, logits] + [np.array(v) for _, v in sorted(history.items())]

    game = GAMES[sys.argv[2]]
    one = play(tf.distribute.get_strategy(), *game)
    two = play(tf.distribute.MirroredStrategy(
        ["CPU:0", "CPU:1"], cross_device_ops=tf.distribute.ReductionToOneDevice()), *game)
    np.savez(sys.argv[1], **{f"one{i:03d}": v for i, v in enumerate(one)},
             **{f"two{i:03d}": v for i, v in enumerate(two)})
"""


@pytest.fixture(scope="module", params=["alternating", "alternating_shared", "stabilised"])
def played(tmp_path_factory, request):
    path = tmp_path_factory.mktemp("played") / "values.npz"
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), path, request.param],
        capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    values = np.load(path)
    return [
        [values[name] for name in sorted(values.files) if name.startswith(which)]
        for which in ("one", "two")
    ]


def test_weights_counters_samples_and_logs_are_the_same_on_two_replicas(played):
    one, two = played
    assert len(one) == len(two) > 20
    for of_one, of_two in zip(one, two):
        # Of the array's scale: sums over 8,192 rounded terms, such as the optimistic rule remembers,
        # can be small themselves.
        scale = max(1.0, np.abs(of_one).max())
        np.testing.assert_allclose(of_one, of_two, rtol=1e-6, atol=2e-6 * scale)
