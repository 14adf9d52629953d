"""VEEGAN's protocol for the ring and the grid, which Unrolled GAN and GDPP share."""

from tables import markdown, mixtures, pictures, tried
from tables.methods import Method, Protocol, rounds_of

ROUNDS = 25_000
# Not those that settings were chosen on.
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
    """The last row's method: large steps that come to rest, between penalties that fade."""
    return Method(
        {"loss": "relativistic", "penalties": {"r1": penalty, "r2": penalty}},
        {"input_scale": input_scale}, rates=(6e-3, 6e-3), betas=(0.5, 0.99), fall=0.7, fade=0.05,
        quick=2_000, share=0.5,
    )  # fmt: skip


def _weights():
    bound = METHODS["WGAN, clipped"].settings["game_options"]["clip_weights"]
    weight = METHODS["non-saturating, R1 and R2"].settings["penalties"]["r1"]
    kernels = METHODS["non-saturating, minibatch discrimination"].network["minibatch_kernels"]
    betas = METHODS["minimax"].betas, METHODS["WGAN-GP, 10"].betas
    return f"""\
Beta_2 is {betas[0][1]:g}, with WGAN-GP {betas[1][1]:g}; weights are clipped at {bound:g}; R1 and R2 of the
non-saturating rows weigh {weight:g}; minibatch discrimination has {kernels} kernels."""


def _of_the_cured(method):
    weight = method.settings["penalties"]["r1"]
    scale, rate = method.network["input_scale"], method.rates[0]
    return f"""\
"{CURED}": Adam({rate:g}, {method.betas[0]:g}, {method.betas[1]:g}) for both, whose rate falls to 0 over the
last {method.fall:.0%} of the run; penalties of {weight:g}, which fall to {method.fade:.0%} of that over the
first half; the discriminator multiplies its input by {scale:g}."""


def tried_section(options):
    """The section on how the last row was set."""
    return f"""\
## How "{CURED}" was set

Larger steps that come to rest, penalties that fade and an input in the modes' own scale bring the gain; the
other loss and the other initial weights change little. Means and standard errors of seeds 0 to 2, which the
table above does not use; all at {ROUNDS:,} rounds.

{tried.section(options)}
"""


def page(options, dataset, title, published, methods, remarks):
    """The page of one mixture.

    Args:
        options: `Options`.
        dataset: name of points in `tfgan.data.DATASETS`.
        title: str.
        published: dict of row to (modes, high quality) as the papers print them.
        methods: dict of row to `Method`.
        remarks: str, what is to say of the result.
    """
    from tfgan.data import open_source

    source = open_source(dataset)
    protocol = Protocol(source, {"dataset": dataset, **SETTINGS}, NETWORK, ROUNDS)
    seeds = mixtures.seeds(options, FIRST_SEED)
    header = [*mixtures.HEADER, "modes, published", "high quality, published"]
    lines, clouds, quality, moments = [], {}, {}, {}
    for row, method, found in mixtures.finished(options, protocol, methods, seeds, lines, header):
        ours = mixtures.line(row, found["live"], source, found["minutes"])
        lines.append([*ours, *published.get(row, ("", ""))])
        clouds[row] = found["live"][0]
        quality[row] = mixtures.qualities(found["live"], source)
        if row in OVER_TIME:
            moments[row] = found["over time"]
        if "chosen" in found:
            apart = {
                "averaged weights": found["average"],
                f"the best {method.share:.0%} by D": found["chosen"],
            }
            lines += [
                [*mixtures.line(f"{row}: {name}", samples, source), "", ""] for name, samples in apart.items()
            ]
    lines.append([*mixtures.ceiling(source), "", ""])
    nothing = [""] * (len(header) - 3)
    lines += [[f"{row} (published)", *nothing, *of] for row, of in published.items() if row not in methods]
    rounds = rounds_of(options, protocol)
    bars = options.pictures / "quality.png"
    pictures.bars(bars, quality, "samples within 3 sigma of a mode, %")
    return f"""\
# {title}

    {options.command}

Two tanh layers of 128 on both sides, orthogonal with a gain of 1.4, 256 normal latents, {rounds:,}
rounds, {len(seeds)} seeds from {FIRST_SEED} on; {mixtures.SAMPLES:,} samples of each. As in the protocol of Srivastava et al. 2017
(https://arxiv.org/abs/1705.07761), which has {ROUNDS:,} rounds, but for batches of 128 points (theirs:
512; a row of packs sees 64 of them) and where a row says so. Adam(1e-3) moves the generator and Adam(1e-4) the discriminator, beta_1 0.5; the Wasserstein rows
have 1e-4 for both and five steps. {_weights()} {_of_the_cured(methods[CURED])}
The protocol's code moves both sides at one point with one batch and one noise; here they alternate,
each with its own. Samples are those of the last weights. A sample within 3 sigma of the nearest mode is of high quality; a mode is found with one of these, and
in the stricter column with {mixtures.HITS}. A perfect sampler has 98.9 %. Mean and standard error
over the seeds; minutes of all seeds together on {options.cores}. "By D": of more samples, the
share with the highest logits of that seed's discriminator; they are not alike from mode to mode, so that
the choice loses modes. "Published": Srivastava et al., and of WGAN-GP and GDPP-GAN Elfeki et al. 2019
(https://arxiv.org/abs/1812.00068). Only the last method's settings were chosen, on other seeds; the others have
the rates above and no more was tried, so that a row below its published one says little against its method.

{markdown.rows(header, lines)}

{remarks}

![quality per method]({options.name}/{bars.name})

{mixtures.portraits(options, clouds, source)}

Over time, the first seed's average:

{mixtures.over_time(options, moments, source)}
"""
