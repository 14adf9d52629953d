"""What training eight seeds of a dense game at once saves."""

import statistics
import time

SEEDS = 8
BATCHES = (128, 512)
# Options of `mlp`: of a ring that op by op costs more than its arithmetic, and W4.
GAMES = {
    "4x16": {"latent_dim": 16, "layers": 4, "units": 16},
    "2x128": {"latent_dim": 2, "activation": "tanh"},
}
# Rounds per call of the compiled step where it loops.
LOOP = 100

# Whether all seeds are one game, rounds per call of the step, whether XLA compiles it.
CONTESTANTS = {
    "one after the other": (False, LOOP, False),
    "one after the other, XLA": (False, LOOP, True),
    "one after the other, rounds per call as fit chooses": (False, "auto", False),
    "one after the other, a call per round": (False, 1, False),
    "at once": (True, LOOP, False),
    "at once, XLA": (True, LOOP, True),
}
# At least, of "one after the other" and of its calls per round, by batch.
GOALS = {128: (1.8, 4.0), 512: (1.4, 4.0)}
WHY = """\
The loops without XLA are the quicker, therefore the goals are held against them; a call per round is
what Keras's own `fit` makes, where ours chooses more. The larger the products, the less there is to
save: those of a single game of W4's networks, at batch 512 above all, keep both cores as busy as those
of eight. The tables of the laboratory run at once, without XLA."""


def measure(values):
    """One result per networks and batch: seconds that a round of all seeds takes, of each turn."""
    return [_result(name, batch, values) for name in GAMES for batch in BATCHES]


def _result(game, batch, values):
    players = {name: _player(GAMES[game], batch, *how) for name, how in CONTESTANTS.items()}
    epochs = {name: max(1, round(values.turn / play(1))) for name, play in players.items()}
    seconds = {name: [] for name in players}
    for _ in range(values.rounds):
        for name, play in players.items():
            share = 1 if CONTESTANTS[name][0] else SEEDS
            seconds[name].append(share * play(epochs[name]) / epochs[name] / LOOP)
    return {"name": game, "batch": batch, "seconds_per_round": seconds}


def _player(arguments, batch, at_once, rounds, xla):
    """A function of a number of epochs, of `LOOP` rounds each, to the seconds they take."""
    import keras

    import tfgan
    from tfgan.data.points import Points, ring_centres
    from tfgan.laboratory.seeds import ManySeeds, batches
    from tfgan.networks import NETWORKS
    from tfgan.training.optimizers import Adam

    points = Points(ring_centres(), 0.01)
    seeds = list(range(SEEDS))
    networks = []
    for seed in seeds if at_once else seeds[:1]:
        keras.utils.set_random_seed(seed)
        networks.append(NETWORKS["mlp"]((2,), **arguments))
    if at_once:
        game = ManySeeds(networks, seeds, ema_half_life=None)
        data = batches(points, batch, seeds)
    else:
        game = tfgan.GAN(**networks[0], ema_half_life=None)
        data = points.batches(batch, 0)
    game.compile(
        Adam(1e-3, 0.5), Adam(1e-4, 0.5),
        steps_per_execution=rounds, jit_compile=xla,
    )  # fmt: skip
    game.fit(data, steps_per_epoch=LOOP, verbose=0)

    def play(epochs):
        started = time.perf_counter()
        game.fit(data, epochs=epochs, steps_per_epoch=LOOP, verbose=0)
        return time.perf_counter() - started

    return play


def page(results):
    lines = [
        f"Games on a ring of {SEEDS} seeds (4x16: both sides four ReLU layers of 16, from 16 latents; "
        "2x128: W4's two tanh layers of 128, from 2): one after the other, of which one is measured, and "
        "at once as `tfgan.laboratory.seeds.ManySeeds`; `fit` with "
        f"{LOOP} rounds per call of the compiled step where nothing else is said. Milliseconds that a round "
        "of all takes, median (range), and how many times as long as at once.\n",
        "| networks | batch | seeds | ms | times at once | times at once, XLA |",
        "|---|---|---|---|---|---|",
    ]
    goals = []
    for result in sorted(results, key=lambda result: (result["name"], result["batch"])):
        goals.append(_goals(result))
        seconds = result["seconds_per_round"]
        for name, turns in seconds.items():
            ms = [1000 * turn for turn in turns]
            lines.append(
                f"| {result['name']} | {result['batch']} | {name} "
                f"| {statistics.median(ms):.2f} ({min(ms):.2f} to {max(ms):.2f}) "
                f"| {_ratio(turns, seconds['at once']):.2f} | {_ratio(turns, seconds['at once, XLA']):.2f} |"
            )
    return "\n".join([*lines, "", f"At once, with XLA: {'; '.join(goals)}.", WHY])


def _goals(result):
    """What was reached, and in brackets what was to be."""
    seconds, (loops, fits) = result["seconds_per_round"], GOALS[result["batch"]]
    once = seconds["at once, XLA"]
    return (
        f"{result['name']} at {result['batch']}: {_ratio(seconds['one after the other'], once):.2f} times "
        f"the loops (goal: {loops:g}), "
        f"{_ratio(seconds['one after the other, a call per round'], once):.2f} times a call per round "
        f"(goal: {fits:g})"
    )


def _ratio(turns, others):
    """The median of the ratios within rounds."""
    return statistics.median(one / other for one, other in zip(turns, others))
