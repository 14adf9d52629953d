"""Two replicas equal one. In a process of its own: devices are cut up at start."""

import json
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from runs import ROOT, final_state, logged, played

from tfgan import data, experiment
from tfgan.experiment import strategies

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


def values_of(path, *games):
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


@pytest.mark.slow
def test_weights_memory_samples_and_logs_are_the_same_on_two_replicas(tmp_path):
    values = values_of(tmp_path / "values.npz", "alternating", "stabilised")
    for game in ("alternating", "stabilised"):
        assert_the_same(values, game)


@pytest.mark.slow
def test_shared_passes_are_the_same_on_two_replicas(tmp_path):
    assert_the_same(values_of(tmp_path / "values.npz", "alternating_shared"), "alternating_shared")


# ---------------------------------------------------------------- --strategy of train.py

SCRIPT = """
    import json, runpy, sys
    import tensorflow as tf
    from tfgan import experiment

    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    script, first, *others = json.loads(sys.argv[1])
    sys.argv = [script, *first]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        assert not end.code, end.code
    for arguments in others:
        experiment.run(experiment.parse_flags(arguments))
"""
# A penalty, an average and scores.
TICKS = (
    "--dataset=digits", "--image_size=16", "--network=mlp", "--network_options=units=8", "--latent_dim=4",
    "--batch_size=16", "--discriminator_steps=2", "--tick_images=160",
    "--ema_half_life=100", "--penalties=r1:1", "--grid_rows=1", "--grid_columns=2",
    "--metrics=sliced_wasserstein", "--metric_samples=16", "--keep_best=sliced_wasserstein",
)  # fmt: skip


def on_two_processors(*commands):
    """Runs train.py with the first of several lists of flags, then the others; what was printed."""
    script = str(ROOT / "scripts" / "train.py")
    run = [sys.executable, "-c", textwrap.dedent(SCRIPT), json.dumps([script, *commands])]
    result = subprocess.run(run, capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    return result.stdout


# With batch normalisation.
CONVOLUTIONS = ("--network=dcgan", "--network_options=width=2")


@pytest.mark.slow
@pytest.mark.parametrize("networks", [(), CONVOLUTIONS])
def test_a_script_trains_on_two_processors_as_on_one(tmp_path, networks):
    two, one = ((*TICKS, *networks, f"--run_dir={tmp_path / name}") for name in ("two", "one"))
    output = on_two_processors(
        [*two, "--images=160", "--strategy=mirrored"],
        [*two, "--images=320", "--strategy=mirrored"],
        [*one, "--images=320", "--strategy=one", "--noexport"],
    )
    assert "trains on CPU:0, CPU:1 (--strategy=mirrored)" in output
    assert "trains on CPU:0 (--strategy=one)" in output
    assert "--strategy=mirrored\n" in (tmp_path / "two" / "flags.txt").read_text()
    (of_two, terms), (of_one, others) = (variables(tmp_path / name) for name in ("two", "one"))
    assert terms == others and of_two.keys() == of_one.keys() and len(of_one) > 30
    for name, value in of_one.items():
        np.testing.assert_allclose(of_two[name], value, rtol=1e-6, atol=1e-6, err_msg=name)
    for here, there in zip(logged(tmp_path / "two"), logged(tmp_path / "one"), strict=True):
        for column, value in there.items():
            assert float(here[column]) == pytest.approx(float(value), rel=1e-5), column
    game, _ = experiment.open_run(tmp_path / "two")
    generate = tf.saved_model.load(str(tmp_path / "two" / "exported")).signatures["generate"]
    made = generate(num_images=tf.constant(2), seed=tf.constant(3))["images"]
    assert np.array_equal(made, data.to_uint8(game.generate(2, seed=3)))


def variables(run_dir):
    """(dict of variable to array, position) of the newest checkpoint, without the sums of logged terms."""
    name, state, content = final_state(run_dir)
    reader = tf.train.load_checkpoint(str(run_dir / "checkpoints" / name / "variables"))
    # Of two replicas both add up their terms, and are counted.
    found = {each: reader.get_tensor(each) for each in content if not each.startswith("terms/")}
    return found, (name, state["tick"], state["rounds"])


@pytest.mark.slow
def test_a_run_goes_on_with_another_strategy(tmp_path):
    arguments = (*TICKS, f"--run_dir={tmp_path / 'run'}", "--noexport")
    on_two_processors([*arguments, "--images=160", "--strategy=mirrored"])
    output = played(tmp_path / "run", *arguments, "--images=320")
    assert "trains on CPU:0 (--strategy=one)" in output and len(logged(tmp_path / "run")) == 2


@pytest.mark.parametrize(
    "devices, name",
    [(["CPU:0"], "one"), (["CPU:0", "CPU:1"], "one"), (["GPU:0"], "one"), (["GPU:0", "GPU:1"], "mirrored")],
)
def test_several_gpus_are_used_by_default(monkeypatch, devices, name):
    replicas = {"one": 1, "mirrored": len(devices)}
    monkeypatch.setattr(strategies, "_names", lambda: devices)
    of = lambda name: SimpleNamespace(num_replicas_in_sync=replicas[name])
    monkeypatch.setattr(strategies, "_opened", of)
    _, text = strategies.open_strategy()
    assert text == f"trains on {', '.join(devices[: replicas[name]])} (--strategy={name})"


def test_one_device_is_enough_for_any_strategy(tmp_path):
    arguments = (*TICKS, "--images=160", "--noexport", "--strategy=mirrored")
    output = played(tmp_path / "run", *arguments)
    assert "trains on CPU:0 (--strategy=mirrored finds one device)" in output
    with pytest.raises(ValueError, match="strategy: expected one of one, mirrored; got 'both'"):
        played(tmp_path / "other", *TICKS, "--strategy=both")


@pytest.mark.parametrize(
    "flag, message",
    [
        ("--batch_size=15", "expected batches that divide by 2 (max(1, discriminator_steps)) x 2 (replicas)"),
        pytest.param(
            "--rule=unrolled", "rule: expected plain or optimistic on 2 replicas", marks=pytest.mark.slow
        ),
    ],
)
def test_what_does_not_go_on_two_replicas_is_refused(tmp_path, flag, message):
    with pytest.raises(AssertionError) as failed:
        on_two_processors([*TICKS, f"--run_dir={tmp_path / 'run'}", flag, "--strategy=mirrored"])
    assert message in str(failed.value) and not (tmp_path / "run").exists()
