"""Changes of the length of a run that has begun.

`--images` may become larger, or smaller down to what was shown; `--patience` may become
larger. The run then ends as one that had this length from its start, bit for bit, unless a
schedule depends on the length. (The last tick is always scored: with `--metric_ticks` above 1
the one that was the last keeps scores which a longer run would not have had there.)
"""

from tfgan import errors
from tfgan.experiment import build

# Flags that may differ from those that a run was begun with.
FLAGS = ("images", "patience")


def differences(old, new):
    """Changes of `--patience` that are not possible, as text, between recipes of the same stages."""
    for one, other in _pairs(old, new):
        if one.patience != other.patience and not 0 < one.patience < other.patience:
            yield (
                f"--patience: {one.patience} there, {other.patience} here "
                "(one above 0 may become larger)"
            )


def changed(old, new):
    """Whether the length of any stage differs between two recipes of the same stages."""
    pairs = _pairs(old, new)
    return any(getattr(one, name) != getattr(other, name) for one, other in pairs for name in FLAGS)


def check(stages, old):
    """Raises InputError where the length of a run cannot be changed.

    Args:
        stages: list of `Stage`, which have the new length.
        old: the `Recipe` of the run so far.
    """
    for stage, before in zip(stages, _recipes(old), strict=True):
        for flag in _moved(stage, before):
            _check_later(stage, before, flag, [later for later in stages if stage in later.earlier])
            _check_shown(stage)


def report(stages, old):
    """Lines of text on stages whose length changes, and on schedules that depend on it."""
    for stage, before in zip(stages, _recipes(old), strict=True):
        length, was = stage.length, build.length_of(before)
        if length.images != was.images:
            name = f"stage {stage.name}" if stage.name else "the run"
            yield f"{name} now ends at {length.images:,} images instead of {was.images:,}"
            flags = build.scheduled_by_length(stage.recipe)
            if flags and stage.images_shown():
                yield (
                    f"{', '.join(f'--{flag}' for flag in flags)} follows the new length from here on: "
                    "the weights will not be those of one run of this length"
                )


def _moved(stage, before):
    """A list of the flag that moves the end of a stage which has begun; empty without one."""
    state = stage.state()
    if state is None:
        return []
    if build.length_of(before) != stage.length:
        return ["images"]
    return ["patience"] if state["stopped"] and not stage.is_stopped() else []


def _check_later(stage, before, flag, later):
    """Raises InputError where a stage is to go on after which another has begun."""
    begun = [one.name for one in later if one.state() is not None]
    if begun:
        old, new = (getattr(recipe, flag) for recipe in (before, stage.recipe))
        raise errors.invalid(flag, f"{old} for stage {stage.name!r}, since {begun[0]!r} has begun", new)


def _check_shown(stage):
    """Raises InputError where a stage is to end before the images that it has shown."""
    shown, whose = stage.images_shown(), f" of stage {stage.name!r}" if stage.name else ""
    # A tick ends with logs and scores, so it cannot end in retrospect where a run was interrupted.
    least = shown + (stage.length.rows if stage.position().rounds else 0)
    if stage.length.images < least:
        expected = f"at least the {shown:,}{whose} that were shown, in whole ticks"
        raise errors.invalid("images", expected, stage.recipe.images)


def _recipes(recipe):
    """The recipes of a run's stages, a list."""
    return [recipe.of_stage(name) for name in recipe.stage] or [recipe]


def _pairs(old, new):
    return list(zip(_recipes(old), _recipes(new)))
