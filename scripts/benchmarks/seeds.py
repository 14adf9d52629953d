"""Speed of training eight seeds of a dense game at once, compared with one after the other."""

import statistics
import time

from tables.markdown import Table

SEEDS = 8
BATCHES = (128, 512)
# Options of `mlp`: small networks, whose time goes to single ops rather than arithmetic, and W4's.
GAMES = {
    "4x16": {"latent_dim": 16, "layers": 4, "units": 16},
    "2x128": {"latent_dim": 2, "activation": "tanh"},
}
# Rounds per call of the compiled step in contestants that loop.
LOOP = 100

# (whether all seeds are one game, rounds per call of the step, whether XLA compiles it).
CONTESTANTS = {
    "one after the other": (False, LOOP, False),
    "one after the other, XLA": (False, LOOP, True),
    "one after the other, rounds per call as fit chooses": (False, "auto", False),
    "one after the other, a call per round": (False, 1, False),
    "at once": (True, LOOP, False),
    "at once, XLA": (True, LOOP, True),
}
# By batch, the least ratios to "one after the other", and to that with a call per round.
GOALS = {128: (1.8, 4.0), 512: (1.4, 4.0)}
WHY = """\
Goals are compared with the loops without XLA. A call per round is what Keras's own `fit` makes; ours makes
fewer. The larger the products, the less there is to save: where those of a single game keep all cores busy,
eight games at once take as long as one after the other. The laboratory's tables train at once, without
XLA."""


def measure(values):
    """One result per networks and batch: the seconds that a round of all seeds takes in each turn."""
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
    """A function that trains for so many epochs of `LOOP` rounds and returns the seconds they took."""
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
    ordered = sorted(results, key=lambda result: (result["name"], result["batch"]))
    lines = [line for result in ordered for line in _lines(result)]
    header = ["networks", "batch", "seeds", "ms", "times at once", "times at once, XLA"]
    return f"""\
Training {SEEDS} seeds at once with XLA, compared with one after the other (networks, batch):

{chr(10).join(f"* {_goals(result)}" for result in ordered)}

{Table(header, lines)}

The table has the milliseconds of a round of all seeds, median (range), and how many times as long that is as
all at once. The games are on a ring (4x16: both networks have four ReLU layers of 16, and 16 latents; 2x128:
W4's two tanh layers of 128, 2 latents): one after the other, of which one is measured, or at once as
`tfgan.laboratory.seeds.ManySeeds`. `fit` plays {LOOP} rounds per call of the compiled step where the row says
nothing else.

{WHY}"""


def _lines(result):
    """Lines of the table, one per contestant."""
    seconds = result["seconds_per_round"]
    for name, turns in seconds.items():
        ms = [1000 * turn for turn in turns]
        yield [
            result["name"], str(result["batch"]), name,
            f"{statistics.median(ms):.2f} ({min(ms):.2f} to {max(ms):.2f})",
            f"{_ratio(turns, seconds['at once']):.2f}", f"{_ratio(turns, seconds['at once, XLA']):.2f}",
        ]  # fmt: skip


def _goals(result):
    """Text of the ratios that were reached, with the goals in brackets."""
    seconds, (loops, fits) = result["seconds_per_round"], GOALS[result["batch"]]
    once = seconds["at once, XLA"]
    return (
        f"{result['name']}, {result['batch']}: {_ratio(seconds['one after the other'], once):.2f} times "
        f"as fast as the loops (goal: {loops:g}), "
        f"{_ratio(seconds['one after the other, a call per round'], once):.2f} times as fast as a call "
        f"per round (goal: {fits:g})"
    )


def _ratio(turns, others):
    """The median of the ratios of each round."""
    return statistics.median(one / other for one, other in zip(turns, others))
