"""Codes and inference: InfoGAN's codes, BiGAN's encoder, and an encoder that is trained afterwards.

Trainings take hours. Without --long the page shows the runs that are there and names the rest;
with it, what is missing is trained.
"""

import csv
from typing import NamedTuple

import numpy as np
from tables import claims, encoders, markdown, mnist, pictures, tried
from tables.costs import Costs
from tables.recipes import FLAGS
from tables.runs import Run, complete, has_weights, measured, ready

from tfgan import experiment

INFOGAN, BIGAN, REGRESSOR = "infogan_mnist", "bigan_mnist", "inference_mnist"
SHUFFLED = "mnist?shuffled=0"
# Images that categories are matched to digits on, and samples whose slant is measured.
MATCHED, SLANTED = 10_000, 1_000
# Values of a continuous code in the picture of it.
SWEEP = np.linspace(-2.0, 2.0, 9)
# Steps of refinement after which the encoder's start is read.
EARLY = 50
AT_RATE_0 = ("--generator_learning_rate=0", "--discriminator_learning_rate=0", "--ema_half_life=0")


class Row(NamedTuple):
    """A row of the page: a recipe, its seed, and how much of it is trained.

    Attributes:
        recipe: its name.
        seed: int.
        share: of the recipe's length; None: nothing is trained, statistics of batches are gathered.
    """

    recipe: str
    seed: int
    share: float | None = 1.0


INFOGANS = {f"InfoGAN, seed {seed}": Row(INFOGAN, seed) for seed in range(5)}
UNTRAINED = "BiGAN, untrained"
BIGANS = {
    "BiGAN, 200 epochs, seed 0": Row(BIGAN, 0),
    "BiGAN, 100 epochs, seed 1": Row(BIGAN, 1, 0.5),
    "BiGAN, 100 epochs, seed 2": Row(BIGAN, 2, 0.5),
}
AFTERWARDS = {"encoder trained afterwards": Row(REGRESSOR, 0)}
ENCODERS = {UNTRAINED: Row(BIGAN, 0, None), **BIGANS, **AFTERWARDS}

OF_CODES = {
    "bound": "bound, nats", "held_out": "error %, train[50000:]", "test": "error %, 3,000 of test",
    "rho": "slant", "others": "other code",
}  # fmt: skip
OF_ENCODERS = {
    "features_held_out": "1-NN e-, held out", "features_test": "1-NN e-, test",
    "codes_held_out": "1-NN e, held out", "codes_test": "1-NN e, test",
    "probe_held_out": "logistic e-, held out",
    "real_ratio": "EGr/EGr_b", "made_ratio": "EGg/EGg_b", "r2": "R² of z",
}  # fmt: skip
# README of https://github.com/jeffdonahue/bigan, on a hold-out of the training set.
PUBLISHED = {
    "BiGAN, untrained (published)": {
        "features_held_out": 96.84, "codes_held_out": 91.50, "probe_held_out": 91.39,
        "real_ratio": 13.64 / 13.64, "made_ratio": 3.00 / 3.00,
    },
    "BiGAN, 200 epochs (published)": {
        "features_held_out": 97.14, "codes_held_out": 95.92, "probe_held_out": 92.63,
        "real_ratio": 6.04 / 9.91, "made_ratio": 5.26 / 9.58,
    },
    "BiGAN, 400 epochs (published)": {
        "features_held_out": 97.35, "codes_held_out": 92.10, "probe_held_out": 79.48,
        "real_ratio": 5.95 / 9.60, "made_ratio": 5.20 / 9.15,
    },
}  # fmt: skip


def make(options):
    """The Markdown of the page, from the runs that are there; with --long what is missing is trained."""
    runs = {name: _run(options, row) for name, row in {**_infogans(options), **ENCODERS}.items()}
    if options.long or options.quick:
        complete(list(runs.values()), options.at_a_time)
    there = {name: run for name, run in runs.items() if ready(run)}
    of_codes = {name: _kept(there[name], _codes, options) for name in there if name in INFOGANS}
    data = _data(options) if set(there) & set(ENCODERS) else None
    of_encoders = {name: _kept(there[name], _encoder, options, data) for name in there if name in ENCODERS}
    refined = {
        name: _kept(there[name], _refined, options, data) for name in of_encoders if name != UNTRAINED
    }
    beside = {"pixels": encoders.of_pixels(data)} if data else {}
    missing = [name for name in runs if name not in there]
    shown = _pictures(options, there, of_codes, refined, data)
    minutes = {name: _minutes(run) for name, run in there.items()}
    tables = {
        "claims": claims.table(_claims(of_codes, of_encoders, refined)),
        "codes": _table(of_codes, OF_CODES, minutes),
        "encoders": _table({**beside, **of_encoders, **PUBLISHED}, OF_ENCODERS, minutes),
    }
    return page(options, tables, shown, missing)


def found(table):
    """The result in words, from the `Table` of claims."""
    return claims.found(table)


def page(options, tables, shown, missing):
    """The Markdown of the page.

    Args:
        options: `Options`.
        tables: dict of "claims", "codes" and "encoders" to a `Table`.
        shown: dict of "codes" and "encoders" to a list of the Markdown of pictures.
        missing: names of the rows that are not trained.
    """
    body = [
        str(tables["claims"]), *markdown.left_out(missing),
        "## InfoGAN: codes without labels", str(tables["codes"]), *shown["codes"],
        "## Encoders: BiGAN, and one that is trained afterwards", str(tables["encoders"]), *shown["encoders"],
    ]  # fmt: skip
    settings = {
        "recipes": f"`flags/{INFOGAN}.txt`, `flags/{BIGAN}.txt`, `flags/{REGRESSOR}.txt`",
        "seeds": """as the rows say, of InfoGAN as many as `--seeds`, at most 5. The paper's code trains BiGAN
            for 200 epochs, and then for 200 with a falling rate""",
        "bound": """minus the mean of `generator_code` in the last tick: at most ln 10 + 2/6 = 2.636, and 0
            where the codes cannot be told""",
        "error": f"""share of digits whose likeliest category was matched to another digit; matched one to one
            on {MATCHED:,} training images, by the Hungarian method""",
        "slant": f"""Spearman's rho, over {SLANTED:,} samples, of the slant mu11/mu02 of their pixels with the
            continuous code that follows it best; in the next column with the other code""",
        "held out, test": f"""10,000 images, in random order, of the training set (`{SHUFFLED}`,
            `train[50000:]`), as in the README of the paper's code; and the first 3,000 of the test set, which
            are harder: the two are not to be compared""",
        "1-NN": """share of images, in per cent, whose nearest of the 50,000 training images (Euclidean) shows
            the same digit""",
        "e-, e": """the encoder's last hidden layer, 1,024 numbers, and its codes, 50 numbers (published:
            before their sigmoid)""",
        "logistic": "logistic regression on standardised e- of the 50,000 training images",
        "EGr/EGr_b": """mean distance of held-out images to G(E(x)), over that to the one of another image;
            EGg/EGg_b: the same of generated images""",
        "R² of z": f"of {options.samples:,} fresh latents, from their images",
        "refinement": f"""Adam on z, rate 0.05, z kept in [-1, 1], for {encoders.REFINED:,} test images; mean
            square error of pixels in [-1, 1]""",
        "untrained": "BiGAN's networks with their first weights, and the statistics of 1,000 batches",
        "minutes": "of training, on cores that may have been shared with other work",
        "machine": options.machine,
        "trainings": "with `--long` the command trains what is missing; without, it shows what is there",
    }
    title = "Codes and inference"
    return options.written(title, found(tables["claims"]), "\n\n".join(body), settings, _notes(options))


def _notes(options):
    return f"""\
## What was tried

InfoGAN's categories do not become the ten digits with every seed and setting.

{tried.section(options)}

## In the papers

Chen et al. 2016 (https://arxiv.org/abs/1606.03657) report an error of 5 % of InfoGAN's categories, without
naming the split. The published rows are those of the README of BiGAN's code, on another draw of the same kind
of split; the paper's 97.39 % are on the 10,000 test images, which are not here.
"""


# ------------------------------------------------------------------------- runs


def _infogans(options):
    return dict(list(INFOGANS.items())[: options.seeds])


def _run(options, row):
    """The `Run` of a row; a recipe as it stands is a run of the page of recipes."""
    folder = options.runs / ("recipes" if row.share == 1 else options.name)
    name = row.recipe if row.share == 1 else f"{row.recipe}_{row.share or 'untrained'}"
    flags = [*_flags(options, row), f"--data_dir={options.data_dir}", f"--seed={row.seed}"]
    samples = 200 if options.quick else options.samples
    return Run(folder / name / f"seed{row.seed}", flags, ("frechet",), samples)


def _flags(options, row):
    """Flags of a row. What follows the stages holds in every stage, so another length precedes them."""
    path = FLAGS / f"{row.recipe}.txt"
    own = [line for line in path.read_text().splitlines() if line.startswith("--")]
    if row.share is None:
        images = options.images(128_000)
        one_stage = [line for line in own if not line.startswith("--stage")]
        return [*one_stage, *AT_RATE_0, f"--images={images}", f"--tick_images={images}"]
    if options.budget != 1:
        images = options.images(experiment.parse_flags(own).images)
        return [*own, f"--images={images}", f"--tick_images={images}"]
    if row.share == 1:
        return own
    images = round(row.share * experiment.parse_flags(own).images)
    return [f"--images={images}", *(line for line in own if not line.startswith("--images="))]


def _minutes(run):
    files = [*run.folder.glob("costs.csv"), *run.folder.glob("*/costs.csv")]
    return f"{sum(Costs.read(path).minutes for path in files):.0f}"


def _kept(run, measure, *arguments):
    """What a function measures of a run and its game, under the function's name."""
    play = lambda: measure(run, experiment.open_run(run.folder)[0], *arguments)
    return measured(run, measure.__name__.strip("_"), play)


# ------------------------------------------------------------------ measurements


def _codes(run, game, options):
    """Scores of InfoGAN's codes, a dict."""
    from tfgan import metrics

    category = lambda images: game.generate(sampler="infer", images=images)[:, :10].argmax(axis=1)
    training = mnist.digits(options, "train[:50000]", most=200 if options.quick else MATCHED)
    matching = metrics.match_categories(category(training.images), training.labels, 10)
    rhos = _slants(game)
    scores = {"bound": _bound(run, game), "rho": rhos[0], "others": rhos[1], "matching": matching.tolist()}
    for key, split in (("held_out", "train[50000:]"), ("test", "test")):
        digits = mnist.digits(options, split)
        scores[key] = 100.0 * metrics.assigned_error(category(digits.images), digits.labels, matching)
    scores["code"] = int(rhos[2])
    return scores


def _bound(run, game):
    """The bound of the last tick, from the logs; both kinds of codes have the same weight in these rows."""
    with (run.folder / "metrics.csv").open(newline="") as file:
        *_, last = csv.DictReader(file)
    return -float(last["generator_code"]) / game.weight


def _slants(game):
    """(Spearman's rho with the slant of the best code, of the next best, number of the best)."""
    from scipy.stats import spearmanr

    images = game.generate(SLANTED, seed=encoders.SEED)
    codes = encoders.drawn(game, SLANTED)[:, -game.continuous :]
    slant = slants(images)
    rhos = [float(spearmanr(column, slant).statistic) for column in codes.T]
    best, *others = np.argsort(np.abs(rhos))[::-1]
    return rhos[best], rhos[others[0]], best


def slants(images):
    """Slant of the ink of images [n, height, width, 1] in [-1, 1]: mu11 / mu02, 0 where there is none.

    mu11 is the covariance of the ink's columns and rows, mu02 the variance of its rows: how many
    columns the ink moves to the right with each row.
    """
    ink = (np.asarray(images, np.float64)[..., 0] + 1.0) / 2.0
    ink = ink / np.maximum(ink.sum(axis=(1, 2), keepdims=True), 1e-12)
    rows, columns = np.mgrid[: ink.shape[1], : ink.shape[2]]
    mean = lambda values: (ink * values).sum(axis=(1, 2), keepdims=True)
    rows, columns = rows - mean(rows), columns - mean(columns)
    covariance, variance = (mean(rows * other)[:, 0, 0] for other in (columns, rows))
    return np.divide(covariance, variance, out=np.zeros_like(variance), where=variance > 0)


def _data(options):
    few = 200 if options.quick else None
    splits = {"train[:50000]": SHUFFLED, "train[50000:]": SHUFFLED, "test": "mnist"}
    return encoders.Data(*(mnist.digits(options, split, name, few) for split, name in splits.items()))


def _encoder(run, game, options, data):
    return encoders.scores(game, data, options.samples)


def _refined(run, game, options, data):
    return encoders.refinement(game, data, 3 if options.quick else encoders.STEPS)


# ---------------------------------------------------------------------- results


def _table(rows, columns, minutes):
    cell = lambda scores, key: f"{scores[key]:.{3 if abs(scores[key]) < 3 else 2}f}" if key in scores else ""
    lines = [
        [name, *(cell(scores, key) for key in columns), minutes.get(name, "")]
        for name, scores in rows.items()
    ]
    return markdown.Table(["", *columns.values(), "minutes"], lines)


def _claims(of_codes, of_encoders, refined):
    """List of `Claim`."""
    of = lambda rows, key: [of_encoders[name][key] for name in rows if name in of_encoders]
    errors = [scores["held_out"] for scores in of_codes.values()]
    nearest = of(BIGANS, "features_held_out")
    early = [
        curves[encoders.FROM_CODES][:EARLY + 1][-1] / curves[encoders.FROM_RANDOM][-1]
        for name, curves in refined.items()
        if name in AFTERWARDS
    ]
    rhos = [abs(scores["rho"]) for scores in of_codes.values()]
    summary = lambda function, values: [float(function(values))] if values else []
    count = lambda values: f"{len(values)} seed{'s' if len(values) != 1 else ''}"
    return [
        claims.Claim(f"InfoGAN: median error % of {count(errors)}", 5.0, summary(np.median, errors), True),
        claims.Claim(f"InfoGAN: best error % of {count(errors)}", 3.0, summary(min, errors), True),
        claims.Claim("InfoGAN: rho of a code with the slant", 0.7, rhos),
        claims.Claim(f"BiGAN: 1-NN of e-, mean of {count(nearest)}", 97.40, summary(np.mean, nearest)),
        claims.Claim("BiGAN: EGr/EGr_b", 0.60, of(BIGANS, "real_ratio"), True),
        claims.Claim("BiGAN: logistic regression on e-", 95.0, of(BIGANS, "probe_held_out")),
        claims.Claim("trained afterwards: R² of z", 0.5, of(AFTERWARDS, "r2")),
        claims.Claim("trained afterwards: EGg/EGg_b", 0.45, of(AFTERWARDS, "made_ratio"), True),
        claims.Claim(
            f"trained afterwards: error after {EARLY} steps from codes over that after {encoders.STEPS} from "
            "random latents", 1.0, early, True,
        ),
    ]  # fmt: skip


# --------------------------------------------------------------------- pictures


def _pictures(options, runs, of_codes, refined, data):
    """Dict of section to the Markdown of its pictures, which are drawn."""
    shown = {"codes": [], "encoders": []}
    if of_codes:
        best = min(of_codes, key=lambda name: of_codes[name]["held_out"])
        if has_weights(runs[best].folder):
            _draw_codes(options, runs[best], of_codes[best])
        shown["codes"] += [
            f"{best}: one category per column, in the order of the digits that they were matched to.\n\n"
            f"![one category per column]({options.name}/categories.png)",
            "The same, one category per row; the continuous code that follows the slant goes from "
            f"{SWEEP[0]:g} to {SWEEP[-1]:g}, the rest stays.\n\n![a continuous code]({options.name}/slant.png)",
        ]
    for name in (*list(BIGANS)[:1], *AFTERWARDS):
        if name in runs:
            path = f"{markdown.file_name(name)}.png"
            if has_weights(runs[name].folder):
                _draw_ways_back(options.pictures / path, runs[name], data)
            shown["encoders"].append(
                f"{name}: held-out images, and beside each what the generator makes of its code.\n\n"
                f"![reconstructions]({options.name}/{path})"
            )
    if refined:
        panels = {
            name: {
                "x": "steps", "y": "mean square error", "top": max(curves[encoders.FROM_RANDOM]),
                "curves": {start: (range(len(errors)), errors) for start, errors in curves.items()},
            }
            for name, curves in refined.items()
        }  # fmt: skip
        pictures.curves(options.pictures / "refinement.png", panels)
        shown["encoders"].append(f"Refinement:\n\n![errors over steps]({options.name}/refinement.png)")
    return shown


def _draw_codes(options, run, scores):
    """Pictures of the categories and of the slant, categories in the order of their digits."""
    from tfgan.pictures import picture, save_png

    game, _ = experiment.open_run(run.folder)
    order = np.argsort(scores["matching"])
    in_rows = lambda images: images.reshape(-1, 10, *images.shape[1:])[:, order]
    rows = in_rows(game.generate(80, seed=encoders.SEED, sampler="categories"))
    options.pictures.mkdir(parents=True, exist_ok=True)
    save_png(options.pictures / "categories.png", picture(rows.reshape(-1, *rows.shape[2:]), 10))
    code = f"continuous_{scores['code']}"
    swept = [
        in_rows(game.generate(10, seed=encoders.SEED, sampler="categories", **{code: float(value)}))[0]
        for value in SWEEP
    ]
    cells = np.stack(swept, 1).reshape(-1, *rows.shape[2:])
    save_png(options.pictures / "slant.png", picture(cells, len(SWEEP)))


def _draw_ways_back(path, run, data):
    from tfgan.pictures import save_png, sheet

    game, _ = experiment.open_run(run.folder)
    images = data.held_out.images[:40]
    path.parent.mkdir(parents=True, exist_ok=True)
    save_png(path, sheet([images, game.generate(sampler="reconstruct", images=images)], 8))
