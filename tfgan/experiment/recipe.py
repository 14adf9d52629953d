"""`Recipe`: the settings of a training run, one field per flag of `train.py`."""

import dataclasses

from tfgan import errors
from tfgan.experiment import kinds
from tfgan.experiment.start import FORM, Start

# Settings of the whole run, which no stage can change.
OF_THE_RUN = ("run_dir", "overwrite", "dry_run", "strategy", "download", "export", "stage")


def _starts():
    def check(name, value):
        items = (value,) if isinstance(value, (str, Start)) else value
        return tuple(Start.parse(item) if isinstance(item, str) else Start(*item) for item in items)

    strings = kinds.several(f"comma-separated {FORM}")
    return strings._replace(check=check, text=lambda value: ",".join(map(str, value)))


def _stages():
    def check(name, value):
        if not isinstance(value, dict):
            raise errors.invalid(name, "a dict of name to the stage's differing settings", value)
        return value

    return kinds.Kind("'NAME --flag=value ...', once per stage", check, flag="several")


def _extractor():
    kind = kinds.name_and("name, or name:PATH of an Inception network", ".+",
                          "features/__init__.py", "EXTRACTORS")  # fmt: skip

    def check(name, value):
        beginning, colon, _ = kind.check(name, value).partition(":")
        if colon and not beginning.startswith("inception"):
            raise errors.invalid(name, f"no path after {beginning}, which is read from none", value)
        return value

    return kind._replace(check=check)


def _set(default, kind, text):
    """A field of `Recipe`, with the help text of its flag."""
    made = {"default_factory": default} if callable(default) else {"default": default}
    return dataclasses.field(**made, metadata={"kind": kind, "help": text})


@dataclasses.dataclass(frozen=True)
class Recipe:
    """The settings of a training run. Flags are parsed into it, and `flags.txt` records it.

    ```python
    experiment.run(Recipe(dataset="ring", network="mlp", latent_dim=2, run_dir="runs/ring"))
    ```

    Every field is a flag of `scripts/train.py`, whose `--help` says what it does and in
    which unit. Fields with several values hold dicts or tuples: `penalties={"r1": (0.5, 16)}`,
    `views={"packing": 2}`, `rule={"unrolled": 5}`, `network_options={"width": 64}`.

    Raises:
        ValueError: a value out of range, an unknown name, or two settings that contradict.
    """

    run_dir: str | None = _set(None, kinds.path(), "Folder to write to; a run that is there is continued.")
    overwrite: bool = _set(False, kinds.switch(), "Delete what the run folder holds, and start anew.")
    dry_run: bool = _set(
        False, kinds.switch(),
        "Print what would be trained and how much memory and time that takes; write nothing.",
    )  # fmt: skip

    strategy: str | None = _set(
        None, kinds.one_of("experiment/strategies.py", "STRATEGIES"),
        "Devices to train on: {names}; by default mirrored where there are several GPUs, else one. "
        "A run can be continued with another.",
    )  # fmt: skip

    dataset: str = _set(
        "digits", kinds.text("name or folder:PATH; or several, comma-separated PART=NAME")._replace(
            table=("data/__init__.py", "DATASETS")
        ),
        "Training data: {names}, the name of a TFDS image data set, or folder:PATH with your own "
        "images. A query selects or augments examples, as in mnist?per_class=10&augment=flip.",
    )  # fmt: skip
    split: str = _set(
        "train", kinds.text("TFDS split, such as train[:50000]"), "Split of the data to train on."
    )
    held_out: str | None = _set(
        None, kinds.text("split, such as test"),
        "Split that scores compare with and overfitting is measured on; by default scores compare "
        "with the training data.",
    )  # fmt: skip
    data_dir: str | None = _set(None, kinds.path(), "Folder that holds prepared TFDS data.")
    download: bool = _set(False, kinds.switch(), "Let TFDS download data that are not there.")
    skip_bad_images: bool = _set(
        False, kinds.switch(), "Leave out images that cannot be read, and count them."
    )
    memory_limit: float = _set(
        4.0, kinds.number("GiB, > 0", above=0),
        "Decoded images to hold in memory; more are kept in a temporary file.",
    )  # fmt: skip
    image_size: int | None = _set(
        None, kinds.whole("pixels", 1), "Height and width to bring images to; by default their own."
    )
    condition: tuple = _set(
        (), kinds.several("comma-separated names"),
        "Labels that a conditional game is given; by default the class.",
    )  # fmt: skip
    condition_kind: str = _set(
        "classes", kinds.one_of(names=("classes", "tags", "text")),
        "What those labels are: classes, tags (several may hold at once) or text (words).",
    )  # fmt: skip

    game: str = _set("gan", kinds.one_of("models/__init__.py", "GAMES"), "Kind of GAN: {names}.")
    game_options: dict = _set(
        dict, kinds.options("comma-separated name=value, such as clip_weights=0.01"),
        "Further keyword arguments of the game's class.",
    )  # fmt: skip
    network: str = _set(
        "dcgan", kinds.one_of("networks/__init__.py", "NETWORKS"),
        "Architecture of generator and discriminator: {names}.",
    )
    network_options: dict = _set(
        dict, kinds.options("comma-separated name=value, such as width=64,norm=layer"),
        "Further keyword arguments of the function that builds the networks.",
    )  # fmt: skip
    latent_dim: int = _set(100, kinds.whole("numbers, >= 1", 1), "Length of the latent vectors.")
    precision: str = _set(
        "float32", kinds.one_of(names=("float32", "mixed_bfloat16")),
        "Arithmetic of the networks, float32 or mixed_bfloat16; losses, penalties and last "
        "layers stay float32.",
    )  # fmt: skip

    loss: str = _set("non_saturating", kinds.one_of("losses.py", "LOSSES"), "Adversarial loss: {names}.")
    penalties: dict = _set(
        dict, kinds.weights("comma-separated name:weight or name:weight:every", "penalties.py", "PENALTIES"),
        "Penalties on the discriminator's gradients: {names}.",
    )  # fmt: skip
    schedule: str = _set(
        "alternating", kinds.one_of("training/schedules.py", "SCHEDULES"),
        "Order of the two sides' updates: {names}.",
    )  # fmt: skip
    rule: str | dict = _set(
        "plain", kinds.name_and_number("name, or name:number as unrolled:5", "training/rules.py", "RULES"),
        "Gradients that updates follow: {names}.",
    )  # fmt: skip
    prior: str = _set("normal", kinds.one_of("latents.py", "PRIORS"), "Distribution of the latents: {names}.")
    views: dict = _set(
        dict,
        kinds.arguments(
            "comma-separated name:number..., such as noise:0.1:60000 (standard deviation in the data's "
            "unit, real images until it has fallen to 0), packing:2 (images at once)",
            "views/__init__.py", "VIEWS",
        ),
        "Changes to real and generated images before the discriminator sees them: {names}.",
    )  # fmt: skip
    discriminator_steps: int = _set(
        1, kinds.whole("updates, >= 0", 0), "Updates of the discriminator per round."
    )
    ema_half_life: float | None = _set(
        10_000.0, kinds.number("real images shown", 0),
        "Half-life of the moving average of the generator's weights, 0 for none.",
    )  # fmt: skip

    optimizer: str = _set(
        "adam", kinds.one_of("training/optimizers.py", "OPTIMIZERS"), "Optimizer of both sides: {names}."
    )
    generator_learning_rate: float = _set(
        2e-4, kinds.number("per update, >= 0", 0), "The generator's learning rate."
    )
    discriminator_learning_rate: float = _set(
        2e-4, kinds.number("per update, >= 0", 0), "The discriminator's learning rate."
    )
    beta_1: float = _set(
        0.5, kinds.number("0 to below 1", 0, below=1), "Adam's beta_1; momentum of sgd and rmsprop."
    )
    beta_2: float = _set(0.999, kinds.number("0 to below 1", 0, below=1), "Adam's beta_2; rho of rmsprop.")
    final_momentum: float | None = _set(
        None, kinds.number("0 to below 1", 0, below=1),
        "For sgd: momentum at the end of the run, which it reaches linearly from beta_1.",
    )  # fmt: skip
    rate_half_life: float = _set(
        0.0, kinds.number("real images shown", 0),
        "Half-life of the learning rates; 0: they do not decay.",
    )  # fmt: skip
    rate_fall_images: float = _set(
        0.0, kinds.number("real images shown", 0),
        "Length of a linear fall of the learning rates to 0 at the end of the run; 0: no fall.",
    )  # fmt: skip

    batch_size: int = _set(64, kinds.whole("images, >= 1", 1), "Batch of one update, shared by all devices.")
    images: int = _set(
        1_000_000, kinds.whole("real images shown", 0),
        "Length of the run, rounded to whole ticks; a run that has ended goes on with more.",
    )  # fmt: skip
    tick_images: int = _set(
        50_000, kinds.whole("real images shown", 1),
        "Length of a tick, after which logs, sample grids and checkpoints are written; rounded "
        "down to whole calls of the compiled step.",
    )  # fmt: skip
    steps_per_execution: int = _set(
        0, kinds.whole("rounds", 0),
        "Rounds per call of the compiled step; 0: one, or up to 32 of small networks.",
    )  # fmt: skip
    seed: int = _set(
        0, kinds.whole("0 to 2147483647", 0, 2**31 - 1), "Seed of weights, noise and the order of the data."
    )

    metrics: tuple = _set(
        (), kinds.several("comma-separated names", ("metrics/table.py", "METRICS")), "Scores to log: {names}."
    )
    extractor: str | None = _set(
        None, _extractor(),
        "Network whose features scores compare, of {names}; by default the data set's "
        "classifier, or the pixels where it has none.",
    )  # fmt: skip
    metric_samples: int = _set(2500, kinds.whole("images, >= 2", 2), "Samples that are scored.")
    metric_ticks: int = _set(1, kinds.whole("ticks", 1), "Ticks from one scoring to the next.")

    keep_best: str | None = _set(
        None, kinds.name_and("name of a log, or its beginning; name:max where more is better", "min|max"),
        "Log by which the best generator so far is kept in RUN_DIR/best.",
    )  # fmt: skip
    patience: int = _set(
        0, kinds.whole("ticks", 0),
        "End the run when the log of --keep_best has not improved for so long; 0: never. A run that "
        "ended so goes on with more.",
    )  # fmt: skip

    grid_rows: int = _set(8, kinds.whole("images", 1), "Rows of the sample grids.")
    grid_columns: int = _set(
        8, kinds.whole("images", 1), "Columns of the sample grids; of classes there is one each."
    )
    checkpoint_ticks: int = _set(1, kinds.whole("ticks", 1), "Ticks from one checkpoint to the next.")
    export: bool = _set(True, kinds.switch(), "Write a SavedModel when the run ends.")

    stage: dict = _set(
        dict, _stages(),
        "A stage of the run: its name, and flags with other values than the run's. Flags that the "
        "command line gives after a --flagfile or --stage hold in every stage.",
    )  # fmt: skip
    start_from: tuple = _set(
        (), _starts(),
        "Weights that networks start from: those of an earlier stage, or of another run's folder. "
        "In a run of stages this is for the first stage; others can have their own.",
    )  # fmt: skip

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value is not None or field.default is not None:
                checked = field.metadata["kind"].check(field.name, value)
                object.__setattr__(self, field.name, checked)
        if self.patience and not self.keep_best:
            expected = "0 without --keep_best, whose log it waits for"
            raise errors.invalid("patience", expected, self.patience)
        if self.final_momentum is not None and self.optimizer != "sgd":
            raise errors.invalid("final_momentum", "none but for --optimizer=sgd", self.optimizer)
        # In the same form and order, however they were given, so that equal recipes compare equal.
        own = {name: self.of_stage(name) for name in self.stage}
        stages = {
            name: {key: getattr(one, key) for key in FIELDS if key in self.stage[name]}
            for name, one in own.items()
        }
        object.__setattr__(self, "stage", stages)

    def of_stage(self, name):
        """The recipe of one stage: this one, but for the settings in which the stage differs.

        Args:
            name: key of `stage`.

        Raises:
            ValueError: settings that a stage does not have.
        """
        known = {n: n for n in FIELDS if n not in OF_THE_RUN}
        differing = errors.lookup("stage", name, self.stage)
        for each in differing:
            errors.lookup(f"stage {name!r}", each, known)
        first = name == next(iter(self.stage))
        start = {"start_from": self.start_from if first else ()}
        return dataclasses.replace(self, stage={}, **{**start, **differing})


FIELDS = {field.name: field for field in dataclasses.fields(Recipe)}
