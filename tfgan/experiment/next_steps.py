"""Commands for what comes after training: samples, scores, an exported model, curves."""

import importlib.util
import shlex
import shutil
import sys
from pathlib import Path


def commands(stage, game):
    """Commands that work on a run that has ended.

    Args:
        stage: its last `Stage`.
        game: that stage's game.

    Returns:
        Dict of what one gets to a command line; empty where the run was not started by
        `train.py`, so that nobody knows where the scripts are.
    """
    started = Path(sys.argv[0])
    if started.name != "train.py":
        return {}
    run = stage.run
    found = {
        "samples": _generate(stage, game),
        "scores": _evaluate(game),
        "SavedModel": None if run.exported.exists() else ["export", f"--output={run.exported}"],
    }
    scripts = {
        name: [_python(), str(started.with_name(f"{script}.py")), f"--run_dir={run.path}", *flags]
        for name, (script, *flags) in ((name, each) for name, each in found.items() if each)
    }
    curves = {"curves": [*_tensorboard(), f"--logdir={run.tensorboard}"]} if _tensorboard() else {}
    return {name: shlex.join(words) for name, words in {**scripts, **curves}.items()}


def _generate(stage, game):
    """generate.py and its flags, for the first sampler that needs no images; None without one."""
    samplers = game.samplers()
    name = next((name for name, sampler in samplers.items() if not sampler.images_given), None)
    if name is None:
        return None
    chosen = [] if name == next(iter(samplers)) else [f"--sampler={name}"]
    condition = stage.spec.get("condition") if "condition" in samplers[name].given else None
    # Words have no order in which they could be shown in turn; number 0 is no word.
    label = [f"--label={condition.names[1]}"] if condition and condition.kind == "tokens" else []
    return ["generate", f"--output={stage.run.path / 'generated'}", *chosen, *label]


def _evaluate(game):
    """evaluate.py and its flags, for the first sampler that is compared with data, or None."""
    samplers = game.samplers()
    name = next((name for name, sampler in samplers.items() if sampler.compared_with), None)
    if name is None:
        return None
    return ["evaluate", *([] if name == next(iter(samplers)) else [f"--sampler={name}"])]


def _tensorboard():
    """The beginning of TensorBoard's command line, or an empty list where it is not installed."""
    if shutil.which("tensorboard"):
        return ["tensorboard"]
    return [_python(), "-m", "tensorboard.main"] if importlib.util.find_spec("tensorboard") else []


def _python():
    """The interpreter as the user called it."""
    return sys.orig_argv[0]
