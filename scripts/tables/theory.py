"""Theory made visible: optimal discriminators, the value of the game, vanishing gradients."""

import numpy as np
from tables import markdown, pictures

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
# Where points of either kind come, and a discriminator has something to learn from.
SEEN = 1e-2

LOSSES = {
    "minimax": {},
    "non_saturating": {},
    "least_squares": {},
    "wasserstein": {"penalties": {"gradient_penalty": 1.0}},
}
GRADIENT_STEPS = (0, 3, 10, 30, 100, 300, 1000, 3000)


def make(options):
    """The page."""
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
    counts = list(sizes["minimax"])
    lines = [[loss, *(f"{of[count]:.2g}" for count in counts)] for loss, of in sizes.items()]
    return f"""\
# What a perfect discriminator knows, and what it tells the generator

    {options.command}

{options.minutes} minutes on {options.cores}.

Gaussians on the line. The generator stands still; the discriminator (two tanh layers of 64,
Adam(2e-3), {STEPS:,} updates of 512 points of each kind, seed 0) is trained through
`tfgan.GAN` with the minimax loss. "Largest gap" is the largest difference between its D(x) and
p_data / (p_data + p_g), over points where one of the two densities is above {SEEN:g}. V is the value of the
game by the trapezoidal rule on [-6, 6]: of that discriminator, and of the optimal one, which
is -log 4 + 2 JSD. In nats.

{markdown.rows(["data, generated", "largest gap", "V of D", "-log 4 + 2 JSD", "JSD"], optima)}

![D(x) and p_data / (p_data + p_g)]({options.name}/optimal.png)

## The generator's gradient as the discriminator becomes perfect

Data N(0, 0.5), generator N(4, 0.5): next to no overlap. The norm of the generator's gradient by its
mean and deviation, after so many updates of the discriminator under the loss's own terms (Wasserstein
with a gradient penalty of 1). The minimax gradient vanishes with the discriminator's doubt, as
Arjovsky & Bottou 2017 (https://arxiv.org/abs/1701.04862) show; that of least squares goes the same
way, slower, because a discriminator that has met its targets is flat around the samples. The
non-saturating and the Wasserstein gradients stay.

{markdown.rows(["updates", *map(str, counts)], lines)}

![norm of the gradient]({options.name}/gradients.png)
"""


def _optimum(data, generated):
    game, batch = theory.line_game(data, generated)
    theory.discriminator_trainer(game, batch)(STEPS)
    p, q = data.density(GRID), generated.density(GRID)
    logits = game.logits(GRID[:, None].astype("float32"), batch_size=len(GRID))
    judged = 1 / (1 + np.exp(-logits.astype(np.float64)))
    best = theory.optimal_discriminator(p, q)
    seen = np.maximum(p, q) > SEEN
    gap = np.abs(judged - best)[seen].max()
    divergence = theory.jensen_shannon(p, q, GRID)
    line = [
        f"{gap:.3f}",
        f"{theory.game_value(p, q, judged, GRID):.4f}",
        f"{2 * divergence - np.log(4):.4f}",
        f"{divergence:.4f}",
    ]
    curves = {
        "D(x), trained": (GRID, np.where(seen, judged, np.nan)),
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
