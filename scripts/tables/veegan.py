"""VEEGAN's protocol for the ring and the grid, which papers on Unrolled GAN and GDPP share."""

from typing import NamedTuple

from tables import mixtures, pictures, tried
from tables.markdown import Table
from tables.methods import Method, Protocol, rounds_of


class Mixture(NamedTuple):
    """A page of this protocol.

    Attributes:
        dataset: name of points in `tfgan.data.DATASETS`.
        title: of the page.
        data: what the points are.
        published: dict of row to (modes, high quality) as the papers print them.
        methods: dict of row to `Method`.
    """

    dataset: str
    title: str
    data: str
    published: dict
    methods: dict


ROUNDS = 25_000
# Other seeds than those that settings were chosen on.
FIRST_SEED = 100

SETTINGS = {"network": "mlp", "latent_dim": 256}
NETWORK = {"activation": "tanh", "orthogonal": 1.4}

CURED = "relativistic, R1 and R2"
OVER_TIME = ("minimax", CURED)

METHODS = {
    "minimax": Method({"loss": "minimax"}, quick=2_000),
    "non-saturating": Method({"loss": "non_saturating"}),
    "least squares": Method({"loss": "least_squares"}),
    "WGAN, clipped": Method(
        {"loss": "wasserstein", "game_options": {"clip_weights": 0.1}, "discriminator_steps": 5},
        rates=(1e-4, 1e-4),
    ),
    "WGAN-GP, 10": Method(
        {"loss": "wasserstein", "penalties": {"gradient_penalty": 10.0}, "discriminator_steps": 5},
        rates=(1e-4, 1e-4), betas=(0.5, 0.9),
    ),
    "WGAN-GP, 0.1": Method(
        {"loss": "wasserstein", "penalties": {"gradient_penalty": 0.1}, "discriminator_steps": 5},
        rates=(1e-4, 1e-4), betas=(0.5, 0.9),
    ),
    "non-saturating, R1": Method({"loss": "non_saturating", "penalties": {"r1": 0.1}}),
    "non-saturating, R1 and R2": Method(
        {"loss": "non_saturating", "penalties": {"r1": 0.1, "r2": 0.1}}
    ),
    "minimax, unrolled 5 steps": Method({"loss": "minimax", "rule": {"unrolled": 5}}),
    "non-saturating, packs of 2": Method({"loss": "non_saturating", "views": {"packing": 2}}),
    "non-saturating, minibatch discrimination": Method(
        {"loss": "non_saturating"}, {"minibatch_kernels": 10}
    ),
}  # fmt: skip


def cured(penalty, input_scale):
    """The method of the last row: large learning rates that fall to 0, and penalties that fade."""
    return Method(
        {"loss": "relativistic", "penalties": {"r1": penalty, "r2": penalty}},
        {"input_scale": input_scale}, rates=(6e-3, 6e-3), betas=(0.5, 0.99), fall=0.7, fade=0.05,
        quick=2_000, share=0.5,
    )  # fmt: skip


HEADER = [*mixtures.HEADER, "modes, published", "high quality, published"]


def make_mixture(options, mixture, extra="", notes=""):
    """The Markdown of a mixture's page, after every method was trained.

    Args:
        options: `Options`.
        mixture: `Mixture`.
        extra: Markdown of further results.
        notes: Markdown of further sections after the settings.
    """
    from tfgan.data import open_source

    source = open_source(mixture.dataset)
    protocol = Protocol(source, {"dataset": mixture.dataset, **SETTINGS}, NETWORK, ROUNDS)
    seeds = mixtures.seeds(options, FIRST_SEED)
    published, nothing = mixture.published, ["", ""]
    lines, clouds, quality, moments = [], {}, {}, {}
    for row, method, kept in mixtures.finished(options, protocol, mixture.methods, seeds, lines, HEADER):
        ours = mixtures.line(row, kept["live"], source, kept["minutes"])
        lines.append([*ours, *published.get(row, nothing)])
        clouds[row] = kept["live"][0]
        quality[row] = mixtures.qualities(kept["live"], source)
        if row in OVER_TIME:
            moments[row] = kept["over time"]
        if "chosen" in kept:
            apart = {
                "averaged weights": kept["average"],
                f"the best {method.share:.0%} by D": kept["chosen"],
            }
            for name, samples in apart.items():
                lines.append([*mixtures.line(f"{row}: {name}", samples, source), *nothing])
    lines.append([*mixtures.ceiling(source), *nothing])
    blank = [""] * (len(HEADER) - 3)
    lines += [
        [f"{row} (published)", *blank, *of] for row, of in published.items() if row not in mixture.methods
    ]
    pictures.bars(options.pictures / "quality.png", quality, "samples within 3 sigma of a mode, %")
    mixtures.portraits(options, clouds, source)
    mixtures.over_time(options, moments, source)
    return page(options, mixture, Table(HEADER, lines), rounds_of(options, protocol), extra, notes)


def found(table):
    """The result in words."""
    modes, quality = table.numbers("modes"), table.numbers("high quality, %")
    theirs, their_quality = (table.numbers(name) for name in HEADER[-2:])
    ours = table.cells("minutes")
    if not ours:
        return "No method came to its end."
    best = max(ours, key=lambda row: (modes[row], quality[row]))
    best_published = max(theirs, key=lambda row: (theirs[row], their_quality[row]))
    every = table.cells("modes")["real data"]
    complete = [row for row in ours if table.cells("modes")[row] == every]
    return f"""\
Best is "{best}": it finds {modes[best]:g} of {every} modes, and {quality[best]:.1f} % of its samples lie
within 3 sigma of a mode (real data: {quality["real data"]:.1f} %). The best published row,
{best_published.removesuffix(" (published)")}, has {theirs[best_published]:g} modes and
{their_quality[best_published]:g} %. Methods that find all modes with every seed, and their high quality in %:
{table.said("high quality, %", complete)}.

Only the settings of "{CURED}" were chosen, on other seeds. The other rows were not tuned, and the protocol
[differs from the papers'](#differences-from-the-papers)."""


def page(options, mixture, table, rounds, extra="", notes=""):
    """The Markdown of the page of a table."""
    body = f"""\
{table}

![quality per method]({options.name}/quality.png)

![samples]({options.name}/samples.png)

Over time, the first seed's average:

![samples]({options.name}/over_time.png)

{extra}"""
    notes = f"{DIFFERENCES}\n{_how_it_was_set(options)}\n{notes}"
    return options.written(mixture.title, found(table), body, _settings(options, mixture, rounds), notes)


def _settings(options, mixture, rounds):
    cured = mixture.methods[CURED]
    betas = METHODS["minimax"].betas, METHODS["WGAN-GP, 10"].betas
    clipped = METHODS["WGAN, clipped"].settings["game_options"]["clip_weights"]
    weight = METHODS["non-saturating, R1 and R2"].settings["penalties"]["r1"]
    kernels = METHODS["non-saturating, minibatch discrimination"].network["minibatch_kernels"]
    return {
        "data": mixture.data,
        "networks": """generator and discriminator: two tanh layers of 128, orthogonal initial weights with a
            gain of 1.4; 256 normal latents""",
        "optimizer": f"""Adam(1e-3) for the generator, Adam(1e-4) for the discriminator, beta_1
            {betas[0][0]:g}, beta_2 {betas[0][1]:g}; Wasserstein rows: 1e-4 for both and five discriminator
            steps, WGAN-GP with a beta_2 of {betas[1][1]:g}""",
        "weights": f"""clipped at {clipped:g} in "WGAN, clipped"; R1 and R2 of the non-saturating rows:
            {weight:g}; minibatch discrimination: {kernels} kernels""",
        CURED: f"""Adam({cured.rates[0]:g}, {cured.betas[0]:g}, {cured.betas[1]:g}) for both, with rates that
            fall to 0 over the last {100 * cured.fall:g} % of the run; penalties of
            {cured.settings["penalties"]["r1"]:g}, which fall to {100 * cured.fade:g} % of that over the first
            half; the discriminator multiplies its input by {cured.network["input_scale"]:g}""",
        "batch": "128 points (packs of 2: 64 packs)",
        "budget": f"{rounds:,} rounds (the protocol: {ROUNDS:,})",
        "seeds": options.over_seeds(FIRST_SEED),
        "samples": f"{mixtures.SAMPLES:,} of each seed, of the last weights where the row says nothing else",
        "high quality": "share of samples within 3 sigma of the nearest mode; a perfect sampler has 98.9 %",
        "modes": f"found with one sample of high quality, in the stricter column with {mixtures.HITS}",
        "by D": """of more samples, the share with the highest logits of that seed's discriminator; logits
            differ from mode to mode, so that modes can be lost""",
        "published": """Srivastava et al. 2017 (https://arxiv.org/abs/1705.07761); WGAN-GP and GDPP-GAN:
            Elfeki et al. 2019 (https://arxiv.org/abs/1812.00068)""",
        "minutes": f"of all seeds together, on {options.cores}",
    }


DIFFERENCES = f"""\
## Differences from the papers

* Batches have 128 points, the protocol's 512.
* The protocol's code updates both networks from the same weights, with one batch and one noise; here they
  alternate, each with a batch and noise of its own.
* The rows other than "{CURED}" have the rates above and no others were tried: a row below its
  published one says little against its method.
"""


def _how_it_was_set(options):
    return f"""\
## How "{CURED}" was set

Larger steps that come to rest, penalties that fade and an input in the modes' own scale bring the gain; the
other loss and the other initial weights change little. Means and standard errors of seeds 0 to 2, which the
table above does not use; all at {ROUNDS:,} rounds.

{tried.section(options)}
"""
