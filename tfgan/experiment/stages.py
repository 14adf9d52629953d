"""The stages of a run, which are trained one after the other: each has a game, data and a length.

```
--stage='train' --stage='discriminator --game_options=frozen=generator --images=100000'
```

A run without --stage has one stage, which has no name and whose folder is the run's. Each of
several stages has a subfolder. Games are built when they are first used, so that a long run of
stages holds one at a time.
"""

import contextlib
import dataclasses
import functools
import json
from pathlib import Path

from tfgan import errors
from tfgan.experiment import build
from tfgan.experiment.folder import RunFolder
from tfgan.experiment.quiet import start_tensorflow


class Sources:
    """A cache of opened sources, which the stages of a run share."""

    def __init__(self):
        self._opened = {}

    def open(self, recipe, split=None):
        """The source that a recipe names, or another split of it."""
        asked = (
            recipe.dataset, split or recipe.split, recipe.data_dir, recipe.image_size,
            recipe.condition, recipe.condition_kind, "condition" in build.parts_of(recipe),
            recipe.skip_bad_images, recipe.memory_limit,
        )  # fmt: skip
        if asked not in self._opened:
            self._opened[asked] = build.open_data(recipe, split)
        return self._opened[asked]

    @property
    def skipped(self):
        """Number of bad images that were left out, an int."""
        return sum(source.skipped for source in self._opened.values())


class Stage:
    """One stage of a run.

    Attributes:
        name: str, that of its folder; "" for the only one of a run.
        recipe: `Recipe`, its own.
        folder: `StageFolder`.
        run: `RunFolder`.
        earlier: list of the stages before it.
        sources: `Sources` of the run.
        strategy: `tf.distribute.Strategy` in whose scope its game is built; None: TensorFlow's default.
        length: `Length` of its training.
        seed: int, of its weights, noise and order of data; the run's own in the first.
    """

    def __init__(self, name, recipe, run, earlier, sources, strategy=None):
        self.name, self.recipe = name, recipe
        self.run, self.folder = run, run.stage(name)
        self.earlier, self.sources, self.strategy = earlier, sources, strategy
        self.length = build.length_of(recipe)
        self.seed = _folded(recipe.seed, len(earlier))
        self._spec = self._game = self._state = None

    @property
    def start_from(self):
        """Weights that its networks start from: tuple of `Start`."""
        return self.recipe.start_from

    @property
    def images(self):
        """Real images that it is to show, an int."""
        return self.length.images

    @property
    def source(self):
        """The source of data that it is trained on, with all parts that the data have."""
        return self.sources.open(self.recipe)

    @property
    def held_out(self):
        """The source of data that scores compare with: --held_out, or else the training data."""
        split = self.recipe.held_out
        return self.sources.open(self.recipe, split) if split else self.source

    @property
    def spec(self):
        """Dict of part to `Part`, of the parts that its game is trained on."""
        if self._spec is None:
            self._spec = self.source.only(*build.parts_of(self.recipe)).spec
        return self._spec

    @property
    def game(self):
        """Its compiled game; built, with its initial weights, when it is first used."""
        if self._game is None:
            import keras

            keras.utils.set_random_seed(self.seed)
            # Data first, then the networks in their builder's order, then the game.
            spec = self.spec
            with self.strategy.scope() if self.strategy else contextlib.nullcontext():
                self._game = build.game_of(dataclasses.replace(self.recipe, seed=self.seed), spec)
        return self._game

    @functools.cached_property
    def scorers(self):
        """Callbacks that add scores to its logs."""
        from tfgan.experiment import references

        return references.scorers(self)

    def batches(self, start_step=0):
        """Its data as batches for `fit`, beginning with the round `start_step`."""
        source = self.source.only(*build.parts_of(self.recipe))
        return source.batches(self.length.rows, seed=self.seed, start_step=start_step)

    def release(self):
        """Frees the game, which is built anew when it is next used."""
        self._game = self._state = None

    def restored(self):
        """Its game, restored from its newest checkpoint.

        Raises:
            ValueError: there is none.
        """
        from tfgan import checkpoints

        if checkpoints.restore(self.game, self.folder.checkpoints) is None:
            got = f"{self.folder.path}, which has none"
            raise errors.invalid("run_dir", "a run with a checkpoint", got)
        return self.game

    def state(self):
        """The state that its newest checkpoint recorded, a dict; None without a checkpoint."""
        if self._state is None:  # kept, since reading it computes the digests of the checkpoint
            from tfgan import checkpoints

            self._state = checkpoints.saved_state(self.folder.checkpoints)
        return self._state

    def forget_state(self):
        """Makes the next call of `state` read the checkpoint again."""
        self._state = None

    def position(self):
        """The `Position` of its newest checkpoint, in ticks of its present length; or None.

        The checkpoint's own counts ticks as they were when it was made. Of a run that was shorter
        than one tick, and has got longer, they have another length now.
        """
        state = self.state()
        if state is None:
            return None
        return position_of(_rounds(self.folder.checkpoints, state), self.length)

    def images_shown(self):
        """Real images that it has shown so far, as its newest checkpoint says."""
        position = self.position()
        return self.length.images_of(*position) if position else 0

    def images_before(self):
        """Real images that the stages before it have shown."""
        return sum(stage.images_shown() for stage in self.earlier)

    def is_stopped(self):
        """Whether --patience, as it is now, has ended it."""
        state = self.state()
        if state is None or not state["stopped"]:
            return False
        best = state["callbacks"].get("StopWithoutImprovement")
        return best is None or state["tick"] - best["tick"] >= self.recipe.patience

    def is_finished(self):
        """Whether nothing is left to train."""
        position = self.position()
        return position is not None and (self.is_stopped() or position.tick >= self.length.ticks)


def position_of(rounds, length):
    """The `Position` after so many rounds of a stage of this `Length`."""
    from tfgan.checkpoints import Position

    return Position(*divmod(rounds, length.rounds))


def stages_of(recipe, run=None, sources=None, strategy=None):
    """The stages of a recipe.

    Args:
        recipe: `Recipe`.
        run: `RunFolder`; None for that of the recipe.
        sources: `Sources` to open data with.
        strategy: `tf.distribute.Strategy` that games are built for; None: TensorFlow's default.

    Returns:
        List of `Stage`, at least one.
    """
    run, sources = run or RunFolder(recipe.run_dir or ""), sources or Sources()
    stages = []
    for name, own in ({each: recipe.of_stage(each) for each in recipe.stage} or {"": recipe}).items():
        stages.append(Stage(name, own, run, list(stages), sources, strategy))
    return stages


def saved_stage(path):
    """A stage of a run that has begun; its game is built without its data.

    Args:
        path: folder of a run, whose last stage it is, or of one stage in it.
    """
    path = Path(path).expanduser()
    inner = not RunFolder(path).exists and RunFolder(path.parent).exists
    run = RunFolder(path.parent if inner else path)
    stages = {stage.name: stage for stage in stages_of(run.read_recipe(), run)}
    name = path.name if inner else list(stages)[-1]
    if name not in stages:
        inner = [f"of its stage {each}" for each in stages if each]
        expected = " or ".join(["the folder of a run", *inner])
        raise errors.invalid("run_dir", expected, str(path))
    start_tensorflow()
    stage = stages[name]
    stage._spec = run.read_spec(len(stage.earlier))
    return stage


def open_run(run_dir):
    """The game of a run, restored from its newest checkpoint, without its data.

    Args:
        run_dir: folder of a run that has a checkpoint, or of one stage in it.

    Returns:
        `(game, spec)`: the last stage's compiled `tfgan.GAN`, and a dict of part of its
        data to `tfgan.data.source.Part`.
    """
    stage = saved_stage(run_dir)
    return stage.restored(), stage.spec


def _rounds(folder, state):
    """Rounds that a checkpoint of this state was made after, which are its folder's name."""
    for path in sorted(folder.glob("step_*"), reverse=True):
        file = path / "state.json"
        if file.exists() and file.read_text() == json.dumps(state, indent=1):
            return int(path.name.removeprefix("step_"))
    raise errors.invalid("checkpoints", f"one of this state in {folder}", state)


def _folded(seed, number):
    """The seed of a stage by its number: that of the run for stage 0."""
    if not number:
        return seed
    import numpy as np

    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0] >> 1)
