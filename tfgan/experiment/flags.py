"""The flags of a run, read off the library's tables.

Every help text ends with the unit or range in brackets.
"""

import ast
from functools import partial
from pathlib import Path

from absl import flags

from tfgan import errors

# What to do with a folder that exists is no part of the run that it holds.
NOT_REPLAYED = ("run_dir", "overwrite", "download")
# Data may have moved since the run was begun, and any run can be judged or exported later.
NOT_COMPARED = ("data_dir", "extractor_path", "judge_images", "export")


def define_flags(values=flags.FLAGS):
    """Defines the flags of a run in `values`, an absl `FlagValues`."""
    _define_run(values)
    _define_data(values)
    _define_game(values)
    _define_objective(values)
    _define_updates(values)
    _define_stabilisers(values)
    _define_optimizers(values)
    _define_length(values)
    _define_scores(values)
    _define_best(values)
    _define_outputs(values)


def parse_flags(arguments):
    """The flags of a run, as an absl `FlagValues` of its own.

    Args:
        arguments: list of str, such as ["--dataset=digits", "--flagfile=a.txt"].
    """
    values = flags.FlagValues()
    define_flags(values)
    values(["run", *arguments])
    return values


def table_keys(module, table):
    """Keys of a dictionary literal in the package's source, without importing it.

    Args:
        module: path of a module below `tfgan/`, such as "losses.py".
        table: name of the dictionary.
    """
    source = (Path(__file__).parents[1] / module).read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == table:
            return [key.value for key in node.value.keys]
    raise errors.invalid("table", f"a dictionary literal in {module}", table)


def parse_options(items):
    """Dict of name to value from ["width=64", "norm=layer"]."""
    options = {}
    for item in items:
        name, equals, text = item.partition("=")
        if not equals:
            raise errors.invalid("network_options", "name=value pairs", item)
        try:
            options[name] = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            options[name] = text
    return options


def parse_penalties(items):
    """Dict of name to (weight, every) from ["r1:0.5", "r2:0.5:16"]."""
    penalties = {}
    for item in items:
        try:
            name, weight, every = [*item.split(":"), "1"][:3] if item.count(":") < 3 else item
            penalties[name] = (float(weight), int(every))
        except ValueError:
            raise errors.invalid("penalties", "name:weight or name:weight:every", item) from None
    return penalties


def parse_rule(text):
    """A name, or a dict of one name to its number, from "unrolled:5"."""
    name, colon, number = text.partition(":")
    if not colon:
        return name
    try:
        return {name: float(number)}
    except ValueError:
        raise errors.invalid("rule", "name or name:number", text) from None


def _define_run(values):
    define = partial(flags.DEFINE_string, flag_values=values)
    define("run_dir", None, "Folder of the run: made, or continued where it exists. [path]")
    flags.DEFINE_bool(
        "overwrite",
        False,
        "Delete what the run folder holds and start anew. [true or false]",
        flag_values=values,
    )


def _define_data(values):
    string = partial(flags.DEFINE_string, flag_values=values)
    switch = partial(flags.DEFINE_bool, flag_values=values)
    string(
        "dataset",
        "digits",
        f"Data: {', '.join(table_keys('data/__init__.py', 'DATASETS'))}, any TFDS image set, "
        "or your own images. [name, or folder:PATH]",
    )
    string("split", "train", "Part of the data. [TFDS split, such as train[:50000]]")
    string("data_dir", None, "Folder that holds prepared TFDS data. [path]")
    switch("download", False, "Let TFDS download data that is not there. [true or false]")
    switch("skip_bad_images", False, "Go on without broken images, counted. [true or false]")
    flags.DEFINE_float(
        "memory_limit",
        4.0,
        "Decoded images that are held in memory; more lie in a temporary file. [GiB, > 0]",
        lower_bound=1e-9,
        flag_values=values,
    )
    flags.DEFINE_integer(
        "image_size",
        None,
        "Side of the images; by default their own. [pixels]",
        lower_bound=1,
        flag_values=values,
    )
    flags.DEFINE_list(
        "condition",
        [],
        "Labels that a conditional game sees; by default the class. [comma-separated names]",
        flag_values=values,
    )


def _define_game(values):
    enum = partial(flags.DEFINE_enum, flag_values=values)
    for name, default, module, table, text in (
        ("game", "gan", "models/__init__.py", "GAMES", "Rules of the game."),
        ("network", "dcgan", "networks/__init__.py", "NETWORKS", "The networks of both sides."),
        ("prior", "normal", "latents.py", "PRIORS", "Distribution of the latents."),
        ("loss", "non_saturating", "losses.py", "LOSSES", "Adversarial loss."),
        ("schedule", "alternating", "updates/schedules.py", "SCHEDULES", "Order of the updates."),
    ):
        enum(name, default, table_keys(module, table), f"{text} [one of those named]")
    enum(
        "precision",
        "float32",
        ["float32", "mixed_bfloat16"],
        "Arithmetic of the networks; losses, penalties and last layers stay float32. "
        "[one of those named]",
    )
    flags.DEFINE_list(
        "network_options",
        [],
        "Further arguments of the networks' builder. "
        "[comma-separated name=value, such as width=64,norm=layer]",
        flag_values=values,
    )
    flags.DEFINE_integer(
        "latent_dim",
        100,
        "Length of the latent vectors. [numbers, >= 1]",
        lower_bound=1,
        flag_values=values,
    )


def _define_objective(values):
    flags.DEFINE_list(
        "penalties",
        [],
        f"Of {', '.join(table_keys('penalties.py', 'PENALTIES'))}. "
        "[comma-separated name:weight or name:weight:every]",
        flag_values=values,
    )
    flags.DEFINE_float(
        "label_smoothing",
        0.0,
        "One-sided label smoothing. [0 to 0.99]",
        lower_bound=0.0,
        upper_bound=0.99,
        flag_values=values,
    )


def _define_updates(values):
    flags.DEFINE_string(
        "rule",
        "plain",
        "Along which gradients the sides move: "
        f"{', '.join(table_keys('updates/rules.py', 'RULES'))}. "
        "[name, or name:number, such as unrolled:5]",
        flag_values=values,
    )
    flags.DEFINE_integer(
        "discriminator_steps",
        1,
        "Updates of the discriminator per round. [updates, >= 0]",
        lower_bound=0,
        flag_values=values,
    )
    flags.DEFINE_float(
        "clip_weights",
        None,
        "Bound on the discriminator's weights. [> 0]",
        lower_bound=1e-9,
        flag_values=values,
    )
    flags.DEFINE_float(
        "ema_half_life",
        10_000.0,
        "Half-life of the generator's moving average, 0 for none. [real images shown]",
        lower_bound=0.0,
        flag_values=values,
    )


def _define_stabilisers(values):
    number = partial(flags.DEFINE_float, flag_values=values)
    number(
        "instance_noise",
        0.0,
        "Noise on all that the discriminator sees. [standard deviation in the data's unit, >= 0]",
        lower_bound=0.0,
    )
    number(
        "instance_noise_fall",
        None,
        "Images until that noise has fallen to 0; by default it stays. [real images shown]",
        lower_bound=1.0,
    )
    flags.DEFINE_integer(
        "packing",
        1,
        "Images that the discriminator sees at once; divides the batch. [images, >= 1]",
        lower_bound=1,
        flag_values=values,
    )


def _define_optimizers(values):
    number = partial(flags.DEFINE_float, flag_values=values, lower_bound=0.0)
    flags.DEFINE_enum(
        "optimizer",
        "adam",
        table_keys("optimizers.py", "OPTIMIZERS"),
        "Optimizer of both sides. [one of those named]",
        flag_values=values,
    )
    number("generator_learning_rate", 2e-4, "Its learning rate. [per update, >= 0]")
    number("discriminator_learning_rate", 2e-4, "Its learning rate. [per update, >= 0]")
    number(
        "beta_1", 0.5, "Adam's beta_1; momentum of sgd and rmsprop. [0 to 1]", upper_bound=1.0
    )
    number("beta_2", 0.999, "Adam's beta_2; rho of rmsprop. [0 to 1]", upper_bound=1.0)
    number(
        "final_momentum",
        None,
        "For sgd: where its momentum gets to from beta_1, linearly over the run. [0 to 1]",
        upper_bound=1.0,
    )
    number(
        "rate_half_life",
        0.0,
        "The learning rates halve every so many images; 0: they do not. [real images shown]",
    )
    number(
        "rate_fall_images",
        0.0,
        "At the end of the run the learning rates fall to 0, over so many images. "
        "[real images shown]",
    )


def _define_length(values):
    whole = partial(flags.DEFINE_integer, flag_values=values, lower_bound=1)
    whole("batch_size", 64, "Batch of one update. [images]")
    whole("images", 1_000_000, "Length of the run, rounded to whole ticks. [real images shown]")
    whole(
        "tick_images",
        50_000,
        "Length of a tick, at whose end logs, pictures and checkpoints are written; rounded "
        "down to whole executions. [real images shown]",
    )
    flags.DEFINE_integer(
        "steps_per_execution",
        0,
        "Rounds per call of the compiled step; 0: 1, or up to 32 where they are small. [rounds]",
        lower_bound=0,
        flag_values=values,
    )
    flags.DEFINE_integer(
        "seed",
        0,
        "Seed of weights, noise and the order of the data. [0 to 2147483647]",
        lower_bound=0,
        upper_bound=2**31 - 1,
        flag_values=values,
    )


def _define_scores(values):
    whole = partial(flags.DEFINE_integer, flag_values=values)
    string = partial(flags.DEFINE_string, flag_values=values)
    flags.DEFINE_list(
        "metrics",
        [],
        f"Scores to log, of {', '.join(table_keys('metrics/table.py', 'METRICS'))}. "
        "[comma-separated names]",
        flag_values=values,
    )
    flags.DEFINE_enum(
        "extractor",
        None,
        table_keys("features/__init__.py", "EXTRACTORS"),
        "Network whose features scores compare; by default the data set's classifier, or "
        "the pixels where it has none. [one of those named]",
        flag_values=values,
    )
    string("extractor_path", None, "File of an Inception network. [path]")
    string(
        "held_out",
        None,
        "Data that scores compare with, and on which overfitting is gauged; by default "
        "scores compare with the training data. [split, such as test]",
    )
    whole("metric_samples", 2500, "Samples that are scored. [images]", lower_bound=2)
    whole("metric_ticks", 1, "From one scoring to the next. [ticks]", lower_bound=1)


def _define_best(values):
    whole = partial(flags.DEFINE_integer, flag_values=values, lower_bound=0)
    flags.DEFINE_string(
        "keep_best",
        None,
        "Keep the generator of the tick with the best of this. [name of a log, or its beginning]",
        flag_values=values,
    )
    flags.DEFINE_enum(
        "keep_best_mode",
        "min",
        ["min", "max"],
        "Which value of it is best. [one of those named]",
        flag_values=values,
    )
    whole(
        "patience",
        0,
        "End the run when --keep_best's log has not improved for so long; 0: never. [ticks]",
    )
    whole(
        "judge_images",
        0,
        "When the run ends, train its discriminator on alone, for generate.py --keep_best. "
        "[real images shown]",
    )


def _define_outputs(values):
    whole = partial(flags.DEFINE_integer, flag_values=values, lower_bound=1)
    whole("grid_rows", 8, "Rows of the sample grids. [images]")
    whole("grid_columns", 8, "Columns of the sample grids, if not of classes. [images]")
    whole("grid_ticks", 1, "From one picture to the next. [ticks]")
    whole("checkpoint_ticks", 1, "From one checkpoint to the next. [ticks]")
    whole("keep_checkpoints", 2, "Checkpoints that stay. [checkpoints]")
    flags.DEFINE_bool(
        "export", True, "Write a SavedModel when the run ends. [true or false]", flag_values=values
    )
