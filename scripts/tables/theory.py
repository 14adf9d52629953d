"""Goodfellow's and Arjovsky's theory, computed: optimal discriminators and vanishing gradients."""

import numpy as np
from tables import pictures
from tables.markdown import Table

from tfgan.laboratory import theory
from tfgan.laboratory.theory import Normal

PAIRS = {
    "alike": (Normal(0.0, 1.0), Normal(0.0, 1.0)),
    "shifted": (Normal(0.0, 1.0), Normal(1.5, 0.7)),
    "nested": (Normal(0.0, 1.5), Normal(0.0, 0.5)),
    "apart": (Normal(-2.0, 0.5), Normal(2.0, 0.5)),
}
STEPS = 3000
GRID = np.linspace(-6, 6, 2401)
# Where one of the densities is above this, points come, from which the discriminator can learn.
SEEN = 1e-2

LOSSES = {
    "minimax": {},
    "non_saturating": {},
    "least_squares": {},
    "wasserstein": {"penalties": {"gradient_penalty": 1.0}},
}
GRADIENT_STEPS = (0, 3, 10, 30, 100, 300, 1000, 3000)


def make(options):
    """The Markdown of the page, after every discriminator was trained."""
    optima, panels = [], {}
    for name, (data, generated) in PAIRS.items():
        line, panels[name] = _optimum(data, generated)
        optima.append([name, *line])
    pictures.curves(options.pictures / "optimal.png", panels)
    sizes = {loss: _gradients(loss) for loss in LOSSES}
    panel = {"x": "updates of the discriminator", "y": "norm of the gradient", "log": True}
    shown = {loss: (list(of), list(of.values())) for loss, of in sizes.items()}
    pictures.curves(
        options.pictures / "gradients.png", {"the generator's gradient": {**panel, "curves": shown}}, 1
    )
    gradients = [[loss, *(f"{size:.2g}" for size in of.values())] for loss, of in sizes.items()]
    return page(options, Table(OPTIMA, optima), Table(["updates", *map(str, GRADIENT_STEPS)], gradients))


OPTIMA = ["data, generated", "largest gap", "V of D", "-log 4 + 2 JSD", "JSD"]


def found(optima, gradients):
    """The result in words."""
    gap = max(optima.numbers("largest gap").values())
    values, best = optima.numbers("V of D"), optima.numbers("-log 4 + 2 JSD")
    apart = max(abs(values[pair] - best[pair]) for pair in values)
    sizes = {loss: list(map(float, cells)) for loss, *cells in gradients.lines}
    left = "; ".join(f"{loss} {100 * of[-1] / max(of):.0f} %" for loss, of in sizes.items())
    return f"""\
The trained discriminator comes within {gap:g} of the optimal one, p_data / (p_data + p_g), and the value of
its game within {apart:.1g} of the optimal value, -log 4 + 2 JSD.

What the losses leave of the generator's gradient as the discriminator becomes perfect, after
{gradients.header[-1]} updates, as a share of its largest norm in the table: {left}."""


def page(options, optima, gradients):
    """The Markdown of the page of the two tables."""
    body = f"""\
{optima}

![D(x) and p_data / (p_data + p_g)]({options.name}/optimal.png)

## The generator's gradient as the discriminator becomes perfect

The norm of the generator's gradient by its mean and deviation, after so many updates of the discriminator:

{gradients}

![norm of the gradient]({options.name}/gradients.png)"""
    settings = {
        "data": "Gaussians on the line; the generator does not move",
        "discriminator": f"""two tanh layers of 64, Adam(2e-3), {STEPS:,} updates of 512 points of each kind,
            through `tfgan.GAN` with the minimax loss""",
        "largest gap": f"""largest difference between D(x) and p_data / (p_data + p_g), over points where one
            of the two densities is above {SEEN:g}""",
        "V": "of the game with the trained or the optimal D, by the trapezoidal rule on [-6, 6]; in nats",
        "second table": """data N(0, 0.5), generator N(4, 0.5), which hardly overlap; the discriminator learns
            by the row's own loss (Wasserstein: with a gradient penalty of 1)""",
        "seeds": "0",
        "minutes": options.minutes,
    }
    title = "What a perfect discriminator knows, and what it tells the generator"
    return options.written(title, found(optima, gradients), body, settings, NOTES)


NOTES = """\
## Why

The minimax gradient is proportional to D(G(z)), which goes to 0 as the discriminator becomes perfect
(Arjovsky & Bottou 2017, https://arxiv.org/abs/1701.04862). A least-squares discriminator that has met its
targets is flat around the samples. The non-saturating and the Wasserstein loss pass the discriminator's own
gradient on.
"""


def _optimum(data, generated):
    """(cells of the table, panel of the picture) of one pair of Gaussians."""
    game, batch = theory.line_game(data, generated)
    theory.discriminator_trainer(game, batch)(STEPS)
    p, q = data.density(GRID), generated.density(GRID)
    logits = game.logits(GRID[:, None].astype("float32"), batch_size=len(GRID))
    trained = 1 / (1 + np.exp(-logits.astype(np.float64)))
    best = theory.optimal_discriminator(p, q)
    seen = np.maximum(p, q) > SEEN
    gap = np.abs(trained - best)[seen].max()
    divergence = theory.jensen_shannon(p, q, GRID)
    line = [
        f"{gap:.3f}",
        f"{theory.game_value(p, q, trained, GRID):.4f}",
        f"{2 * divergence - np.log(4):.4f}",
        f"{divergence:.4f}",
    ]
    curves = {
        "D(x), trained": (GRID, np.where(seen, trained, np.nan)),
        "optimal": (GRID, np.where(seen, best, np.nan)),
        "p_data": (GRID, p),
        "p_g": (GRID, q),
    }
    return line, {"x": "x", "y": "", "curves": curves}


def _gradients(loss):
    """Dict of updates of the discriminator to the norm of the generator's gradient."""
    game, batch = theory.line_game(Normal(0.0, 0.5), Normal(4.0, 0.5), loss, **LOSSES[loss])
    train, sizes, done = theory.discriminator_trainer(game, batch), {}, 0
    for count in GRADIENT_STEPS:
        if count > done:
            train(count - done)
            done = count
        sizes[done] = theory.gradient_size(game, batch)
    return sizes
