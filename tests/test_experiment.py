import json
import re
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny
from absl import flags
from PIL import Image
from runs import (
    ROOT,
    assert_equal_stages,
    final_state,
    logged,
    parsed,
    played,
    same_weights,
    script,
)

import tfgan
from tfgan import experiment
from tfgan.data.source import Part
from tfgan.experiment import Recipe, kinds, main, strategies
from tfgan.experiment.flags import flagfile, table_keys
from tfgan.experiment.recipe import FIELDS

# Small and fast, and with all that makes resuming hard.
HARD = (
    "--dataset=digits", "--image_size=16", "--network=dcgan", "--latent_dim=8",
    "--network_options=width=2,dropout=0.3,norm=layer", "--discriminator_steps=2",
    "--steps_per_execution=2", "--batch_size=8", "--tick_images=256", "--images=1280",
    "--ema_half_life=200", "--grid_rows=2", "--grid_columns=2", "--seed=3",
    "--split=train[:1500]", "--held_out=train[1500:]", "--metrics=ms_ssim,sliced_wasserstein",
    "--metric_samples=16", "--metric_ticks=2", "--keep_best=sliced_wasserstein",
    "--patience=50",
)  # fmt: skip
SMALL = (
    "--network_options=width=2", "--latent_dim=2", "--batch_size=4", "--tick_images=8",
    "--images=16", "--grid_rows=2",
)  # fmt: skip
IMAGES = {"images": Part((4, 4, 1), "image")}


# ----------------------------------------------------------------- flags and recipes


@pytest.mark.parametrize(
    "module, name, table",
    [
        ("losses.py", "LOSSES", tfgan.losses.LOSSES),
        ("penalties.py", "PENALTIES", tfgan.penalties.PENALTIES),
        ("training/schedules.py", "SCHEDULES", tfgan.training.SCHEDULES),
        ("training/rules.py", "RULES", tfgan.training.RULES),
        ("latents.py", "PRIORS", tfgan.latents.PRIORS),
        ("networks/__init__.py", "NETWORKS", tfgan.networks.NETWORKS),
        ("models/__init__.py", "GAMES", tfgan.models.GAMES),
        ("views/__init__.py", "VIEWS", tfgan.views.VIEWS),
        ("data/__init__.py", "DATASETS", tfgan.data.DATASETS),
        ("metrics/table.py", "METRICS", tfgan.metrics.METRICS),
        ("features/__init__.py", "EXTRACTORS", tfgan.features.EXTRACTORS),
        ("training/optimizers.py", "OPTIMIZERS", tfgan.training.optimizers.OPTIMIZERS),
        ("experiment/strategies.py", "STRATEGIES", strategies.STRATEGIES),
    ],
)
def test_keys_read_off_the_source_are_those_of_the_table(module, name, table):
    assert table_keys(module, name) == list(table)


def test_every_flag_states_its_unit_or_range():
    values = flags.FlagValues()
    experiment.define_flags(values)
    # To that of a flag that may be given several times absl adds a line.
    helps = {name: values[name].help.partition(";\n")[0] for name in values}
    without = [name for name, text in helps.items() if not re.search(r"\[.+\]$", text)]
    assert 30 < len(list(values)) < 56 and not without


@pytest.mark.parametrize(
    "name, flag",
    [
        ("train", "--run_dir"),
        ("generate", "--run_dir"),
        ("evaluate", "--run_dir"),
        ("export", "--run_dir"),
    ],
)
def test_help_answers_in_two_seconds_with_exit_code_0(name, flag):
    started = time.monotonic()
    result = script(name, "--help")
    assert time.monotonic() - started < 2
    assert result.returncode == 0 and flag in result.stdout
    if name == "train":
        assert "relativistic" in result.stdout and "--discriminator_steps" in result.stdout


def test_flags_and_python_describe_the_same_recipe():
    given = parsed(
        "--network_options=width=64,norm=layer", "--penalties=r1:0.5,r2:2:16", "--rule=unrolled:5",
        "--views=noise:0.2:64,packing:2", "--game_options=frozen=(generator,encoder),clip_weights=0.01",
        "--metrics=frechet,manifold", "--noexport", "--keep_best=", "--start_from=runs/a",
    )  # fmt: skip
    assert given == Recipe(
        network_options={"width": 64, "norm": "layer"},
        penalties={"r1": 0.5, "r2": (2.0, 16)},
        rule={"unrolled": 5.0},
        views={"noise": (0.2, 64), "packing": 2},
        game_options={"frozen": ("generator", "encoder"), "clip_weights": 0.01},
        metrics=("frechet", "manifold"),
        export=False,
        start_from="runs/a",
    )
    assert parsed("--rule=optimistic").rule == "optimistic" and Recipe() == parsed()


@pytest.mark.parametrize(
    "text, message",
    [
        ("--penalties=r1", "penalties: expected name:weight.*got 'r1'"),
        ("--penalties=r3:1", "penalties: expected one of"),
        ("--network_options=width", "network_options: expected name=value.*got 'width'"),
        ("--rule=unrolled:five", "rule: expected name or name:number; got 'unrolled:five'"),
        ("--rule=unroled:5", "Did you mean 'unrolled'"),
        ("--views=noise", "views: expected name:number.*got 'noise'"),
        ("--views=nose:1", "Did you mean 'noise'"),
        ("--game=gun", "game: expected one of gan"),
        ("--batch_size=0", "batch_size: expected a whole number >= 1; got 0"),
        ("--batch_size=many", "batch_size: expected a whole number >= 1; got 'many'"),
        ("--beta_1=1.5", "beta_1: expected a number from 0 to below 1; got 1.5"),
        ("--memory_limit=0", "memory_limit: expected a number > 0; got 0.0"),
        ("--seed=-1", "seed: expected a whole number from 0 to 2147483647; got -1"),
        ("--precision=float16", "precision: expected one of float32, mixed_bfloat16"),
        ("--keep_best=frechet:most", "keep_best: expected name of a log"),
        ("--final_momentum=0.9", "final_momentum: expected none but for --optimizer=sgd; got 'adam'"),
        ("--extractor=vgg", "extractor: expected one of pixels"),
    ],
)
def test_a_wrong_setting_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        parsed(text)


def test_a_recipe_is_checked_wherever_it_is_made():
    with pytest.raises(ValueError, match="loss: expected one of.*Did you mean 'hinge'"):
        Recipe(loss="hing")
    with pytest.raises(ValueError, match="penalties: expected a dict"):
        Recipe(penalties=["r1"])
    ramp = tfgan.training.rates.Ramp(1.0, 0.1, 1, 100)
    fading = Recipe(penalties={"r1": ramp})
    assert experiment.settings_of(fading)["penalties"] == {"r1": (ramp, 1)}
    with pytest.raises(ValueError, match="penalties: expected numbers, which flags.txt can hold"):
        flagfile(fading)


def test_what_a_flagfile_holds_is_read_as_it_was(tmp_path):
    recipe = parsed(
        *HARD, "--views=noise:0.1:60000.0", "--game_options=frozen=(generator,)", "--rule=unrolled:5",
        "--penalties=r1:0.1:4", "--stage=a --images=7 --keep_best= --patience=0",
        "--stage='b --metrics='",
    )  # fmt: skip
    (tmp_path / "flags.txt").write_text(flagfile(recipe))
    again = parsed(f"--flagfile={tmp_path / 'flags.txt'}")
    assert again == recipe and list(again.stage) == ["a", "b"]


def test_stabilisers_are_flags():
    game = experiment.game_of(
        parsed(
            "--network=mlp", "--network_options=units=8", "--rule=unrolled:1",
            "--views=packing:2,noise:0.2:64", "--game_options=label_smoothing=0.1",
            "--batch_size=8", "--images=32", "--tick_images=16",
            "--rate_fall_images=16", "--generator_learning_rate=1e-3",
        ),
        IMAGES,
    )  # fmt: skip
    assert (game.rule, game.rule_number) == (tfgan.training.RULES["unrolled"], 1)
    noise, packing = game.objective.views
    assert (packing.size, noise.deviation, noise.fall) == (2, 0.2, 64)
    assert game.get_config()["label_smoothing"] == 0.1
    rates = lambda: {side: float(optimizer.learning_rate) for side, optimizer in game.optimizers.items()}
    assert rates() == pytest.approx({"generator": 1e-3, "discriminator": 2e-4})
    tiny.assert_trains(game, tiny.endless(np.zeros([8, 4, 4, 1], "float32")), steps=4)
    assert max(rates().values()) < 1e-9, "at the end of the run"


def test_builders_and_games_get_only_what_their_signatures_name(monkeypatch):
    def builder(image_shape, spec, units=3):
        return {"shape": image_shape, "spec": spec, "units": units}

    class Strong(tfgan.GAN):
        def __init__(self, strength=1.0, loss="hinge", seed=0, **networks):
            super().__init__(loss=loss, seed=seed)

    class Plain(tfgan.GAN):
        def __init__(self, seed=0):
            super().__init__(seed=seed)

    monkeypatch.setitem(tfgan.networks.NETWORKS, "mlp", builder)
    options = {"network": "mlp", "network_options": {"units": 4}}
    built = experiment.networks_of(Recipe(**options), IMAGES)
    assert built == {"shape": (4, 4, 1), "spec": IMAGES, "units": 4}
    with pytest.raises(ValueError, match="network_options: expected one of units; got 'unit'"):
        experiment.networks_of(Recipe(network="mlp", network_options={"unit": 4}), IMAGES)
    monkeypatch.setitem(tfgan.models.GAMES, "gan", Strong)
    assert experiment.settings_of(Recipe(game_options={"strength": 2}))["strength"] == 2
    with pytest.raises(ValueError, match="game_options: expected one of .*strength.*got 'strenght'"):
        experiment.settings_of(Recipe(game_options={"strenght": 2}))
    with pytest.raises(ValueError, match="game_options: expected one of.*got 'loss'"):
        experiment.settings_of(Recipe(game_options={"loss": "hinge"}))
    monkeypatch.setitem(tfgan.models.GAMES, "gan", Plain)
    assert experiment.settings_of(Recipe()) == {}
    with pytest.raises(ValueError, match="loss: expected none for --game=gan, which has no such setting"):
        experiment.settings_of(Recipe(loss="hinge"))
    monkeypatch.undo()
    assert experiment.settings_of(Recipe(ema_half_life=0))["ema_half_life"] is None


def test_the_memory_limit_is_that_of_the_data():
    assert parsed().memory_limit == tfgan.data.MEMORY_LIMIT


def test_a_run_is_whole_ticks_of_whole_executions():
    length = experiment.length_of(
        parsed("--batch_size=10", "--discriminator_steps=5", "--steps_per_execution=4",
               "--tick_images=1000", "--images=2400")
    )  # fmt: skip
    # A round is 50 images, an execution 200, a tick 5 executions.
    assert length == (50, 20, 2) and length.images == 2000
    assert experiment.length_of(Recipe(images=0)).images == 0


def labels(shape, kind, names):
    return {"images": Part((8, 8, 3), "image"), "condition": Part(shape, kind, names)}


def test_labels_by_name_and_number():
    spec = labels((2,), "classes", (("blonde", "red"), ("blue", "green", "grey")))
    condition, columns = experiment.conditions_for(spec, ["red", "2"], 4, columns=5)
    assert condition.tolist() == [1, 2] and columns == 5
    condition, columns = experiment.conditions_for(spec, [], 3, columns=5)
    assert condition.tolist() == [[0, 0], [1, 0], [0, 1]] and columns == 2
    with pytest.raises(ValueError, match="label: expected one of .*red.*got 'rad'.*'red'"):
        experiment.conditions_for(spec, ["rad", "2"], 4, 5)
    with pytest.raises(ValueError, match="label: expected 2 comma-separated.*got 'red'"):
        experiment.conditions_for(spec, ["red"], 4, 5)
    with pytest.raises(ValueError, match="label: expected none"):
        experiment.conditions_for({"images": spec["images"]}, ["red"], 4, 5)


def test_tags_and_words_as_labels():
    tags = labels((3,), "tags", ("long hair", "hat", "smile"))
    condition, columns = experiment.conditions_for(tags, ["hat", "2"], 4, columns=5)
    assert condition.tolist() == [0, 1, 1] and columns == 5
    condition, columns = experiment.conditions_for(tags, [], 4, columns=5)
    assert condition.argmax(axis=1).tolist() == [0, 1, 2, 0] and columns == 3
    words = labels((3,), "tokens", ("", "blue", "eyes", "hair"))
    assert experiment.conditions_for(words, ["blue hair"], 4, 5)[0].tolist() == [1, 3, 0]
    with pytest.raises(ValueError, match="label: expected 1 to 3 words; got ''"):
        experiment.conditions_for(words, [], 4, 5)


# ------------------------------------------------- errors before anything is written


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--dataset=folder:/nowhere"], "/nowhere"),
        (["--split=tset"], "tset"),
        (["--network_options=widht=4"], "Did you mean 'width'"),
        (["--penalties=gradient_penalty:10"], "batch normalisation"),
        (["--condition=label"], "condition: expected none for --game=gan"),
        (["--game_options=label_smoothing=0.1", "--loss=wasserstein"], "label_smoothing: expected a loss"),
        (["--network=mlp", "--dataset=mnist", "--data_dir=/nowhere"], "--download"),
        (["--dataset=mnits"], "Did you mean 'mnist'"),
        (["--dataset=folder:{images}/empty"], "a folder with images"),
        (["--dataset=folder:{images}/broken"], "cut.png"),
        (["--dataset=folder:{images}/whole", "--image_size=32"], "images are never enlarged"),
        (["--dataset=folder:{images}/mixed"], "image_size"),
        (["--network_options=latent_dim=3"], "network_options: expected one of"),
        (["--network_options=num_classes=10"], "network_options: expected one of"),
        (["--rule=plain:5"], "rule: expected a number only for consensus, unrolled"),
        (["--rule=unrolled", "--optimizer=rmsprop"], "rule: expected plain SGD or Adam"),
        (["--rule=consensus", "--schedule=alternating_shared"], "schedule: expected one that"),
        (["--views=packing:3", "--batch_size=64"], "divide"),
        (["--network_options=packing=3"], "network_options: expected one of"),
        (["--views=noise:0:9"], "expected a number > 0 that can fall"),
    ],
)
def test_bad_input_is_an_error_and_writes_nothing(tmp_path, images, arguments, message):
    run_dir = tmp_path / "run"
    arguments = [argument.replace("{images}", str(images)) for argument in arguments]
    with pytest.raises(ValueError, match=re.escape(message)):
        played(run_dir, "--network_options=width=4", *arguments)
    assert not run_dir.exists()


def save_image(path, side=16, level=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(level).integers(0, 256, (side, side, 3), np.uint8)
    Image.fromarray(pixels).save(path)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """Folders of images: empty, broken, whole, mixed (sizes), tagged (labels)."""
    root = tmp_path_factory.mktemp("images")
    (root / "empty").mkdir()
    for i in range(6):
        save_image(root / "whole" / f"{i}.png", level=i)
        save_image(root / "broken" / f"{i}.png", level=i)
        save_image(root / "mixed" / f"{i}.png", side=16 + i, level=i)
        save_image(root / "tagged" / f"{i}.png", level=i)
    cut = root / "broken" / "cut.png"
    save_image(cut)
    cut.write_bytes(cut.read_bytes()[:-200])
    (root / "broken" / "text.jpg").write_text("no image")
    rows = [f"{i}.png,{('red', 'blue', 'grey')[i % 3]},{('up', 'down')[i % 2]}" for i in range(6)]
    (root / "tagged" / "tags.csv").write_text("\n".join(["file,hair,mood", *rows]))
    return root


def test_a_run_needs_a_folder_that_is_its_own(tmp_path):
    with pytest.raises(ValueError, match="run_dir: expected the folder to write to"):
        experiment.run(parsed())
    (tmp_path / "thesis.tex").touch()
    for overwrite in ([], ["--overwrite"]):
        with pytest.raises(ValueError, match="run_dir: expected a new, empty or run folder"):
            played(tmp_path, *overwrite)
    assert (tmp_path / "thesis.tex").exists()
    with pytest.raises(ValueError, match="run_dir: expected the folder of a run"):
        experiment.open_run(tmp_path)


def test_a_run_of_an_older_format_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "flags.txt").write_text("--instance_noise=0.1\n--judge_images=0\n")
    (tmp_path / "environment.json").write_text('{"data": {}}')
    for act in (lambda: played(tmp_path), lambda: experiment.open_run(tmp_path)):
        with pytest.raises(ValueError, match="run_dir: expected a run of format 2: train this one anew"):
            act()


def test_a_script_prints_an_input_error_as_one_line(tmp_path):
    result = script("train", f"--run_dir={tmp_path / 'run'}", "--loss=hing")
    assert result.returncode == 1
    assert "error: loss: expected" in result.stderr and "Traceback" not in result.stderr


def test_arguments_that_are_no_flags_are_refused(tmp_path):
    result = script("train", f"--run_dir={tmp_path / 'run'}", "flags/quickstart.txt")
    assert result.returncode == 1
    assert "error: arguments: expected flags only" in result.stderr


# ------------------------------------------------------------------- whole runs


def test_bad_images_are_skipped_and_counted(images, tmp_path):
    run = tmp_path / "run"
    output = played(
        run, *SMALL, f"--dataset=folder:{images / 'broken'}", "--skip_bad_images", "--noexport",
        "--network=mlp", "--network_options=units=2",
    )  # fmt: skip
    assert "went on without 2 bad images" in output
    assert json.loads((run / "environment.json").read_text())["bad_images_skipped"] == 2


@pytest.mark.slow
def test_several_labels_flow_from_tags_to_grids_samples_and_export(images, tmp_path):
    run = tmp_path / "run"
    played(
        run, *SMALL, f"--dataset=folder:{images / 'tagged'}", "--game=conditional",
        "--condition=hair,mood",
    )  # fmt: skip
    # Two rows of three columns, one per hair.
    assert Image.open(run / "samples" / "images_0000000016.png").size == (48, 32)
    result = script(
        "generate", f"--run_dir={run}", f"--output={tmp_path / 'out'}", "--num=4", "--seed=1",
        "--label=red,up", "--columns=2", "--options=scale=0.5",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    names = sorted(path.name for path in (tmp_path / "out" / "images").iterdir())
    assert names == [f"{i:05d}.png" for i in range(4)]
    game, spec = experiment.open_run(run)
    assert spec["condition"].names == (("blue", "grey", "red"), ("down", "up"))
    grid = lambda **how: tfgan.pictures.grid(game.generate(4, condition=[2, 1], seed=1, **how), 2)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out" / "grid.png")), grid(scale=0.5))
    generate = tf.saved_model.load(str(run / "exported")).signatures["generate"]
    found = generate(
        num_images=tf.constant(4), seed=tf.constant(1), condition=tf.constant([[2, 1]])
    )["images"]
    assert np.array_equal(tfgan.pictures.grid(tfgan.data.from_uint8(found), 2), grid())


@pytest.mark.slow
def test_export_does_not_write_over_other_things(tmp_path, unbroken):
    (tmp_path / "thesis.tex").touch()
    result = script("export", f"--run_dir={unbroken[0]}", f"--output={tmp_path}")
    assert result.returncode == 1 and "output: expected a new or empty folder" in result.stderr
    assert (tmp_path / "thesis.tex").exists()
    result = script("export", f"--run_dir={unbroken[0]}", f"--output={tmp_path / 'model'}/")
    assert result.returncode == 0, result.stderr
    assert tf.saved_model.load(str(tmp_path / "model")).signatures["generate"]


def test_a_run_that_diverges_stops_and_keeps_what_it_had(tmp_path, capsys):
    run = tmp_path / "run"
    diverging = (
        "--dataset=ring", "--network=mlp", "--latent_dim=2", "--optimizer=sgd",
        "--generator_learning_rate=1e30", "--discriminator_learning_rate=1e30",
        "--loss=least_squares", "--batch_size=8", "--tick_images=80", "--images=800",
    )  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        main._report(lambda arguments: played(run, *arguments), diverging)
    error = capsys.readouterr().err
    assert ended.value.code == 1 and "stopped: " in error and "expected a finite value" in error
    assert not list(run.glob("checkpoints/step_*")) and not (run / "exported").exists()


def test_tensorboard_gets_scalars_and_images(unbroken):
    steps = {}
    for path in (unbroken[0] / "tensorboard").rglob("events*"):
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            steps |= {v.tag: max(event.step, steps.get(v.tag, 0)) for v in event.summary.value}
    assert {"discriminator_loss", "generator_loss", "samples"} <= set(steps)
    assert steps["generator_loss"] == 1280, "over images shown"


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    run_dir = tmp_path_factory.mktemp("runs") / "unbroken"
    return run_dir, played(run_dir, *HARD)


def start(run_dir, *more):
    return subprocess.Popen(
        [sys.executable, ROOT / "scripts" / "train.py", *HARD, f"--run_dir={run_dir}", *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def kill(run_dir, ready, number, *more):
    """Starts a run, sends it a signal once `ready()`; its exit code."""
    process = start(run_dir, *more)
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        if ready():
            process.send_signal(number)
            break
        time.sleep(0.002)
    process.communicate(timeout=60)
    return process.returncode


def test_a_run_leaves_what_it_names(unbroken):
    run_dir, output = unbroken
    for name in ("samples/images_0000001280.png", "metrics.csv", "exported", "checkpoints"):
        assert str(run_dir / name) in output and (run_dir / name).exists()
    assert len(logged(run_dir)) == 5
    assert output.count(" images/s ") == 5, "one line per tick"
    assert sorted(path.name for path in run_dir.iterdir()) == [
        "best", "checkpoints", "costs.csv", "environment.json", "exported", "flags.txt",
        "metrics.csv", "samples", "tensorboard",
    ]  # fmt: skip
    assert not list(run_dir.rglob("*.part"))


def assert_equal_runs(one, other):
    assert_equal_stages(one, other)
    callbacks = final_state(one)[1]["callbacks"]
    assert callbacks["KeepBest"]["best"] is not None
    assert callbacks["StopWithoutImprovement"]["tick"] is not None
    best = [keras.saving.load_model(run / "best" / "generator.keras") for run in (one, other)]
    assert same_weights(*best)


MOMENTS = {
    "after a row of metrics": lambda run: len(logged(run)) >= 2,
    "before the first tick": lambda run: (run / "samples" / "images_0000000000.png").exists(),
    "while saving": lambda run: any(run.glob("checkpoints/unfinished*")),
}
FIRST = next(iter(MOMENTS))


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_run_ends_as_the_unbroken_one(unbroken, tmp_path, moment):
    run, refused = tmp_path / "run", []

    def ready():
        if moment == FIRST and not refused and (run / "flags.txt").exists():
            with pytest.raises(ValueError, match="run_dir: expected a folder that no other process trains in"):
                played(run, *HARD, "--noexport")
            refused.append(True)
        return MOMENTS[moment](run)

    assert kill(run, ready, 9) == -9 and (refused or moment != FIRST)
    played(run, *HARD, "--noexport")
    assert_equal_runs(unbroken[0], run)


@pytest.mark.slow
def test_a_killed_run_in_bfloat16_ends_as_the_unbroken_one(tmp_path):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    precision = "--precision=mixed_bfloat16"
    played(whole, *HARD, precision)
    assert kill(broken, lambda: len(logged(broken)) >= 2, 9, precision) == -9
    played(broken, *HARD, precision)
    assert_equal_runs(whole, broken)


def test_precision_is_that_of_the_inner_layers_only():
    recipe = Recipe(precision="mixed_bfloat16", network_options={"width": 2})
    game = experiment.game_of(recipe, {"images": Part((16, 16, 1), "image")})
    for network in (game.generator, game.discriminator):
        policies = [layer.dtype_policy.name for layer in network.layers]
        assert "mixed_bfloat16" in policies and policies[-1] == "float32"
        assert all(variable.dtype == "float32" for variable in network.trainable_variables)
    assert keras.config.dtype_policy().name == "float32"


@pytest.mark.slow
def test_a_terminated_run_saves_and_ends_as_the_unbroken_one(unbroken, tmp_path, monkeypatch):
    run = tmp_path / "run"

    def terminate(self, batch, logs=None):
        if len(logged(run)) == 2 and batch > 2:
            signal.raise_signal(signal.SIGTERM)

    with monkeypatch.context() as patched, pytest.raises(SystemExit) as ended:
        patched.setattr(tfgan.callbacks.SampleGrid, "on_train_batch_end", terminate)
        played(run, *HARD, "--noexport")
    assert ended.value.code == 128 + 15
    name, state, _ = final_state(run)
    # 40 images a round, 16 rounds a tick.
    assert state["rounds"] and int(name.removeprefix("step_")) == 16 * state["tick"] + state["rounds"]
    played(run, *HARD, "--noexport")
    assert_equal_runs(unbroken[0], run)


def test_a_finished_run_says_so_and_does_nothing(unbroken):
    run_dir, _ = unbroken
    before = {path: path.stat().st_mtime_ns for path in run_dir.rglob("*") if path.is_file()}
    assert "is finished (1,280 images)" in played(run_dir, *HARD)
    assert before == {p: p.stat().st_mtime_ns for p in run_dir.rglob("*") if p.is_file()}


def test_other_flags_are_refused_and_listed(unbroken):
    with pytest.raises(ValueError, match=r"--batch_size: 8 there, 16 here; --seed: 3 there, 4 here"):
        played(unbroken[0], *HARD, "--batch_size=16", "--seed=4")


def test_a_flag_that_is_no_longer_set_is_a_difference_too(unbroken):
    without = [flag for flag in HARD if not flag.startswith(("--keep_best", "--patience"))]
    with pytest.raises(ValueError, match="--keep_best: sliced_wasserstein there, None here"):
        played(unbroken[0], *without)


def test_overwrite_starts_anew(unbroken, tmp_path):
    run_dir = tmp_path / "run"
    (run_dir / "checkpoints").mkdir(parents=True)
    (run_dir / "flags.txt").write_text("--seed=99\n")
    (run_dir / "old").touch()
    for text, message in ((None, "flags.txt but no environment.json"), ("{", "environment.json can be read")):
        if text:
            (run_dir / "environment.json").write_text(text)
        with pytest.raises(ValueError, match=message):
            played(run_dir, *HARD, "--overwrite")
    assert (run_dir / "old").exists()
    (run_dir / "environment.json").write_text('{"format": 1}')
    played(run_dir, *HARD, "--overwrite", "--noexport")
    assert not (run_dir / "old").exists()
    assert_equal_runs(unbroken[0], run_dir)


def test_flags_of_a_run_replay_it(unbroken):
    again = parsed(f"--flagfile={unbroken[0] / 'flags.txt'}", "--run_dir=elsewhere")
    asked = parsed(*HARD)
    assert all(getattr(again, name) == getattr(asked, name) for name in FIELDS if name != "run_dir")


def test_what_a_sampler_is_given(unbroken, images):
    game, spec = experiment.open_run(unbroken[0])
    sampler = game.samplers()["generate"]
    assert experiment.given_for(sampler, spec) == ({}, 64, 8)
    with pytest.raises(ValueError, match="label: expected none"):
        experiment.given_for(sampler, spec, labels=["3"])
    with pytest.raises(ValueError, match="input: expected images of nothing; got"):
        experiment.given_for(sampler, spec, folders=[str(images / "whole")])
    photo = tf.TensorSpec([None, 8, 8, 3])
    translator = sampler._replace(given={"photo": photo, "condition": tf.TensorSpec([None], tf.int32)})
    parts = {**labels((), "classes", (("a", "b"),)), "photo": Part((8, 8, 3), "image")}
    given, count, columns = experiment.given_for(translator, parts, ["b"], [str(images / "whole")])
    assert given["photo"].shape == (6, 8, 8, 3) and given["condition"] == 1 and (count, columns) == (6, 8)
    with pytest.raises(ValueError, match="input: expected a folder of images for photo; got \\[\\]"):
        experiment.given_for(translator, parts, ["b"])


def test_kinds_of_values_go_through_text():
    kind = kinds.options("")
    for value in ({"a": (1, 2), "b": "word", "c": 0.5}, {"a": ("one",)}, {"law": {"x": 1, "y": 2}}, {}):
        assert kind.parse("options", kind.text(value)) == value
