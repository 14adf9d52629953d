"""Conditional games: whether samples show what was asked for, how varied they are then, and what helps.

Trainings take hours. Without --long the page shows the runs that are there and names the rest;
with it, what is missing is trained. `--folders=faces=PATH` names the folder of drawn faces.
"""

from typing import NamedTuple

from tables import claims, judged, markdown, records
from tables.costs import Costs
from tables.recipes import OF_PIXELS, in_folder
from tables.runs import OF_FEATURES, Run, complete, copy_grid, ready
from tables.variants import Variant

FACES = "faces"
CONTROL, AC = "cgan_faces64", "acgan_faces64"
SAMPLES = 2_500
# Images that a discriminator is shown alone, at the end.
ALONE = 64_000
METRICS = (*OF_FEATURES[:2], "gan_test")


# Rows of which the discriminator is also trained alone at the end, and chooses among samples.
CHOOSING = (CONTROL, AC, f"{CONTROL}, matching-aware")
OF_FACES = {
    CONTROL: Variant(CONTROL),
    AC: Variant(AC, shares=(1.0, 0.5, 0.5)),
    f"{AC}, no minibatch discrimination": Variant(AC, {"network_options": {"minibatch": None}}),
    f"{AC}, fakes not classified": Variant(AC, {"game_options": {"classify_fakes": False}}),
    f"{CONTROL}, matching-aware": Variant(CONTROL, {"game_options": {"wrong_weight": 0.5}}),
}

TITLES = {"fashion_mnist": "Fashion-MNIST", "cifar10": "CIFAR-10"}
CONCATENATED = {
    "network_options": {"generator_condition": "concatenate", "discriminator_condition": "concatenate"}
}
ENTRIES = {"projection": {}, "concatenation": CONCATENATED}


READING = """\
The judge of these rows is a classifier of real faces, which no game has seen. The ceiling is its accuracy on
faces that it has not learned from; the floor is the same with the captions shuffled, which samples have that
do not depend on what was asked. The judge has learned from most of the faces that games are trained on, so
that copies of them would be judged like the last row."""


class FaceRun(NamedTuple):
    """A line of the table of faces.

    Attributes:
        run: `Run` that makes its samples.
        share: of the samples, those that its discriminator finds most real.
    """

    run: Run
    share: float = 1.0


def make(options):
    """The Markdown of the page, from the runs that are there; with --long what is missing is trained."""
    of_faces = _runs_of_faces(options) if FACES in options.folders else {}
    of_classes = {data: _runs_of_classes(options, data) for data in TITLES if options.data_dir}
    if options.long or options.quick:
        for runs in _phases(of_faces, of_classes):
            complete(runs, options.at_a_time)
    there = {row: line for row, line in of_faces.items() if ready(line.run)}
    faces = _open_faces(options) if there else None
    scores = {row: _judged(line, faces) for row, line in there.items()}
    outcomes = {
        data: {
            entry: {seed: complete([run])[0] for seed, run in enumerate(runs) if ready(run)}
            for entry, runs in rows.items()
        }
        for data, rows in of_classes.items()
    }
    for data, rows in of_classes.items():
        for entry, runs in rows.items():
            if 0 in outcomes[data][entry]:
                copy_grid(runs[0], options.pictures / f"{data}_{entry}.png")
    beside = judged.beside(faces) if faces else {}
    sections = [_section_of_faces(scores, beside, of_faces)] if scores else []
    sections += [
        _section_of_classes(options, data, rows, of_classes[data])
        for data, rows in outcomes.items()
        if any(rows.values())
    ]
    table = claims.table([*_claims_of_faces(scores, beside), *_claims_of_classes(outcomes)])
    notes = records.notes({row: line.run for row, line in there.items()})
    return page(options, table, sections, _missing(of_faces, of_classes), notes, faces)


def found(table):
    """The result in words, from the `Table` of claims."""
    return claims.found(table)


def page(options, table, sections, missing, notes, faces=None):
    """The Markdown of the page.

    Args:
        options: `Options`.
        table: `Table` of claims.
        sections: list of str, tables and pictures of runs.
        missing: names of the runs that are not there yet, list of str.
        notes: dict of row to what its record says of itself.
        faces: `tables.judged.Faces`, or None without them.
    """
    settings = {
        "recipes": "`flags/NAME.txt`, with the options that a row names",
        **(_settings_of_faces(options, faces) if faces else {}),
        "Fashion-MNIST, CIFAR-10": f"""{options.samples:,} samples, whose labels are those of the held-out
            images in turn, against these images, in the features of the data set's own classifier (no FID).
            The two rows differ only in the way in which the label enters, and have as many updates""",
        "gan_test": """share of samples in which that classifier finds the label that was asked for; real
            data are held-out images with their own labels""",
        **notes,
        "seeds": f"""{options.seeds} at most; with ±, mean and standard error over those that are there""",
        "minutes": "of training one run, from its costs.csv; its cores may have been shared with other work",
        "machine": options.machine,
        "trainings": "with `--long` the command trains what is missing; without, it shows what is there",
    }
    body = "\n\n".join([str(table), *markdown.left_out(missing), *sections])
    return options.written("Conditional games", found(table), body, settings)


# ------------------------------------------------------------------------- runs


def _runs_of_faces(options):
    """Dict of row to `FaceRun`."""
    lines = {}
    for row, variant in OF_FACES.items():
        data = [f"--dataset={_dataset(options, variant)}"]
        for seed in range(min(options.seeds, len(variant.shares))):
            run = variant.run(options, row, seed, OF_PIXELS, _samples(options), data)
            lines[variant.named(row, seed)] = FaceRun(run)
            if row in CHOOSING and seed == 0:
                after = _alone(options, row, variant, run)
                lines[f"{row}, best half"] = FaceRun(run, judged.BEST)
                lines[f"{row}, best half after the discriminator alone"] = FaceRun(after, judged.BEST)
    return lines


def _runs_of_classes(options, data):
    """Dict of way in which the label enters to its runs, one per seed."""
    name = f"projection_{data}"
    return {
        entry: [
            Variant(name, changes).run(options, f"{name}, {entry}", seed, METRICS, options.samples)
            for seed in range(options.seeds)
        ]
        for entry, changes in ENTRIES.items()
    }


def _alone(options, row, variant, run):
    """The run that goes on from another with the discriminator alone."""
    start = f"generator={run.folder}#generator:averaged,discriminator={run.folder}"
    return run._replace(
        folder=options.runs / options.name / markdown.file_name(f"{row}, discriminator alone") / "seed0",
        flags=[
            *run.flags, *variant.changed(game_options={"frozen": "generator"}).flags, "--metrics=",
            f"--start_from={start}", f"--images={options.images(ALONE)}",
        ],
        untrained=False,
    )  # fmt: skip


def _dataset(options, variant):
    """The data set of a recipe of faces, in the user's folder."""
    return in_folder(variant.recipe().dataset, options.folders[FACES])


def _samples(options):
    return min(SAMPLES, options.samples)


def _phases(of_faces, of_classes):
    """The runs in two lists, first seeds first: those that start by themselves, then those that go on."""
    runs = [line.run for line in of_faces.values()]
    runs += [run for rows in of_classes.values() for of_row in rows.values() for run in of_row]
    once = sorted({run.folder: run for run in runs}.values(), key=lambda run: run.folder.name)
    goes_on = lambda run: any(flag.startswith("--start_from=") for flag in run.flags)
    return [run for run in once if not goes_on(run)], [run for run in once if goes_on(run)]


def _missing(of_faces, of_classes):
    """Names of the rows or seeds that are not finished."""
    names = [row for row, line in of_faces.items() if not ready(line.run)]
    names = names if of_faces else ["drawn faces, whose folder was not given"]
    for data, rows in of_classes.items():
        for row, runs in rows.items():
            seeds = [str(seed) for seed, run in enumerate(runs) if not ready(run)]
            if seeds:
                names.append(f"{TITLES[data]}, {row}, seed {', '.join(seeds)}")
    return names


# ----------------------------------------------------------------------- scores


def _open_faces(options):
    recipe = OF_FACES[CONTROL].recipe(f"--dataset={_dataset(options, OF_FACES[CONTROL])}")
    return judged.open_faces(recipe, _samples(options), 640 if options.quick else judged.IMAGES)


def _judged(line, faces):
    """What the judge says of a line's samples; nothing where the run stopped early."""
    (outcome,) = complete([line.run])
    return {} if outcome.failure else judged.scores(line.run.folder, faces, line.share)


def _section_of_faces(scores, beside, lines):
    minutes = {row: _minutes([lines[row].run]) for row in scores}
    table = judged.table({**scores, **beside}, minutes)
    return "\n\n".join(["## Drawn faces, 64x64", str(table), READING, *_of_the_head(scores)])


def _of_the_head(scores):
    """Text on what the auxiliary classifier changes, where both runs are there."""
    both = [scores.get(row) for row in (CONTROL, f"{AC}, seed 0")]
    if not all(both):
        return []
    control, ac = both
    return [markdown.wrapped(f"""\
With the auxiliary classifier both colours are right in {ac["all"]:.3f} of the samples, without it in
{control["all"]:.3f}; the MS-SSIM within a caption is {ac["within"]:.3f} with it and {control["within"]:.3f}
without.""")]


def _section_of_classes(options, data, outcomes, runs):
    rows = {entry: list(of_seed.values()) for entry, of_seed in outcomes.items() if of_seed}
    table = markdown.scores(rows)
    minutes = {entry: _minutes([runs[entry][seed] for seed in outcomes[entry]]) for entry in rows}
    lines = [[*line, minutes.get(line[0].partition(" (")[0], "")] for line in table.lines]
    pictures = [
        f"{entry}:\n\n![samples of {entry} on {TITLES[data]}]({options.name}/{data}_{entry}.png)"
        for entry in rows
        if 0 in outcomes[entry]
    ]
    table = markdown.Table([*table.header, "minutes"], lines)
    return "\n\n".join([f"## {TITLES[data]}, at equal steps", str(table), *pictures])


def _minutes(runs):
    return markdown.mean([Costs.read(run.folder / "costs.csv").minutes for run in runs])


def _settings_of_faces(options, faces):
    return {
        "drawn faces": f"""3,000 faces with colours of hair and eyes in `tags.csv`, added to the command as
            `--folders={FACES}=PATH`; {len(faces.captions):,} of them are trained on""",
        "judge of faces": f"""a classifier of both colours that learns from the first
            {judged.LEARNED_FROM:,} of `numpy.random.RandomState(0).permutation(3000)`
            ({faces.judge.extractor.fingerprint}): {faces.judge.note}""",
        "samples of faces": f"""{faces.samples:,} (seed {judged.SEED}), with the captions of as many training
            images; for unseen pairs as many, spread evenly over the {len(faces.unseen)} pairs of colours
            that no training image has. A share has a standard error of at most
            {0.5 / faces.samples**0.5:.2g}""",
        "MS-SSIM within a caption": f"""mean over {judged.PAIRS:,} random pairs with both colours the same;
            lower is more varied""",
        "best half": f"""twice the samples, of which the half is kept that the discriminator finds most real;
            "after the discriminator alone": after {options.images(ALONE):,} more images, in which only the
            discriminator was trained""",
        "sliced Wasserstein": f"against {len(faces.held_out):,} faces that games are not trained on",
    }


# ----------------------------------------------------------------------- claims


def _claims_of_faces(scores, beside):
    seeds = [found for row, found in scores.items() if row.startswith(f"{AC}, seed") and found]
    of = lambda key: [found[key] for found in seeds if key in found]
    yield claims.Claim(f"{AC}: hair as asked", 0.60, of("hair"))
    yield claims.Claim(f"{AC}: eyes as asked", 0.50, of("eyes"))
    yield claims.Claim(f"{AC}: both as asked", 0.35, of("all"))
    yield claims.Claim(f"{AC}: hair as asked, of unseen pairs", 0.50, of("unseen_hair"))
    real = beside.get(judged.TRAINED_ON, {}).get("within", float("nan"))
    text = f"{AC}: MS-SSIM within a caption, at most 0.05 above that of real faces"
    yield claims.Claim(text, real + 0.05, of("within"), most=True)
    without = scores.get(f"{AC}, no minibatch discrimination")
    higher = [without["within"] - seeds[0]["within"]] if without and f"{AC}, seed 0" in scores else []
    text = f"{AC}: MS-SSIM within a caption, how much higher without minibatch discrimination"
    yield claims.Claim(text, 0.0, higher)


def _claims_of_classes(outcomes):
    for data, title in TITLES.items():
        of_data = outcomes.get(data, dict.fromkeys(ENTRIES, {}))
        projection, concatenation = (
            {seed: one.scores for seed, one in of_data[entry].items() if one.scores} for entry in ENTRIES
        )
        ratios = [
            projection[seed]["frechet"]["score"] / concatenation[seed]["frechet"]["score"]
            for seed in projection
            if seed in concatenation
        ]
        text = f"{title}: Fréchet distance of projection over that of concatenation"
        yield claims.Claim(text, 0.8, ratios, most=True)
        values = [found["gan_test"]["score"] for found in projection.values() if "gan_test" in found]
        notes = [one.protocol["extractor_note"] for one in of_data["projection"].values() if one.scores]
        real = float(notes[0].split()[1]) / 100 if notes else float("nan")
        text = f"{title}: GAN-test of projection, at most 0.03 below the accuracy on real images"
        yield claims.Claim(text, real - 0.03, values)
