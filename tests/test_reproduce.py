import dataclasses
import importlib
import re
import sys

import numpy as np
import pytest
from runs import ROOT, script

sys.path.insert(0, str(ROOT / "scripts"))

from tables import (  # noqa: E402
    augmentation,
    bilinear,
    claims,
    conditional,
    dirac,
    divergences,
    few_labels,
    gaussian_1d,
    grid,
    inference,
    judged,
    losses,
    markdown,
    methods,
    pacgan,
    parzen,
    processes,
    recipes,
    records,
    ring,
    stacked_mnist,
    theory,
    tried,
    veegan,
)
from tables.costs import Costs  # noqa: E402
from tables.markdown import Table  # noqa: E402
from tables.runs import Outcome, Run, complete, copy_grid, has_weights, ready  # noqa: E402

from tfgan import data, experiment, metrics  # noqa: E402
from tfgan.experiment.flags import table_keys  # noqa: E402

DIGITS = (
    "--dataset=digits", "--network=mlp", "--network_options=units=4", "--latent_dim=2",
    "--batch_size=16", "--images=320", "--tick_images=160", "--grid_rows=1", "--grid_columns=1",
)  # fmt: skip


def outcome(score, failure=None):
    row = {"score": score, "standard_error": 0.1, "real_data": 1.0, "untrained": None}
    return Outcome({} if failure else {"frechet": row}, {}, failure)


def test_means_by_hand():
    assert markdown.mean([1.0, 2.0, 3.0]) == "2.00 ± 0.58"
    assert markdown.mean([120.0, 180.0]) == "150 ± 30"
    assert (markdown.mean([1.23456]), markdown.mean([8.0, 8.0]), markdown.mean([])) == ("1.23", "8", "-")
    assert markdown.mean([1.0, float("inf")]) == "inf"
    assert markdown.mean([1.0, 1.00001]) == "1"


def test_a_table_says_what_failed_and_what_is_real():
    table = str(markdown.scores({"a": [outcome(2.0), outcome(0, "nan")], "b": [outcome(4.0)]}))
    assert "| a (1 of 2 stopped: not finite) | 2 |" in table
    assert table.endswith("| real data | 1 |")


def test_a_table_aligns_numbers_and_reads_its_cells():
    table = Table(
        ["", "score", "note", "score, published"],
        [["a", "1,200 ± 3", "so", "1300"], ["b", "-", "10 of 10", ""], ["c", "inf", "", ""]],
    )
    assert str(table).splitlines()[1] == "| --- | ---: | --- | ---: |"
    assert table.cells("score") == {"a": "1,200 ± 3", "c": "inf"}
    assert table.numbers("score") == {"a": 1200.0, "c": float("inf")}
    assert table.said("score", ["a", "b"]) == "a (1,200 ± 3)" and table.said("score", ["b"]) == "none"
    assert table.compared("score") == "a 1,200 ± 3 (published: 1300)"


RESULTS = sorted(path for path in tried.RESULTS.glob("*.md") if path.stem != "README")
DOCS = tried.RESULTS.parent


@pytest.mark.parametrize(
    "path", [*RESULTS, DOCS / "performance.md", DOCS / "scores.md"], ids=lambda path: path.stem
)
def test_a_page_has_its_result_first_and_its_settings_in_a_table(path):
    before, settings = path.read_text().split("\n## Settings\n\n| what | value |\n")
    title, found = before.split("\n\n")[:2]
    assert re.fullmatch("# .+", title) and found[0] not in "#|!" and re.search(r"\d|none", found)
    assert "\n| --- |" in before, "a table of results"
    table = settings.split("\n\n")[0]
    command = f"reproduce.py {path.stem}" if path.parent == tried.RESULTS else ".py --"
    assert re.search(rf"\n\| command.*\| `python scripts/\w*{re.escape(command)}", table)


def tables_of(page):
    """The tables of a page in Markdown."""
    blocks = re.findall(r"^\|(?:.*\|\n)+", page.read_text(), re.MULTILINE)
    cells = ([line[2:-2].split(" | ") for line in block.splitlines()] for block in blocks)
    return [Table(header, lines) for header, _, *lines in cells]


DATA_OF_RECIPES = list(dict.fromkeys(recipe.data for recipe in recipes.RECIPES.values()))


@pytest.mark.parametrize(
    "name, found",
    {
        "augmentation": lambda tables: augmentation.found(tables[0], tables[3]),
        "bilinear": lambda tables: bilinear.found(tables[0]),
        "conditional": lambda tables: conditional.found(tables[0]),
        "dirac": lambda tables: dirac.found(tables[0]),
        "few_labels": lambda tables: few_labels.found(tables[0]),
        "gaussian_1d": lambda tables: gaussian_1d.found(tables[0]),
        "grid": lambda tables: veegan.found(tables[0]),
        "inference": lambda tables: inference.found(tables[0]),
        "divergences": lambda tables: divergences.found(tables[0]),
        "losses": lambda tables: losses.found(tables[0]),
        "pacgan": lambda tables: pacgan.found(dict(zip(pacgan.METHODS, tables))),
        "parzen": lambda tables: parzen.found(tables[0]),
        "recipes": lambda tables: recipes.found(tables[0], dict(zip(DATA_OF_RECIPES, tables[1:]))),
        "ring": lambda tables: veegan.found(tables[0]),
        "stacked_mnist": lambda tables: stacked_mnist.found(tables[0]),
        "theory": lambda tables: theory.found(*tables[:2]),
    }.items(),
)
def test_a_page_claims_what_its_tables_show(name, found):
    page = tried.RESULTS / f"{name}.md"
    assert markdown.wrapped(found(tables_of(page))) in page.read_text()


def test_the_index_names_every_page_with_figures_that_it_has():
    index = (tried.RESULTS / "README.md").read_text()
    rows = re.findall(r"^\| \[\w+\]\((\w+)\.md\) \| (.+) \|$", index, re.MULTILINE)
    assert sorted(name for name, _ in rows) == [path.stem for path in RESULTS]
    for name, text in rows:
        page = (tried.RESULTS / f"{name}.md").read_text()
        for number in re.findall(r"\d[\d.]*\d|\d", text):
            assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d])", page), (name, number)


def here(function, items, at_a_time):
    """`processes.each` without the processes."""
    return [function(item) or 0 for item in items]


@pytest.mark.parametrize("apart", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_run_is_trained_and_scored_once(apart, tmp_path, monkeypatch):
    if not apart:
        monkeypatch.setattr(processes, "each", here)
    run = Run(tmp_path / "a" / "seed0", list(DIGITS), ("ms_ssim",), samples=20)
    broken = Run(
        tmp_path / "b" / "seed0",
        [*DIGITS, "--optimizer=sgd", "--generator_learning_rate=1e30", "--loss=wasserstein"],
        ("ms_ssim",), samples=20,
    )  # fmt: skip
    outcomes = complete([run, broken], at_a_time=2)
    assert 0 < outcomes[0].scores["ms_ssim"]["score"] < 1 and outcomes[0].protocol["samples"] == 20
    assert "finite" in outcomes[1].failure and not outcomes[1].scores
    scored = (run.folder / "scores.json").stat().st_mtime_ns
    assert complete([run, broken]) == outcomes
    assert (run.folder / "scores.json").stat().st_mtime_ns == scored


def test_a_record_stands_for_a_run_of_another_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "each", here)
    ours, theirs = (options(tmp_path / name, runs=tmp_path / name / "runs") for name in ("here", "there"))
    run_in = lambda place: Run(place.runs / "page" / "row" / "seed0", list(DIGITS), ("ms_ssim",), samples=20)
    (found,) = complete([run_in(ours)])
    (run_in(ours).folder.with_name("seed1")).mkdir()
    records.keep(ours)
    kept = ours.page.parent / "records"
    assert {path.name for path in kept.rglob("*") if path.is_file()} == {"scores.json", "costs.csv"}
    assert str(tmp_path) not in "".join(path.read_text() for path in kept.rglob("*.*"))

    monkeypatch.setattr(tried, "RESULTS", kept.parent)
    records.restore(theirs)
    assert ready(run_in(theirs)) and not has_weights(run_in(theirs).folder)
    assert complete([run_in(theirs)])[0].scores == found.scores
    copy_grid(run_in(theirs), tmp_path / "grid.png")
    assert not (tmp_path / "grid.png").exists(), "there are no samples to copy"
    assert records.notes({"row": run_in(theirs)}) == {}
    records.keep(theirs)
    assert not (theirs.page.parent / "records").exists(), "it was not made there"


def test_a_suspended_tick_counts_as_the_median(tmp_path):
    lines = ["images,seconds,peak_memory_mib", "1,60,9", "2,90,8", "3,60,7", "4,3000,6"]
    (tmp_path / "costs.csv").write_text("\n".join(lines))
    # 60 + 90 + 60 and the median, 75.
    assert Costs.read(tmp_path / "costs.csv") == (4, 285 / 60, 9)


@pytest.mark.slow
def test_a_table_in_a_process_of_its_own(tmp_path):
    quick = ("--quick", f"--output={tmp_path}", f"--runs={tmp_path}/runs")
    done = script("reproduce", "bilinear", "--at_a_time=2", *quick)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "bilinear.md").exists()


def test_every_recipe_has_a_flagfile_and_the_reverse():
    files = {path.stem for path in (ROOT / "flags").glob("*.txt")}
    assert set(recipes.RECIPES) | set(recipes.OF_OTHER_PAGES) == files - {"quickstart"}
    for page in recipes.OF_OTHER_PAGES.values():
        assert (ROOT / "scripts" / "tables" / f"{page}.py").exists()


@pytest.mark.parametrize("path", sorted((ROOT / "flags").glob("*.txt")), ids=lambda path: path.stem)
def test_a_flagfile_says_what_it_is(path):
    header = path.read_text().split("\n--")[0]
    for part in ("Paper:", "Command:", "Hardware:", "Minutes:", "Expect:", "Grid:"):
        assert part in header, part
    values = experiment.parse_flags([f"--flagfile={path}"])
    assert values.run_dir == f"runs/{path.stem}"


def test_an_unknown_table():
    result = script("reproduce", "loses")
    assert result.returncode == 1 and "table: expected one of recipes, losses" in result.stderr
    assert "'losses'?" in result.stderr
    assert "table: expected one or more of" in script("reproduce").stderr


def test_every_table_has_a_module():
    modules = {path.stem for path in (ROOT / "scripts" / "tables").glob("*.py")}
    made = {name for name in modules if hasattr(importlib.import_module(f"tables.{name}"), "make")}
    named = script("reproduce").stderr.split("one or more of ")[1].split("; got")[0]
    assert made == set(named.split(", "))


def test_a_run_that_cannot_begin_is_named(tmp_path):
    flags = [*DIGITS, "--loss=hinge", "--game_options=label_smoothing=0.1"]
    wrong = Run(tmp_path / "a" / "seed0", flags, (), 20)
    with pytest.raises(ValueError, match="runs: expected a run that finishes"):
        complete([wrong])
    assert "error: label_smoothing" in (tmp_path / "a" / "seed0.log").read_text()


def test_all_losses_are_compared():
    compared = {name for name in table_keys("losses.py", "LOSSES") if name not in losses.SAME}
    for name in {*compared, *losses.SAME.values()}:
        assert any(f"--loss={name}" in flags for flags in losses.ROWS.values()), name


def options(tmp_path, **changes):
    from tables.options import Options

    return Options(
        "page", "DIR", 2, 1.0, 1, False, False, tmp_path / "runs", tmp_path / "page.md", "command", {}, 0.0
    )._replace(**changes)


def pretended(scores_of):
    """A `complete` that trains nothing, of runs whose flags there are."""

    def complete(runs, at_a_time):
        for run in runs:
            experiment.parse_flags(run.flags)
            (run.folder / "samples").mkdir(parents=True)
            (run.folder / "samples" / "images_0064.png").write_bytes(b"picture")
            (run.folder / "costs.csv").write_text("images,seconds,peak_memory_mib\n64,90,500\n")
        return [Outcome(scores_of(run), {"real_split": "held out"}) for run in runs]

    return complete


def every_score(run, number=1.0):
    parts = ("frechet", "precision", "recall", "density", "coverage", "classifier_score",
             "modes", "high_quality", "reverse_kl")  # fmt: skip
    row = {"score": number, "standard_error": 0.1, "real_data": 0.5, "untrained": 7.0}
    return {part: row for part in parts}


@pytest.mark.parametrize("name, row", {"ebgan_mnist": "EBGAN", "vae_mnist": "VAE"}.items())
def test_a_recipe_that_the_page_of_losses_shows_is_its_row(name, row, tmp_path):
    recipe = experiment.parse_flags([f"--flagfile={recipes.FLAGS / name}.txt"])
    of_row = experiment.parse_flags(losses._run(options(tmp_path, name="losses"), row, 0).flags)
    same = {"run_dir": None, "data_dir": None, "metrics": ()}
    assert dataclasses.replace(recipe, **same) == dataclasses.replace(of_row, **same)


def test_the_page_of_losses_names_what_beats_non_saturating(tmp_path, monkeypatch):
    better = lambda run: every_score(run, 0.5 if "hinge" in str(run.folder) else 1.0)
    monkeypatch.setattr(losses, "complete", pretended(better))
    monkeypatch.setattr(losses.began, "section", lambda options: "a section")
    page = " ".join(losses.make(options(tmp_path, name="losses")).split())
    assert "every seed of `non_saturating`: hinge." in page
    assert "250,000 images shown (0.25 of" in page
    assert "On MNIST the lowest Fréchet distances are those of hinge (0.5);" in page
    assert "do not make digits yet" in page and "VAE (1)" in page
    assert (tmp_path / "page" / "mnist.png").exists()
    assert "| hinge | digits, one in eight broken |" in page


def test_only_the_best_losses_are_run_with_further_seeds(tmp_path, monkeypatch):
    order = [markdown.file_name(row) for row in reversed(losses.ROWS)]
    complete = pretended(lambda run: every_score(run, 1.0 + order.index(run.folder.parent.name)))
    trained = []
    monkeypatch.setattr(losses, "complete", lambda runs, at_a_time: trained.extend(runs) or complete(runs, 1))
    monkeypatch.setattr(losses.began, "section", lambda options: "")
    losses.make(options(tmp_path, name="losses"))
    seeds = [(run.folder.parent.name, run.folder.name) for run in trained]
    assert len(seeds) == len(order) + losses.BEST
    assert seeds[-losses.BEST :] == [(row, "seed1") for row in order[: losses.BEST]]
    longer = {run.folder.parent.name for run in trained if f"--images={2 * losses.IMAGES}" in run.flags}
    assert longer == {markdown.file_name(row) for row in losses.TIMES}


def test_began_is_claimed_to_keep_its_ratio_and_to_converge(tmp_path):
    columns = "discriminator_real,discriminator_fake,discriminator_convergence"
    ticks = ["4,1,4", *["2,1,3"] * 3, "1,0.8,1"]
    (tmp_path / "metrics.csv").write_text("\n".join([columns, *ticks]))
    balance, fallen = losses.began.claims_of(losses.began.read(tmp_path / "metrics.csv"), 0.75)
    assert balance.values == [pytest.approx(0.05)] and fallen.values == [0.25]
    assert (fallen.met, balance._replace(values=[0.06]).met) == ("yes", "no")


def test_the_page_of_settings_names_what_does_harm(tmp_path, monkeypatch):
    from tables import settings

    harm = lambda run: every_score(run, 0.1 if "simultaneous/seed1" in str(run.folder) else 0.9)
    monkeypatch.setattr(settings, "complete", pretended(harm))
    page = " ".join(settings.make(options(tmp_path)).split())
    assert "on `dcgan_mnist`, by the Fréchet distance: none; the first row has 0.9." in page
    assert "of high quality: simultaneous (0.50 ± 0.40); the first row has 0.9." in page


def test_the_page_of_recipes(tmp_path, monkeypatch):
    monkeypatch.setattr(recipes, "complete", pretended(every_score))
    page = recipes.make(options(tmp_path))
    # Minutes of the run, and those that the flagfile gives of a run alone on both cores.
    assert "| [`dcgan_mnist`](../../flags/dcgan_mnist.txt) | DCGAN | 64 | 2 | 8.8 | 500 |" in page
    assert "## CIFAR-10, against `held out`" in page and "| untrained | 7 |" in page
    assert (tmp_path / "page" / "sngan_cifar10.png").read_bytes() == b"picture"
    assert "faces" not in page, "data that was not given"
    page = recipes.make(options(tmp_path / "b", folders={"dcgan_faces64": "faces"}))
    assert "## faces, 64x64" in page and not (tmp_path / "b/page/dcgan_faces64.png").exists()


def test_a_claim_is_met_if_every_run_keeps_it():
    table = claims.table([
        claims.Claim("a", 0.5, [0.5, 0.6]), claims.Claim("b", 0.5, [0.6, 0.4]),
        claims.Claim("c", 0.5, [0.5, 0.4], most=True), claims.Claim("d", float("nan"), []),
    ])  # fmt: skip
    assert list(table.cells("met").values()) == ["yes", "no", "yes", "not measured"]
    assert "| b | >= 0.500 | 0.600; 0.400 | no |" in str(table) and "| d | - |  | not measured |" in str(table)
    assert claims.found(table) == (
        "Of 3 claims that were measured, 2 are met. Missed: b (asked >= 0.500, found 0.600; 0.400)."
    )


class Judge:
    """Says of an image what its first two pixels are."""

    extractor = type("Extractor", (), {"fingerprint": "0123", "note": "accuracy 9"})
    note = "accuracy 9"
    judged = type("Judged", (), {
        "accuracy": metrics.LabelAgreement((0.6, 0.5), 0.4), "chance": metrics.LabelAgreement((0.2, 0.1), 0.02)
    })  # fmt: skip

    def guesses(self, images):
        levels = images[:, 0, :2, 0] / 127.5 - 1 if images.dtype == np.uint8 else images[:, 0, :2, 0]
        return np.rint((levels + 1) * 10).astype(int)


def coloured(captions, noise=0.1, seed=0):
    """Images [n, 16, 16, 3] with their captions in the first two pixels."""
    images = np.random.default_rng(seed).uniform(-noise, noise, (len(captions), 16, 16, 3))
    images[:, 0, :2] = captions[:, :, None] / 10 - 1
    return images


def faces_of(samples=40):
    captions = np.random.default_rng(0).integers(0, 3, (60, 2))
    images = np.asarray(data.to_uint8(coloured(captions)))
    unseen = np.array([[3, 0], [0, 3], [3, 3]])
    return judged.Faces(Judge(), images, captions, images[:20], unseen, samples)


def test_samples_of_faces_are_judged_by_what_was_asked():
    faces = faces_of()
    right = judged.measured(faces, coloured)
    assert right["hair"] == right["eyes"] == right["all"] == right["unseen_all"] == 1.0
    swapped = judged.measured(faces, lambda asked: coloured(asked[:, ::-1]))
    same = np.mean(faces.asked[:, 0] == faces.asked[:, 1])
    assert swapped["hair"] == swapped["all"] == same
    # Every third of the unseen pairs, (3, 3), and 40 of them.
    assert swapped["unseen_hair"] == 13 / 40
    alike = judged.measured(faces, lambda asked: coloured(asked, 0.0))
    assert alike["within"] > right["within"] + 0.1


def test_unseen_pairs_are_those_of_the_training_images():
    captions = np.array([[0, 1], [2, 0], [0, 1], [1, 1]])
    names = (("a", "b", "c"), ("d", "e"))
    arrays = {"images": np.zeros((4, 2, 2, 1), np.uint8), "condition": captions}
    faces = data.Records(arrays, {"condition": names})
    assert judged.unseen(faces).tolist() == [[0, 0], [1, 0], [2, 1]]


def finished_runs(monkeypatch, runs, scores_of):
    """Pretends that these runs were trained and scored."""
    protocol = {"extractor_note": "accuracy 93.00 % on others"}
    complete = lambda runs: [Outcome(scores_of(run), protocol) for run in runs]
    monkeypatch.setattr(conditional, "complete", complete)
    monkeypatch.setattr(conditional, "ready", lambda run: run.folder in runs)
    monkeypatch.setattr(conditional, "copy_grid", lambda run, path: None)
    monkeypatch.setattr(conditional, "_minutes", lambda runs: "90")


def test_the_page_of_conditional_games_shows_the_runs_that_are_there(tmp_path, monkeypatch):
    shown = options(tmp_path, name="conditional", seeds=3, folders={"faces": "faces"})
    of_faces = conditional._runs_of_faces(shown)
    of_fashion = conditional._runs_of_classes(shown, "fashion_mnist")
    there = {of_faces[row].run.folder for row in ("cgan_faces64", "acgan_faces64, seed 0")}
    there |= {run.folder for runs in of_fashion.values() for run in runs[:2]}
    frechet = lambda run: every_score(run, 2.0 if "concatenation" in str(run.folder) else 1.5)
    scores = lambda run: {**frechet(run), "gan_test": frechet(run)["frechet"] | {"score": 0.91}}
    finished_runs(monkeypatch, there, scores)
    monkeypatch.setattr(conditional, "_open_faces", lambda options: faces_of())
    numbers = {"hair": 0.61, "eyes": 0.4, "all": 0.3, "unseen_hair": 0.55, "within": 0.2}
    monkeypatch.setattr(judged, "scores", lambda folder, faces, share: numbers)
    page = conditional.make(shown)
    assert "| acgan_faces64: hair as asked | >= 0.600 | 0.610 | yes |" in page
    assert "| acgan_faces64: eyes as asked | >= 0.500 | 0.400 | no |" in page
    assert "projection over that of concatenation | <= 0.800 | 0.750; 0.750 | yes |" in page
    assert "at most 0.03 below the accuracy on real images | >= 0.900 | 0.910; 0.910 | yes |" in page
    assert "| cgan_faces64, best half | 0.61 |" in page, "the same run, other samples"
    words = " ".join(page.split())
    assert "Not trained yet, and left out: cgan_faces64, best half after the discriminator alone;" in words
    assert "acgan_faces64, seed 1, 0.5 of the length;" in words
    assert "Fashion-MNIST, projection, seed 2; Fashion-MNIST, concatenation, seed 2; CIFAR-10," in words
    assert "| floor: shuffled captions | 0.2 | 0.1 | 0.02 |" in page and "## CIFAR-10" not in page
    assert "| faces trained on | 1 | 1 | 1 |" in page
    assert "Of 7 claims that were measured, 5 are met. Missed: acgan_faces64: eyes as asked" in words


def test_no_conditional_game_is_trained_twice(tmp_path):
    shown = options(tmp_path, name="conditional", seeds=3, folders={"faces": "F"})
    of_faces = conditional._runs_of_faces(shown)
    first, last = conditional._phases(of_faces, {"cifar10": conditional._runs_of_classes(shown, "cifar10")})
    assert len({run.folder for run in first + last}) == len(first + last) == 7 + 3 + 6
    assert [run.folder.name for run in first] == sorted(run.folder.name for run in first)
    own = of_faces["acgan_faces64, seed 0"].run
    assert own.folder == shown.runs / "conditional" / "acgan_faces64" / "seed0"
    half = experiment.parse_flags(of_faces["acgan_faces64, seed 1, 0.5 of the length"].run.flags)
    assert (half.images, half.seed) == (experiment.parse_flags(own.flags).images // 2, 1)
    (alone,) = (run for run in last if "matching" in str(run.folder))
    values = experiment.parse_flags(alone.flags)
    assert values.game_options == {"wrong_weight": 0.5, "frozen": "generator"} and values.images == 64_000
    assert [start.here for start in values.start_from] == ["generator", "discriminator"]


# Mean, deviation and divergence of the closest Gaussian, by quadrature in another program.
CLOSEST = {
    "kl": (1.2000, 2.0881, 0.18009),
    "reverse_kl": (1.2199, 1.8916, 0.23741),
    "jensen_shannon": (1.2043, 2.0464, 0.09661),
    "squared_hellinger": (1.2247, 2.0183, 0.10032),
    "jeffrey": (1.2567, 1.9652, 0.42389),
    "pearson": (1.1686, 2.1589, 0.32744),
}


@pytest.mark.parametrize("name", divergences.METHODS)
def test_the_closest_gaussian_of_each_divergence(name):
    closest, least = divergences.closest(name)
    mean, deviation, divergence = CLOSEST[name]
    assert closest == pytest.approx((mean, deviation), abs=6e-5)
    assert least == pytest.approx(divergence, abs=6e-6)


def test_validation_images_choose_the_scale_of_parzens_latents():
    validation, test = np.zeros([2, 4]), np.ones([3, 4])
    by_scale = {1.0: test, 0.5: validation}
    _, sigma, best = parzen._measured(by_scale, validation, test)
    assert best == "0.5" and sigma == "0.1000", "not the one that the test images prefer"


@pytest.mark.parametrize(
    "path", sorted(tried.RESULTS.glob("*/*.csv")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_a_page_shows_what_its_file_says(path):
    page = path.parent.with_suffix(".md").read_text()
    assert str(tried.read(path)) in page and f"({path.parent.name}/{path.name})" in page
    text = path.read_text()
    assert text.startswith("# Command") and "python scripts/" in text and "# Seed" in text
    assert text.splitlines()[text.count("\n#") + 1].endswith(",date,commit")


def test_a_page_elsewhere_has_its_file_beside_it(tmp_path):
    section = tried.section(options(tmp_path, name="ring"), "tried_on_seven")
    copy = tmp_path / "page" / "tried_on_seven.csv"
    assert copy.read_bytes() == (tried.RESULTS / "ring" / copy.name).read_bytes()
    assert section.startswith("| input multiplied by | penalty |") and "2026" not in section


@pytest.mark.parametrize(
    "rows",
    [
        ring.MIXTURE.methods, ring.ON_SEVEN, grid.MIXTURE.methods, *pacgan.METHODS.values(),
        gaussian_1d.METHODS, divergences.METHODS,
    ],
)
def test_every_method_is_a_recipe(rows):
    protocol = methods.Protocol(None, {}, {}, 1_000)
    for row, method in rows.items():
        recipe = methods.recipe_of(protocol, method, 1_000)
        length = experiment.length_of(recipe)
        rows_of_a_round = method.batch_size * max(1, recipe.discriminator_steps)
        assert length == (rows_of_a_round, 100, methods.TICKS), row
        assert recipe.rate_fall_images == method.fall * length.images, row


def test_the_page_of_few_labels(tmp_path):
    shown = options(tmp_path, name="few_labels")
    flags = {row: experiment.parse_flags(few_labels._run(shown, row).flags) for row in few_labels.ROWS}
    assert "per_class=20&draw=0" in flags["feature matching, 200 labels, draw 0"].dataset
    longest = flags["feature matching, 100 labels, draw 1, three times as long"]
    assert longest.images == 15_000_000 and len(few_labels.DRAWS) == 3
    assert flags["minibatch discrimination, 100 labels, draw 0"].game_options == {"generator_loss": "adversarial"}
    errors = {row: {"train[50000:]": 0.7, "test": 1.4} for row in few_labels.DRAWS}
    stated = few_labels._claims(errors)
    assert list(stated.cells("met").values()) == ["yes", "not measured", "no", "not measured"]
    table = few_labels._table(errors, {})
    page = few_labels.page(shown, table, stated, ["feature matching"], ["a row"], {"draw 0": "lost"})
    assert "Not trained yet, and left out: a row." in page and "| 0.70 | 1.40 |" in page
    assert "| draw 0 | lost |" in page and "feature matching, 100 labels, draw 1:\n\n![" in page


def test_gains_of_augmentation_are_differences_within_a_seed(tmp_path):
    arms = ("real", "generated", "both")
    values = {**dict(zip(arms, (0.8, 0.7, 0.82))), **{f"{a}, shifts and flips": 0.85 for a in arms}}
    worse = {**values, "real": 0.81, "both": 0.81, "gan_test": 0.9, "frechet": 3.0}
    found = {(1_000, 0): {**values, "gan_test": 0.9, "frechet": 2.0}, (1_000, 1): worse}
    np.testing.assert_allclose(augmentation._differences(found, 1_000, "both", "real"), [2.0, 0.0], atol=1e-9)
    gains = augmentation._gains(found)
    assert gains.lines[0][:3] == ["1,000 labels", "1.00 ± 1.00", "0"]
    stated = claims.table([*augmentation._claims_of_whole({}), *augmentation._claims_of_few(found)])
    assert list(stated.cells("met").values()) == ["not measured", "not measured", "yes", "not measured"]
    runs = {n: augmentation._few(options(tmp_path, name="augmentation"), n, 0) for n in augmentation.FEW}
    few = experiment.parse_flags(runs[100].flags)
    assert (few.dataset, few.split, few.images) == ("fashion_mnist", "train[:100]", 256_000)
    tables = augmentation._table_of_whole({}, {}), augmentation._table_of_few(found), gains
    assert "## Generated images as augmentation" in augmentation.page(options(tmp_path), stated, tables, [])
