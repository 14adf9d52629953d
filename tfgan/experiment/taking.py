"""Starting weights of a stage, copied from an earlier stage or another run."""

import json

from tfgan import errors
from tfgan.experiment.folder import RunFolder
from tfgan.experiment.stages import saved_stage
from tfgan.files import write_atomically


def start(stage):
    """Copies the starting weights of a `Stage` into its game, and writes a list of them to its folder."""
    taken = []
    for each in stage.start_from:
        source = _source(each, stage)
        taken += take(stage.game, each, source.restored())
        source.release()
    if taken:
        print("\n".join(["starts from", *report(taken)]))
        stage.folder.path.mkdir(parents=True, exist_ok=True)
        write_atomically(stage.folder.started_from, json.dumps(taken, indent=1).encode())


def rehearse(stage):
    """Checks that `start` can work, and returns the list that `take` would.

    Copies the weights of earlier stages as they are now, untrained: release the stage afterwards.
    """
    taken = []
    for each in stage.start_from:
        source = _source(each, stage)
        taken += take(stage.game, each, source.game if source in stage.earlier else source.restored())
    return taken


def take(game, start, source):
    """Gives networks of a game the weights that a `Start` names.

    Averages of those networks start from the same weights.

    Args:
        game: the game of the stage.
        start: `Start`.
        source: the game that has the weights.

    Returns:
        List of dicts: network `here` and `there`, `where`, `weights` ("live" or
        "averaged"), and the variables that were `taken`, are `new` here or were `left`.

    Raises:
        ValueError: no such network or average, or weights that do not fit.
    """
    from tfgan.transfer import take_weights

    taken = []
    for here, there in _pairs(game, start, source):
        averaged = start.averaged and there in source.averages
        network = source.averages[there] if averaged else source.networks()[there]
        found = take_weights(game.networks()[here], network, start.partial)
        if here in game.averages:
            game.averages[here].set_weights(game.networks()[here].get_weights())
        origin = {"here": here, "where": start.where, "there": there}
        taken.append({**origin, "weights": "averaged" if averaged else "live", **found._asdict()})
    return taken


def report(taken):
    """Lines of text that list what was taken."""
    for one in taken:
        yield (
            f"  {one['here']}: {len(one['taken'])} variables of {one['where']}'s {one['there']} "
            f"({one['weights']})"
        )
        for word, names in (("new", one["new"]), ("left over", one["left"])):
            if names:
                yield f"    {word}: {', '.join(names)}"


def _source(each, stage):
    """The `Stage`, of this run or another, that a `Start` names."""
    earlier = {one.name: one for one in stage.earlier}
    if each.where in earlier:
        return earlier[each.where]
    path = RunFolder(each.where).path
    if not path.is_dir() or stage.run.path.resolve() in (path.resolve(), *path.resolve().parents):
        expected = " or ".join([*(f"stage {name}" for name in earlier), "the folder of another run"])
        raise errors.invalid("start_from", expected, each.where)
    return saved_stage(path)


def _pairs(game, start, source):
    """Names of networks here and there."""
    here, there = game.networks(), source.networks()
    if start.here is None:
        both = [(name, name) for name in here if name in there]
        if not both:
            got = f"only {', '.join(there)} in {start.where}"
            raise errors.invalid("start_from", f"a network called {' or '.join(here)}", got)
        return both
    name = start.there or start.here
    errors.lookup("start_from", start.here, here)
    errors.lookup("start_from", name, there)
    if start.averaged and name not in source.averages:
        expected = f":live, since {start.where} has no average of its {name}"
        raise errors.invalid("start_from", expected, str(start))
    return [(start.here, name)]
