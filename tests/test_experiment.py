import json
import re
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
from runs import ROOT, parsed, script

import tfgan
from tfgan import experiment
from tfgan.experiment.flags import parse_options, parse_penalties, parse_rule, table_keys
from tfgan.experiment.labels import conditions_for
from tfgan.experiment.folder import DataShape
from tfgan.experiment.build import run_length


# Small and fast, and with all that makes resuming hard.
HARD = (
    "--dataset=digits", "--image_size=16", "--network=dcgan", "--latent_dim=8",
    "--network_options=width=4,dropout=0.3,norm=layer", "--discriminator_steps=5",
    "--steps_per_execution=2", "--batch_size=8", "--tick_images=640", "--images=6400",
    "--ema_half_life=200", "--grid_rows=2", "--grid_columns=2", "--seed=3",
    "--split=train[:1500]", "--held_out=train[1500:]", "--metrics=ms_ssim,sliced_wasserstein",
    "--metric_samples=16", "--metric_ticks=2", "--keep_best=sliced_wasserstein",
    "--patience=50",
)  # fmt: skip


# ------------------------------------------------------------------------ flags


@pytest.mark.parametrize(
    "module, name, table",
    [
        ("losses.py", "LOSSES", tfgan.losses.LOSSES),
        ("penalties.py", "PENALTIES", tfgan.penalties.PENALTIES),
        ("updates/schedules.py", "SCHEDULES", tfgan.updates.SCHEDULES),
        ("updates/rules.py", "RULES", tfgan.updates.RULES),
        ("latents.py", "PRIORS", tfgan.latents.PRIORS),
        ("networks/__init__.py", "NETWORKS", tfgan.networks.NETWORKS),
        ("models/__init__.py", "GAMES", tfgan.models.GAMES),
        ("data/__init__.py", "DATASETS", tfgan.data.DATASETS),
        ("metrics/table.py", "METRICS", tfgan.metrics.METRICS),
        ("features/__init__.py", "EXTRACTORS", tfgan.features.EXTRACTORS),
        ("optimizers.py", "OPTIMIZERS", tfgan.optimizers.OPTIMIZERS),
    ],
)
def test_keys_read_off_the_source_are_those_of_the_table(module, name, table):
    assert table_keys(module, name) == list(table)


def test_every_flag_states_its_unit_or_range():
    values = flags.FlagValues()
    experiment.define_flags(values)
    without = [name for name in values if not re.search(r"\[.+\]$", values[name].help)]
    assert len(list(values)) > 30 and not without


@pytest.mark.parametrize(
    "name, flag",
    [
        ("train", "--run_dir"),
        ("generate", "--run_dir"),
        ("evaluate", "--run_dir"),
        ("export", "--run_dir"),
        ("reproduce", "--runs"),
    ],
)
def test_help_answers_in_two_seconds_with_exit_code_0(name, flag):
    started = time.monotonic()
    result = script(name, "--help")
    assert time.monotonic() - started < 2
    assert result.returncode == 0 and flag in result.stdout
    if name == "train":
        assert "relativistic" in result.stdout and "--discriminator_steps" in result.stdout


def test_lists_of_options_and_penalties():
    assert parse_options(["width=64", "norm=layer"]) == {"width": 64, "norm": "layer"}
    assert parse_penalties(["r1:0.5", "r2:2:16"]) == {"r1": (0.5, 1), "r2": (2.0, 16)}
    with pytest.raises(ValueError, match="penalties: expected name:weight.*got 'r1'"):
        parse_penalties(["r1"])
    with pytest.raises(ValueError, match="network_options: expected name=value.*got 'width'"):
        parse_options(["width"])


def test_a_rule_with_or_without_its_number():
    assert parse_rule("optimistic") == "optimistic"
    assert parse_rule("unrolled:5") == {"unrolled": 5.0}
    with pytest.raises(ValueError, match="rule: expected name or name:number; got 'unrolled:five'"):
        parse_rule("unrolled:five")


def test_stabilisers_are_flags():
    game = experiment.build_game(
        parsed(
            "--network=mlp", "--network_options=units=8", "--packing=2", "--rule=unrolled:2",
            "--instance_noise=0.2", "--instance_noise_fall=64", "--label_smoothing=0.1",
            "--batch_size=8", "--images=32", "--tick_images=16", "--rate_fall_images=16",
            "--generator_learning_rate=1e-3",
        ),
        DataShape((4, 4, 1), (), ()),
    )  # fmt: skip
    assert (game.rule, game.rule_number) == (tfgan.updates.RULES["unrolled"], 2)
    assert (game.packing, game.instance_noise, game.instance_noise_fall) == (2, 0.2, 64)
    assert game.objective.discriminator.keywords == {"real_target": 0.9}
    rates = lambda: {side: float(optimizer.learning_rate) for side, optimizer in game.optimizers.items()}
    assert rates() == pytest.approx({"generator": 1e-3, "discriminator": 2e-4})
    tiny.assert_trains(game, tiny.endless(np.zeros([8, 4, 4, 1], "float32")), steps=4)
    assert max(rates().values()) < 1e-9, "at the end of the run"


def test_the_memory_limit_is_that_of_the_data():
    from tfgan import data

    assert parsed().memory_limit == data.MEMORY_LIMIT


def test_a_run_is_whole_ticks_of_whole_executions():
    length = run_length(
        parsed("--batch_size=10", "--discriminator_steps=5", "--steps_per_execution=4",
               "--tick_images=1000", "--images=2400")
    )  # fmt: skip
    # A round is 50 images, an execution 200, a tick 5 executions.
    assert length == (50, 20, 2) and length.images == 2000


def test_labels_by_name_and_number():
    data = DataShape((8, 8, 3), (2, 3), (("blonde", "red"), ("blue", "green", "grey")))
    condition, columns = conditions_for(data, ["red", "2"], 4, columns=5)
    assert condition.tolist() == [1, 2] and columns == 5
    condition, columns = conditions_for(data, [], 3, columns=5)
    assert condition.tolist() == [[0, 0], [1, 0], [0, 1]] and columns == 2
    with pytest.raises(ValueError, match="label: expected one of .*red.*got 'rad'.*'red'"):
        conditions_for(data, ["rad", "2"], 4, 5)
    with pytest.raises(ValueError, match="label: expected 2 comma-separated.*got 'red'"):
        conditions_for(data, ["red"], 4, 5)
    with pytest.raises(ValueError, match="label: expected none"):
        conditions_for(DataShape((8, 8, 3), (), ()), ["red"], 4, 5)


# ------------------------------------------------- errors before anything is written


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--dataset=folder:/nowhere"], "/nowhere"),
        (["--split=tset"], "tset"),
        (["--network_options=widht=4"], "Did you mean 'width'"),
        (["--penalties=r3:1"], "penalties: expected one of"),
        (["--penalties=gradient_penalty:10"], "batch normalisation"),
        (["--condition=label"], "condition: expected none for --game=gan"),
        (["--label_smoothing=0.1", "--loss=wasserstein"], "label_smoothing: expected a loss"),
        (["--network=mlp", "--dataset=mnist", "--data_dir=/nowhere"], "--download"),
        (["--dataset=mnits"], "Did you mean 'mnist'"),
        (["--dataset=folder:{images}/empty"], "a folder with images"),
        (["--dataset=folder:{images}/broken"], "cut.png"),
        (["--dataset=folder:{images}/whole", "--image_size=32"], "images are never enlarged"),
        (["--dataset=folder:{images}/mixed"], "image_size"),
        (["--network_options=latent_dim=3"], "network_options: expected one of"),
        (["--network_options=num_classes=10"], "network_options: expected one of"),
        (["--rule=unroled:5"], "Did you mean 'unrolled'"),
        (["--rule=plain:5"], "rule: expected a number only for consensus, unrolled"),
        (["--rule=unrolled", "--optimizer=rmsprop"], "rule: expected plain SGD or Adam"),
        (["--rule=consensus", "--schedule=alternating_shared"], "schedule: expected one that"),
        (["--judge_images=9", "--packing=2"], "judge_images: expected 0 with packs"),
        (["--judge_images=9", "--schedule=adaptive"], "judge_images: expected 0 with schedule"),
        (["--packing=3", "--batch_size=64"], "divide"),
        (["--network_options=packing=3"], "network_options: expected one of"),
        (["--instance_noise_fall=9"], "instance_noise: expected a number > 0 that can fall"),
    ],
)
def test_bad_input_is_an_error_and_writes_nothing(tmp_path, images, arguments, message):
    run_dir = tmp_path / "run"
    arguments = [argument.replace("{images}", str(images)) for argument in arguments]
    with pytest.raises(ValueError, match=re.escape(message)):
        experiment.train(parsed(f"--run_dir={run_dir}", *arguments))
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
        experiment.train(parsed())
    (tmp_path / "thesis.tex").touch()
    for overwrite in ([], ["--overwrite"]):
        with pytest.raises(ValueError, match="run_dir: expected a new, empty or run folder"):
            experiment.train(parsed(f"--run_dir={tmp_path}", *overwrite))
    assert (tmp_path / "thesis.tex").exists()
    with pytest.raises(ValueError, match="run_dir: expected the folder of a run"):
        experiment.open_run(tmp_path)


def test_a_script_prints_an_input_error_as_one_line(tmp_path):
    result = script("train", f"--run_dir={tmp_path / 'run'}", "--split=tset")
    assert result.returncode == 1
    assert "error: split: expected" in result.stderr and "Traceback" not in result.stderr


def test_arguments_that_are_no_flags_are_refused(tmp_path):
    result = script("train", f"--run_dir={tmp_path / 'run'}", "flags/quickstart.txt")
    assert result.returncode == 1
    assert "error: arguments: expected flags only" in result.stderr


# ------------------------------------------------------------------- whole runs

SMALL = (
    "--network_options=width=2", "--latent_dim=2", "--batch_size=4", "--tick_images=8",
    "--images=16", "--grid_rows=2",
)  # fmt: skip


def test_bad_images_are_skipped_and_counted(images, tmp_path):
    run = tmp_path / "run"
    result = script(
        "train", *SMALL, f"--run_dir={run}", f"--dataset=folder:{images / 'broken'}",
        "--skip_bad_images",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "went on without 2 bad images" in result.stdout
    assert json.loads((run / "environment.json").read_text())["bad_images_skipped"] == 2


def test_several_labels_flow_from_tags_to_grids_samples_and_export(images, tmp_path):
    run = tmp_path / "run"
    result = script(
        "train", *SMALL, f"--run_dir={run}", f"--dataset=folder:{images / 'tagged'}",
        "--game=conditional", "--condition=hair,mood",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    # Two rows of three columns, one per hair.
    assert Image.open(run / "samples" / "images_0000000016.png").size == (48, 32)
    result = script(
        "generate", f"--run_dir={run}", f"--output={tmp_path / 'out'}", "--num=4", "--seed=1",
        "--label=red,up", "--columns=2",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    game, data = experiment.open_run(run)
    assert data.class_names == (("blue", "grey", "red"), ("down", "up"))
    expected = tfgan.pictures.grid(game.generate(4, condition=[2, 1], seed=1), 2)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out" / "grid.png")), expected)
    wrong = script("generate", f"--run_dir={run}", f"--output={tmp_path}", "--label=rde,up")
    assert "label: expected one of blue, grey, red" in wrong.stderr

    exported = tmp_path / "exported"
    result = script("export", f"--run_dir={run}", f"--output={exported}/")
    assert result.returncode == 0, result.stderr
    generate = tf.saved_model.load(str(exported)).signatures["generate"]
    found = generate(
        num_images=tf.constant(4), seed=tf.constant(1), condition=tf.constant([[2, 1]])
    )["images"]
    assert np.array_equal(tfgan.pictures.grid(tfgan.data.from_uint8(found), 2), expected)


def test_export_does_not_write_over_other_things(tmp_path, unbroken):
    (tmp_path / "thesis.tex").touch()
    result = script("export", f"--run_dir={unbroken[0]}", f"--output={tmp_path}")
    assert result.returncode == 1 and "output: expected a new or empty folder" in result.stderr
    assert (tmp_path / "thesis.tex").exists()


def test_a_run_that_diverges_stops_and_keeps_what_it_had(tmp_path):
    run = tmp_path / "run"
    result = script(
        "train", f"--run_dir={run}", "--dataset=ring", "--network=mlp", "--latent_dim=2",
        "--optimizer=sgd", "--generator_learning_rate=1e30", "--discriminator_learning_rate=1e30",
        "--loss=least_squares", "--batch_size=8", "--tick_images=80", "--images=800",
    )  # fmt: skip
    assert result.returncode == 1
    assert "stopped: " in result.stderr and "expected a finite value" in result.stderr
    assert not list(run.glob("checkpoints/step_*")) and not (run / "exported").exists()


def test_tensorboard_gets_scalars_and_images(unbroken):
    tags = set()
    for path in (unbroken[0] / "tensorboard").rglob("events*"):
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            tags |= {value.tag for value in event.summary.value}
    assert {"epoch_discriminator_loss", "epoch_generator_loss", "samples"} <= tags


def train(run_dir, *more):
    return script("train", *HARD, f"--run_dir={run_dir}", *more)


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


def rows(run_dir):
    metrics = run_dir / "metrics.csv"
    return len(metrics.read_text().splitlines()) - 1 if metrics.exists() else 0


def final_state(run_dir):
    newest = sorted((run_dir / "checkpoints").glob("step_*"))[-1]
    reader = tf.train.load_checkpoint(str(newest / "variables"))
    variables = {
        name: reader.get_tensor(name).tobytes()
        for name in reader.get_variable_to_shape_map()
        if name != "_CHECKPOINTABLE_OBJECT_GRAPH"
    }
    return newest.name, json.loads((newest / "state.json").read_text()), variables


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    run_dir = tmp_path_factory.mktemp("runs") / "unbroken"
    result = train(run_dir)
    assert result.returncode == 0, result.stderr
    return run_dir, result.stdout


def test_a_run_leaves_what_it_names(unbroken):
    run_dir, output = unbroken
    for name in ("samples/images_0000006400.png", "metrics.csv", "exported", "checkpoints"):
        assert str(run_dir / name) in output and (run_dir / name).exists()
    assert len((run_dir / "metrics.csv").read_text().splitlines()) == 11
    assert output.count(" images/s ") == 10, "one line per tick"
    assert sorted(path.name for path in run_dir.iterdir()) == [
        "best_generator.keras", "checkpoints", "costs.csv", "environment.json", "exported",
        "flags.txt", "metrics.csv", "samples", "tensorboard",
    ]  # fmt: skip
    assert not list(run_dir.rglob("*.part"))


def assert_equal_runs(one, other):
    assert (one / "metrics.csv").read_text() == (other / "metrics.csv").read_text()
    of_one, of_other = final_state(one), final_state(other)
    assert of_one[:2] == of_other[:2], "step, tick and best score"
    assert of_one[1]["callbacks"]["0 KeepBest"]["best"] is not None
    assert of_one[1]["callbacks"]["1 StopWithoutImprovement"]["tick"] is not None
    assert of_one[2].keys() == of_other[2].keys()
    for name, content in of_one[2].items():
        assert content == of_other[2][name], name
    pictures = [
        {path.name: path.read_bytes() for path in (run / "samples").iterdir()}
        for run in (one, other)
    ]
    assert pictures[0] == pictures[1]
    best = [
        keras.saving.load_model(run / "best_generator.keras").get_weights() for run in (one, other)
    ]
    assert all(map(np.array_equal, *best))


MOMENTS = {
    "before the first tick": lambda run: (run / "samples" / "images_0000000000.png").exists(),
    "after a row of metrics": lambda run: rows(run) >= 3,
    "while saving": lambda run: any(run.glob("checkpoints/unfinished*")),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_run_ends_as_the_unbroken_one(unbroken, tmp_path, moment):
    run = tmp_path / "run"
    assert kill(run, lambda: MOMENTS[moment](run), 9) == -9
    result = train(run)
    assert result.returncode == 0, result.stderr
    assert_equal_runs(unbroken[0], run)


def test_a_killed_run_in_bfloat16_ends_as_the_unbroken_one(tmp_path):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    precision = "--precision=mixed_bfloat16"
    assert train(whole, precision).returncode == 0
    assert kill(broken, lambda: rows(broken) >= 3, 9, precision) == -9
    assert train(broken, precision).returncode == 0
    assert_equal_runs(whole, broken)


def test_precision_is_that_of_the_inner_layers_only(images):
    values = parsed("--precision=mixed_bfloat16", "--network_options=width=2")
    game = experiment.build_game(values, DataShape((16, 16, 1), (), ()))
    for network in (game.generator, game.discriminator):
        policies = [layer.dtype_policy.name for layer in network.layers]
        assert "mixed_bfloat16" in policies and policies[-1] == "float32"
        assert all(variable.dtype == "float32" for variable in network.trainable_variables)
    assert keras.config.dtype_policy().name == "float32"


def test_a_terminated_run_saves_and_ends_as_the_unbroken_one(unbroken, tmp_path):
    run = tmp_path / "run"
    assert kill(run, lambda: rows(run) >= 2, 15) == 128 + 15
    name, state, _ = final_state(run)
    # 5 images per row of a round, 16 rounds a tick.
    assert int(name.removeprefix("step_")) == 16 * state["tick"] + state["rounds"]
    result = train(run)
    assert result.returncode == 0, result.stderr
    assert_equal_runs(unbroken[0], run)


def test_a_finished_run_says_so_and_does_nothing(unbroken):
    run_dir, _ = unbroken
    before = {path: path.stat().st_mtime_ns for path in run_dir.rglob("*") if path.is_file()}
    result = train(run_dir)
    assert result.returncode == 0 and "is finished (6,400 images)" in result.stdout
    assert before == {p: p.stat().st_mtime_ns for p in run_dir.rglob("*") if p.is_file()}


def test_other_flags_are_refused_and_listed(unbroken):
    with pytest.raises(ValueError, match=r"--batch_size: 8 there, 16 here; --seed: 3 there, 4 here"):
        experiment.train(parsed(*HARD, f"--run_dir={unbroken[0]}", "--batch_size=16", "--seed=4"))


def test_a_flag_that_is_no_longer_set_is_a_difference_too(unbroken):
    without = [flag for flag in HARD if not flag.startswith("--keep_best")]
    with pytest.raises(ValueError, match="--keep_best: sliced_wasserstein there, None here"):
        experiment.train(parsed(*without, f"--run_dir={unbroken[0]}"))


def test_overwrite_starts_anew(unbroken, tmp_path):
    run_dir = tmp_path / "run"
    run_dir.mkdir()
    (run_dir / "flags.txt").write_text("--seed=99\n")
    (run_dir / "old").touch()
    result = train(run_dir, "--overwrite")
    assert result.returncode == 0 and not (run_dir / "old").exists()
    assert_equal_runs(unbroken[0], run_dir)


def test_flags_of_a_run_replay_it(unbroken):
    again = parsed(f"--flagfile={unbroken[0] / 'flags.txt'}", "--run_dir=elsewhere")
    asked = parsed(*HARD)
    assert all(again[n].value == asked[n].value for n in asked if n != "run_dir")


def test_generate_writes_a_grid_and_single_images(unbroken, tmp_path):
    result = script(
        "generate", f"--run_dir={unbroken[0]}", f"--output={tmp_path}", "--num=5", "--seed=1"
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "grid.png").exists()
    names = sorted(path.name for path in (tmp_path / "images").iterdir())
    assert names == [f"{i:05d}.png" for i in range(5)]


def test_generate_refuses_labels_of_an_unconditional_game(unbroken, tmp_path):
    result = script(
        "generate", f"--run_dir={unbroken[0]}", f"--output={tmp_path / 'out'}", "--label=3"
    )
    assert result.returncode == 1 and "error: label: expected none" in result.stderr
    assert not (tmp_path / "out").exists()
