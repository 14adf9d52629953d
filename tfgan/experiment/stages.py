"""The stages of a run: one after the other, each a game, its data and its images.

```
--stage='train' --stage='discriminator --game_options=frozen=generator --images=100000'
```

A run without --stage has one, without a name, whose folder is the run's; of several each
has a subfolder. Games are built when they are first used, so that a long run of stages
holds one at a time.
"""

import dataclasses
import functools
from pathlib import Path

from tfgan import errors
from tfgan.experiment import build
from tfgan.experiment.folder import RunFolder


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
        """Bad images that were left out of all of them, an int."""
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
        length: `Length`; `length.images` are shown.
        seed: int, of its weights, noise and order of data; the run's own in the first.
    """

    def __init__(self, name, recipe, run, earlier, sources):
        self.name, self.recipe = name, recipe
        self.run, self.folder = run, run.stage(name)
        self.earlier, self.sources = earlier, sources
        self.length = build.length_of(recipe)
        self.seed = _folded(recipe.seed, len(earlier))
        self._spec = self._game = self._state = None

    @property
    def start_from(self):
        """What it starts from: tuple of `Start`."""
        return self.recipe.start_from

    @property
    def images(self):
        """Real images that it shows, an int."""
        return self.length.images

    @property
    def source(self):
        """The source of data that it is trained on, with all parts of it."""
        return self.sources.open(self.recipe)

    @property
    def held_out(self):
        """The source of data that scores compare with; that of training without --held_out."""
        split = self.recipe.held_out
        return self.sources.open(self.recipe, split) if split else self.source

    @property
    def spec(self):
        """Dict of part to `Part`, of what its game takes."""
        if self._spec is None:
            self._spec = self.source.only(*build.parts_of(self.recipe)).spec
        return self._spec

    @property
    def game(self):
        """Its compiled game, with its first weights when it is first used."""
        if self._game is None:
            import keras

            keras.utils.set_random_seed(self.seed)
            # Data first, then the networks in their builder's order, then the game.
            spec = self.spec
            self._game = build.game_of(dataclasses.replace(self.recipe, seed=self.seed), spec)
        return self._game

    @functools.cached_property
    def scorers(self):
        """Callbacks that add scores to its logs."""
        from tfgan.experiment import references

        return references.scorers(self)

    def batches(self, start_step=0):
        """Its data as `fit` takes them, from a round on."""
        source = self.source.only(*build.parts_of(self.recipe))
        return source.batches(self.length.rows, seed=self.seed, start_step=start_step)

    def release(self):
        """Frees the game, which is built anew when it is next used."""
        self._game = self._state = None

    def restored(self):
        """Its game at its newest checkpoint.

        Raises:
            ValueError: there is none.
        """
        from tfgan import checkpoints

        if checkpoints.restore(self.game, self.folder.checkpoints) is None:
            got = f"{self.folder.path}, which has none"
            raise errors.invalid("run_dir", "a run with a checkpoint", got)
        return self.game

    def state(self):
        """What its newest checkpoint says of its position; None where there is none."""
        if self._state is None:  # reading takes as long as the digest of the checkpoint
            from tfgan import checkpoints

            self._state = checkpoints.saved_state(self.folder.checkpoints)
        return self._state

    def forget_state(self):
        """Makes the next `state` read the checkpoint again."""
        self._state = None

    def images_shown(self):
        """Real images that it has shown so far, as its newest checkpoint says."""
        state = self.state()
        return self.length.images_of(state["tick"], state["rounds"]) if state else 0

    def images_before(self):
        """Real images that the stages before it have shown."""
        return sum(stage.images_shown() for stage in self.earlier)

    def is_finished(self):
        """Whether nothing is left to train."""
        state = self.state()
        return state is not None and (state["stopped"] or state["tick"] >= self.length.ticks)


def stages_of(recipe, run=None, sources=None):
    """The stages of a recipe.

    Args:
        recipe: `Recipe`.
        run: `RunFolder`; None for that of the recipe.
        sources: `Sources` to open data with.

    Returns:
        List of `Stage`, at least one.
    """
    run, sources = run or RunFolder(recipe.run_dir or ""), sources or Sources()
    stages = []
    for name, own in ({each: recipe.of_stage(each) for each in recipe.stage} or {"": recipe}).items():
        stages.append(Stage(name, own, run, list(stages), sources))
    return stages


def saved_stage(path):
    """A stage of a run that has begun; its game is built without its data.

    Args:
        path: folder of a run, whose last stage it is, or of one stage in it.
    """
    path = Path(path).expanduser()
    run, name = RunFolder(path), None
    if not run.exists and RunFolder(path.parent).exists:
        run, name = RunFolder(path.parent), path.name
    stages = {stage.name: stage for stage in stages_of(run.read_recipe(), run)}
    stage = errors.lookup("stage", list(stages)[-1] if name is None else name, stages)
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


def _folded(seed, number):
    """A seed for a stage: the first has the run's own."""
    if not number:
        return seed
    import numpy as np

    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0] >> 1)
