"""`--dry_run`: describes what a recipe would train, with estimates of memory and time."""

import math
import time

from tfgan.experiment import outputs, taking

# Seconds of training that are timed, after the first call, which includes the compilation.
PROBE = 2.0


def describe(stages):
    """Text on what would be trained: data, networks, length, memory, minutes.

    Args:
        stages: list of `Stage`.

    Raises:
        ValueError: what could not be trained.
    """
    lines, minutes = [], 0.0
    for stage in stages:
        stage.game.check_data(stage.batches(), stage.length.rounds)
        outputs.check_monitor(stage)
        taken = taking.rehearse(stage)
        seconds = _seconds_of_a_round(stage) if stage.length.ticks else 0.0
        own = seconds * stage.length.rounds * stage.length.ticks / 60
        minutes += own
        lines += [*_heading(stage), *_data(stage), *_networks(stage.game), *_length(stage, own)]
        lines += ["starts from", *taking.report(taken)] if taken else []
        # The probe has trained its weights.
        stage.release()
    if len(stages) > 1:
        lines.append(f"together about {minutes:,.1f} minutes")
    return "\n".join(lines)


def _heading(stage):
    game = type(stage.game).__name__
    return [f"{f'stage {stage.name}: ' if stage.name else ''}{game}, {stage.recipe.loss} loss"]


def _data(stage):
    source = stage.source
    count = f"{len(source):,} examples" if hasattr(source, "__len__") else "examples without end"
    parts = ", ".join(f"{name} {part.kind} {list(part.shape)}" for name, part in stage.spec.items())
    return [f"  data: {stage.recipe.dataset} {stage.recipe.split}, {count}: {parts}"]


def _networks(game):
    owners = {name: side for side, names in game.sides.items() for name in names}
    for name, network in game.networks().items():
        kinds = ((False, network.non_trainable_variables), (True, network.trainable_variables))
        counts = {trains: sum(math.prod(v.shape) for v in owned) for trains, owned in kinds}
        whole = f"{sum(counts.values()):,} parameters"
        moved = f"moved by the {owners[name]}'s side" if name in owners else "frozen"
        average = ", averaged" if name in game.averages else ""
        yield f"  {name}: {whole}, {counts[True]:,} of them trained; {moved}{average}"


def _length(stage, minutes):
    from tfgan.cost import peak_memory

    length = stage.length
    memory = (peak_memory(stage.game, length.rows) + _held(stage.source)) / 2**20
    return [
        f"  length: {length.images:,} images in {length.ticks} ticks of {length.rounds:,} rounds "
        f"of {length.rows:,}",
        f"  memory: about {memory:,.0f} MiB; time: about {minutes:,.1f} minutes without scores",
    ]


def _held(source):
    """Bytes of data that are held in memory."""
    if not hasattr(source, "__len__"):
        return 0
    sizes = {"image": 1}
    return len(source) * sum(
        math.prod(part.shape) * sizes.get(part.kind, 4) for part in source.spec.values()
    )


def _seconds_of_a_round(stage):
    probe = _probe()
    stage.game.fit(
        stage.batches(), epochs=1, steps_per_epoch=stage.length.rounds, callbacks=[probe], verbose=0
    )
    return probe.seconds()


def _probe():
    import keras

    class Probe(keras.callbacks.Callback):
        """Ends `fit` after some seconds, and measures how long a round takes."""

        def on_train_begin(self, logs=None):
            self.began, self.calls = time.monotonic(), []

        def on_train_batch_end(self, batch, logs=None):
            self.calls.append((batch, time.monotonic()))
            if time.monotonic() - self.calls[0][1] > PROBE:
                self.model.stop_training = True

        def seconds(self):
            (first, begun), (last, ended) = self.calls[0], self.calls[-1]
            if last == first:  # only one call, which includes the compilation
                return (ended - self.began) / (last + 1)
            return (ended - begun) / (last - first)

    return Probe()
