"""What a user hands to the scripts works, or is refused in one sentence before anything is written."""

import os
import re
import shlex
import subprocess
import sys
from types import SimpleNamespace

import pytest
import tensorflow as tf
from runs import ROOT, played

from tfgan import experiment, files, samplers
from tfgan.data.source import Part
from tfgan.experiment import next_steps
from tfgan.experiment.folder import RunFolder

SMALL = (
    "--dataset=digits", "--image_size=16", "--network=mlp", "--network_options=units=4", "--latent_dim=2",
    "--batch_size=8", "--tick_images=16", "--images=16", "--grid_rows=1", "--grid_columns=2",
)  # fmt: skip

# --------------------------------------------------------------- settings of a run

REFUSED = {
    # Numbers.
    "--images=-5": "images: expected a whole number >= 0; got -5",
    "--images=": "images: expected a whole number >= 0; got ''",
    "--images=1e6": "images: expected a whole number >= 0; got '1e6'",
    "--batch_size=-1": "batch_size: expected a whole number >= 1; got -1",
    "--seed=3000000000": "seed: expected a whole number from 0 to 2147483647",
    "--generator_learning_rate=nan": "generator_learning_rate: expected a number >= 0; got nan",
    "--generator_learning_rate=inf": "generator_learning_rate: expected a number >= 0; got inf",
    "--beta_2=1": "beta_2: expected a number from 0 to below 1; got 1.0",
    "--penalties=r1:inf": "penalties: expected a finite weight for r1; got inf",
    "--penalties=r1:1:0": "the interval of penalties['r1']: expected a whole number >= 1; got 0",
    "--views=noise:x": "views['noise']: expected a number >= 0; got 'x'",
    "--rule=unrolled:2.5": "rule: expected a whole number > 0 for unrolled",
    # Names.
    "--dataset=": "dataset: expected name or folder:PATH",
    "--dataset=a=digits,b=": "expected one name, or part=name for each of several",
    "--dataset=folder:": "expected folder:PATH, PATH being an existing folder",
    "--loss=": "loss: expected one of minimax",
    "--strategy=both": "strategy: expected one of one, mirrored; got 'both'",
    "--network_options=unit=4": "network_options: expected one of",
    "--network_options=units=2,units=4": "network_options: expected each name once; got 'units'",
    "--views=noise:1,noise:2": "views: expected each name once; got 'noise'",
    "--extractor=pixels:a.pb": "extractor: expected no path after pixels",
    "--keep_best=:max": "monitor: expected one of discriminator_loss, generator_loss; got ''",
    "--split=train[:0]": "split: expected at least one example",
    "--split=train[": "split: expected an expression such as",
    # Values that no check of the library knows.
    "--network=dcgan --network_options=dropout=2": "network_options: expected values of the right kind and "
    "range; got 'dropout=2: Invalid value received for argument `rate`",
    "--game_options=frozen=3": "game_options: expected values of the right kind and range; got \"frozen=3: ",
    # Stages.
    "--stage=": "stage: expected 'NAME --flag=value ...'; got ''",
    "--stage='a --images'": "stage 'a': expected those that train.py --help lists; got 'Missing value",
    "--stage='a --bogus=1'": "stage 'a': expected those that train.py --help lists; got \"Unknown",
    "--stage='a b'": "stage 'a': expected flags only (--name=value); got 'b'",
    '--stage="a --images=\'"': "stage: expected 'NAME --flag=value ...'; got \"a --images='\"",
    "--stage=flags.txt": "stage: expected none of best, checkpoints,",
    # Command lines.
    "--datset=digits": "flags: expected those that train.py --help lists; got \"Unknown command line flag",
    "flags/quickstart.txt": "flags: expected flags only (--name=value); got 'flags/quickstart.txt'",
    "-- --images=8": "flags: expected flags only (--name=value); got '--images=8'",
}  # fmt: skip


@pytest.mark.parametrize("arguments", REFUSED)
def test_odd_settings_are_refused_and_nothing_is_written(tmp_path, arguments):
    command = [*SMALL, f"--run_dir={tmp_path / 'new' / 'run'}", *shlex.split(arguments)]
    with pytest.raises(ValueError, match=re.escape(REFUSED[arguments])) as error:
        experiment.run(experiment.parse_flags(command))
    assert "\n" not in str(error.value) and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "place, message",
    [
        ("file", "run_dir: expected a folder; got 'the file "),
        ("file/run", "run_dir: expected a folder that can be written to"),
        ("photos", "run_dir: expected a new, empty or run folder"),
        ("run/inner", "run_dir: expected a folder outside of other runs"),
        ("run/samples", "run_dir: expected a folder outside of other runs"),
    ],
)
def test_places_where_no_run_can_be(tmp_path, place, message):
    for folder in ("photos", "run/samples"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("file", "photos/a.png", "run/flags.txt", "run/environment.json"):
        (tmp_path / file).touch()
    before = sorted(tmp_path.rglob("*"))
    for more in ((), ("--overwrite",)):
        with pytest.raises(ValueError, match=re.escape(message)):
            played(tmp_path / place, *SMALL, *more)
    assert sorted(tmp_path.rglob("*")) == before


# ------------------------------------------------------------------ command lines

COMMANDS = {
    "train --datset=digits": "Unknown command line flag 'datset'. Did you mean: dataset ?",
    "train --flagfile=nowhere.txt": "Unable to open flagfile: [Errno 2]",
    "train --flagfile=": "flagfile: expected the path of a file",
    "train": "run_dir: expected the folder to write to, such as runs/a",
    "train --run_dir=new -- --images=8": "arguments: expected flags only (--name=value); got '--images=8'",
    "generate --run_dir=nowhere": "flag --output=None: expected a path",
    "generate --run_dir=nowhere --output=": "flag --output=: expected a path",
    "generate --run_dir=nowhere --output=a.txt": "output: expected a folder; got 'the file a.txt'",
    "generate --run_dir=nowhere --output=a.txt/new": "output: expected a folder that can be written",
    "generate --run_dir=nowhere --output=new": "run_dir: expected the folder of a run; got 'nowhere'",
    "generate --run_dir=nowhere --output=new --seed=-1": "flag --seed=-1: -1 is not",
    "evaluate --run_dir=": "expected --run_dir, or --real and --generated",
    "evaluate --run_dir=nowhere --output=photos": "output: expected a file; got 'the folder photos'",
    "evaluate --run_dir=nowhere --image_size=8": "image_size: expected none, since it is for folders",
    "evaluate --real=nowhere --generated=photos": "real: expected a folder of images; got 'nowhere'",
    "export --run_dir=nowhere --output=a.txt": "output: expected a folder; got 'the file a.txt'",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_odd_command_lines_end_in_one_line(tmp_path, command):
    (tmp_path / "photos").mkdir()
    for file in ("a.txt", "photos/a.png"):
        (tmp_path / file).touch()
    before = sorted(tmp_path.rglob("*"))
    name, *arguments = shlex.split(command)
    result = subprocess.run(
        [sys.executable, ROOT / "scripts" / f"{name}.py", *arguments],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 1 and not result.stdout
    assert result.stderr.startswith("error: ") and result.stderr.count("\n") == 1
    assert COMMANDS[command] in result.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_places_of_what_is_written(tmp_path):
    (tmp_path / "file").touch()
    files.check_place("output", tmp_path / "new" / "scores.json", "file")
    files.check_place("output", tmp_path / "file", "file")
    files.check_place("output", tmp_path, "folder")
    if os.getuid():  # root may write everywhere
        with pytest.raises(ValueError, match="output: expected a folder that can be written"):
            files.check_place("output", "/proc/new", "folder")


def test_options_of_a_sampler():
    sampler = samplers.Sampler(None, None, {}, "images", options={"scale": 1.0, "mode": "a"})
    assert experiment.options_for(sampler, "scale=0.5,mode=b") == {"scale": 0.5, "mode": "b"}
    with pytest.raises(ValueError, match="options: expected one of scale, mode; got 'seed'"):
        experiment.options_for(sampler, "seed=3")
    with pytest.raises(ValueError, match="options: expected a number for scale; got 'x'"):
        experiment.options_for(sampler, "scale=x")


# ------------------------------------------------------------- what a run ends with


def commands_of(tmp_path, made, spec=None, exported=True):
    run = RunFolder(tmp_path / "my run")
    if exported:
        run.exported.mkdir(parents=True, exist_ok=True)
    game = SimpleNamespace(samplers=lambda: made)
    return next_steps.commands(SimpleNamespace(run=run, spec=spec or {}), game)


def test_commands_for_what_comes_next(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["scripts/train.py"])
    monkeypatch.setattr(sys, "orig_argv", ["python"])
    make = lambda given=(), compared="images": samplers.Sampler(None, None, dict(given), compared)
    image, words = tf.TensorSpec([None, 8, 8, 1]), tf.TensorSpec([None, 3], tf.int32)
    flag = f"'--run_dir={tmp_path}/my run'"
    found = commands_of(tmp_path, {"generate": make()})
    assert list(found) == ["samples", "scores", "curves"]
    output = f"'--output={tmp_path}/my run/generated'"
    assert found["samples"] == f"python scripts/generate.py {flag} {output}"
    assert found["scores"] == f"python scripts/evaluate.py {flag}"
    assert found["curves"].endswith(f"'--logdir={tmp_path}/my run/tensorboard'")
    # Of words one has to be named; of samplers one that needs no images, and one that is compared.
    spec = {"condition": Part((3,), "tokens", ("", "blue", "hair"))}
    found = commands_of(tmp_path, {"generate": make({"condition": words})}, spec)
    assert found["samples"].endswith(" --label=blue")
    several = {"a_to_b": make({"a": image}), "b": make(compared=None)}
    found = commands_of(tmp_path, several)
    assert found["samples"].endswith(" --sampler=b") and "--sampler" not in found["scores"]
    assert list(commands_of(tmp_path, {"a_to_b": make({"a": image}, None)})) == ["curves"]
    (tmp_path / "my run" / "exported").rmdir()
    assert "scripts/export.py" in commands_of(tmp_path, {"generate": make()}, exported=False)["SavedModel"]
    monkeypatch.setattr(sys, "argv", ["notebook.py"])
    assert commands_of(tmp_path, {"generate": make()}) == {}


@pytest.mark.slow
def test_those_commands_work_and_nothing_is_noise(tmp_path):
    """In a folder whose name needs quotes; standard error stays empty."""
    train = [sys.executable, ROOT / "scripts" / "train.py"]
    command = [*train, *SMALL, "--noexport", "--run_dir=läufe/ein lauf"]
    first = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert first.returncode == 0 and first.stderr == ""
    _, _, text = first.stdout.partition("\nnext\n")
    found = dict(re.findall(r"^  (\w+): +(.+)$", text, re.MULTILINE))
    assert list(found) == ["samples", "scores", "SavedModel", "curves"]
    for name in ("samples", "scores", "SavedModel"):
        result = subprocess.run(found[name], shell=True, capture_output=True, text=True, cwd=tmp_path)
        assert result.returncode == 0 and "Traceback" not in result.stderr, result.stderr
    run = tmp_path / "läufe" / "ein lauf"
    for path in ("generated/grid.png", "scores.json", "exported/saved_model.pb"):
        assert (run / path).exists()
    inspect = f"{found['curves']} --inspect"
    result = subprocess.run(inspect, shell=True, capture_output=True, text=True, cwd=tmp_path)
    assert "generator_loss" in result.stdout, result.stderr
