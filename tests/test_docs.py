"""The pages: their programs run and give what they say, and their names, flags and links exist."""

import ast
import importlib
import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

import tfgan
from tfgan.experiment.recipe import FIELDS

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = [README, *sorted(DOCS.rglob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Flags of other programs than the library's scripts, and those that absl defines.
FOREIGN = {"help", "flagfile", "logdir"}


def named(page):
    return str(page.relative_to(ROOT))


def code(page, language):
    """The blocks of a page in one language, each on the lines that it has there."""
    lines = [""] * (page.read_text().count("\n") + 1)
    for match in BLOCK.finditer(page.read_text()):
        if match[1] == language:
            first = page.read_text().count("\n", 0, match.start(2))
            block = match[2].splitlines()
            lines[first : first + len(block)] = block
    return "\n".join(lines)


def run(page, folder, names, language="python"):
    """Runs the blocks of a page as one program, in a folder; adds what it defines to `names`."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        exec(compile(code(page, language), page, "exec"), names)
    finally:
        os.chdir(before)
    return names


def rows(text):
    """The rows of the tables in a text, as lists of cells, without headings."""
    found = [re.split(r"(?<!\\)\|", line.strip()[1:-1]) for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in found if not set("".join(row)) <= set("-: ")]


def section(page, title):
    """The text under a heading of the second level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", page.read_text(), re.M | re.S)
    assert found, f"{named(page)}: no section {title}"
    return found[1]


# ------------------------------------------------------------------------- the programs

OWN_GAME = DOCS / "your_own_game.md"


@pytest.fixture(scope="module")
def own_game(tmp_path_factory):
    """What the page's program defines, and the folder that it ran in."""
    folder = tmp_path_factory.mktemp("own_game")
    return run(OWN_GAME, folder, {"__name__": "own_game", "folder": folder})


@pytest.mark.slow
def test_your_own_game_makes_the_digits_that_it_is_asked_for(own_game):
    assert own_game["of_samples"]["accuracy"] > 0.9  # by chance 0.1
    assert own_game["of_samples"]["precision"] > 0.7
    assert own_game["of_samples"]["coverage"] > 0.65
    for score in own_game["of_real"].values():
        assert f"{score:.3f}" in section(OWN_GAME, "Measure")


@pytest.mark.slow
def test_your_own_game_logs_its_terms(own_game):
    for name in own_game["history"]:
        assert f"`{name}`" in section(OWN_GAME, "Compile and fit")
    assert set(own_game["history"]) == {
        f"{side}_{term}" for side in ("generator", "discriminator") for term in ("loss", "classes")
    }


@pytest.mark.slow
def test_your_own_game_remembers_saves_resumes_and_exports(own_game):
    assert own_game["same_samples"] and own_game["same_after_load"]
    assert own_game["again"].step_number() == 5 * 288
    skill = own_game["game"].remembered["skill"].numpy()
    assert 0.9 < skill < 1.0 and skill == own_game["loaded"].remembered["skill"].numpy()
    assert own_game["loaded"].twin_weight == 1.0
    assert set(own_game["signatures"]) == {
        "serving_default", "generate", "one_hand", "discriminator", "twin"
    }  # fmt: skip
    expected = own_game["game"].generate(seed=2, sampler="one_hand", condition=range(10))
    made = np.asarray(own_game["made"]).astype(int)
    assert np.abs(made - np.asarray(tfgan.data.to_uint8(expected)).astype(int)).max() <= 1
    assert (own_game["folder"] / "samples/grid.png").exists()


@pytest.mark.slow
def test_one_hand_uses_the_same_latents_for_all(own_game):
    game = own_game["game"]
    same, other = (game.generate(4, seed=5, sampler=s, condition=3) for s in ("one_hand", "generate"))
    np.testing.assert_allclose(same, same[:1].repeat(4, axis=0), atol=1e-6)
    assert np.abs(other - other[:1]).max() > 0.1


@pytest.mark.slow
def test_a_twin_brings_variety_and_costs_precision(own_game):
    scores = {}
    for kind, networks in (("ACGAN", "ac_networks"), ("TwinACGAN", "twin_networks")):
        for seed in range(3):
            game = own_game["new_game"](own_game[kind], own_game[networks], seed=seed)
            batches = own_game["training"].batches(32, seed=seed)
            game.fit(batches, epochs=1, steps_per_epoch=1440, verbose=0)
            labels = own_game["labels"]
            samples = own_game["as_rows"](game.generate(seed=1, condition=labels))
            scores.setdefault(kind, []).append(own_game["measure"](samples, labels))
    mean = {
        kind: {name: np.mean([one[name] for one in found]) for name in found[0]}
        for kind, found in scores.items()
    }
    assert mean["TwinACGAN"]["coverage"] > mean["ACGAN"]["coverage"] + 0.03
    assert mean["TwinACGAN"]["precision"] < mean["ACGAN"]["precision"] - 0.03


@pytest.mark.slow
def test_several_devices_compute_what_one_would(tmp_path):
    found = "difference, passed_on, [game.step_number() for game in (on_two, other)]"
    program = code(DOCS / "several_devices.md", "python")
    program += f"\nimport json\njson.dump([{found}], open('found.json', 'w'))\n"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    difference, passed_on, steps = json.loads((tmp_path / "found.json").read_text())
    assert difference < 1e-5 and passed_on and steps == [20, 20]


@pytest.fixture(scope="module")
def of_keras(tmp_path_factory):
    """What the program of the page on Keras's habits defines, and the folder that it ran in."""
    folder = tmp_path_factory.mktemp("keras")
    return run(DOCS / "keras.md", folder, {"__name__": "keras_page", "folder": folder})


def test_the_page_on_kerass_habits_runs(of_keras):
    assert of_keras["same"]
    # 1,797 digits without the last fifth are 22 whole rounds of 64, twice.
    assert of_keras["game"].step_number() == 2 * 22
    lines = (of_keras["folder"] / "losses.csv").read_text().splitlines()
    assert len(lines) == 3 and "val_generator_loss" in lines[0]


def test_kerass_weights_and_callbacks_of_which_the_page_speaks(of_keras):
    folder, game = of_keras["folder"], of_keras["game"]
    again = tfgan.load(folder / "digits.keras")
    game.save_weights(folder / "a.weights.h5")
    again.load_weights(folder / "a.weights.h5")
    given = {"seed": 1, "condition": [1, 2]}
    np.testing.assert_array_equal(game.generate(**given), again.generate(**given))
    inputs = [np.zeros((2, 8), "float32"), np.zeros(2, "int32")]
    np.testing.assert_allclose(game.predict(inputs, verbose=0), game.generator(inputs), atol=1e-6)
    callbacks = [
        keras.callbacks.EarlyStopping("val_generator_loss", mode="min"),
        keras.callbacks.ModelCheckpoint(folder / "a.keras", "val_generator_loss", save_best_only=True),
        keras.callbacks.TensorBoard(folder / "curves"),
        keras.callbacks.LambdaCallback(),
        keras.callbacks.TerminateOnNaN(),
    ]
    for callback in callbacks:
        assert f"`{type(callback).__name__}`" in (DOCS / "keras.md").read_text()
    pixels, labels = of_keras["images"], of_keras["labels"]
    data = {"batch_size": 64, "validation_split": 0.2, "verbose": 0}
    game.fit(pixels, labels, callbacks=callbacks, **data)
    assert (folder / "a.keras").exists() and any((folder / "curves").rglob("events*"))


def test_the_page_on_data_runs(tmp_path):
    names = run(DOCS / "data.md", tmp_path, {"__name__": "data_page"})
    assert len(names["source"]) == 1500
    assert names["first"]["images"].shape == (64, 16, 16, 1)


# ------------------------------------------------------------ names in the pages' tables

# Section of docs/names.md -> module and table.
TABLES = {
    "Losses": ("tfgan.losses", "LOSSES"),
    "Penalties": ("tfgan.penalties", "PENALTIES"),
    "Views": ("tfgan.views", "VIEWS"),
    "Schedules": ("tfgan.training.schedules", "SCHEDULES"),
    "Rules": ("tfgan.training.rules", "RULES"),
    "Priors": ("tfgan.latents", "PRIORS"),
    "Games": ("tfgan.models", "GAMES"),
    "Networks": ("tfgan.networks", "NETWORKS"),
    "Norms": ("tfgan.networks.norms", "NORMS"),
    "Optimizers": ("tfgan.training.optimizers", "OPTIMIZERS"),
    "Strategies": ("tfgan.experiment.strategies", "STRATEGIES"),
    "Data sets": ("tfgan.data", "DATASETS"),
    "Augmentations": ("tfgan.data", "AUGMENTATIONS"),
    "Maps": ("tfgan.data", "MAPS"),
    "Conditions": ("tfgan.data", "CONDITIONS"),
    "Metrics": ("tfgan.metrics", "METRICS"),
    "Extractors": ("tfgan.features", "EXTRACTORS"),
    "Callbacks": ("tfgan.callbacks", "__all__"),
    "Layers": ("tfgan.layers", None),
}


def in_code(title):
    """The names of a table, or the public classes of a module."""
    module, table = TABLES[title]
    module = importlib.import_module(module)
    if table:
        return set(getattr(module, table))
    return {name for name, value in vars(module).items() if inspect.isclass(value)}


@pytest.mark.parametrize("title", TABLES)
def test_every_name_has_a_line_in_the_page_of_names(title):
    listed = [re.match(r"`(\w+)`", row[0]) for row in rows(section(DOCS / "names.md", title))]
    listed = [match[1] for match in listed if match]
    for name in in_code(title) - set(listed):
        raise AssertionError(f"docs/names.md, section {title}: add the line\n| `{name}` | what it does |")
    for name in set(listed) - in_code(title):
        raise AssertionError(f"docs/names.md, section {title}: remove the line of `{name}`, which is no more")
    assert len(listed) == len(set(listed))


def test_every_table_that_a_flag_takes_names_from_is_in_the_page_of_names():
    tables = {field.metadata["kind"].table[1] for field in FIELDS.values() if field.metadata["kind"].table}
    assert tables <= {table for _, table in TABLES.values()}


@pytest.mark.parametrize("title", TABLES)
def test_the_default_that_the_page_of_names_marks_is_the_flags(title):
    marked = re.findall(r"\| `(\w+)` \(default\)", section(DOCS / "names.md", title))
    of_flags = {f.metadata["kind"].table: f.default for f in FIELDS.values() if f.metadata["kind"].table}
    for (_, table), default in of_flags.items():
        if table == TABLES[title][1] and isinstance(default, str):
            assert marked == [default]


# ------------------------------------------------------ the reference of a game's overrides


def overrides():
    """Dict of name to (cell, default) in the page's table of what a game may override."""
    text = section(OWN_GAME, "Reference: all that a game may override").split("A hook may use")[0]
    found = [row for row in rows(text) if row[0].startswith("`")]
    return {re.match(r"`(\w+)", row[0])[1]: (row[0].strip("`"), row[2]) for row in found}


def in_docstring():
    """Names that the docstring of `tfgan.GAN` says may be overridden."""
    text = re.search(r"What it may override, all of it:\n(.*?)\n\s*Hooks may use", tfgan.GAN.__doc__, re.S)[1]
    # Names before a colon, or called a method.
    name = r"`\w+(?:\([^`]*\))?`"
    found = re.findall(rf"((?:{name},\s+)*{name}):|method\s+({name})", text)
    return set(re.findall(r"`(\w+)", " ".join("".join(pair) for pair in found)))


def test_the_reference_lists_what_the_docstring_lists():
    assert set(overrides()) == in_docstring()


@pytest.mark.parametrize("name", overrides())
def test_an_override_is_as_the_reference_says(name):
    cell, default = overrides()[name]
    value = getattr(tfgan.GAN, name)
    if not callable(value) and "(" not in cell:
        assert default == f"`{json.dumps(value) if isinstance(value, str) else value}`".replace("'", '"')
    elif callable(value):
        arguments = list(inspect.signature(value).parameters)[1:]
        assert cell == f"{name}({', '.join(arguments)})"


def test_what_hooks_may_use_exists():
    text = section(OWN_GAME, "Reference: all that a game may override").split("A hook may use")[1]
    game = tfgan.GAN(**tfgan.networks.NETWORKS["mlp"]((2,), latent_dim=2, units=2))
    for row in rows(text)[1:]:
        name, arguments = re.match(r"`(\w+)(?:\((.*)\))?`", row[0]).groups()
        value = getattr(game, name)
        for argument in re.findall(r"\w+", arguments or ""):
            assert argument in inspect.signature(value).parameters, (name, argument)
    for name in ("discriminator", "generator", "swapped"):
        assert callable(getattr(game.objective, name))
    for name in re.findall(r"`random\.(\w+)\(", text):
        assert callable(getattr(tfgan.randomness.Random, name))


# ------------------------------------------------------------- names in blocks of Python


def chains(page):
    """Dotted names in a page's Python that begin with a package, as tuples."""
    for language in ("python", "py"):
        for node in ast.walk(ast.parse(code(page, language))):
            names = []
            while isinstance(node, ast.Attribute):
                names.append(node.attr)
                node = node.value
            if isinstance(node, ast.Name) and node.id in ("tfgan", "keras", "tf") and names:
                yield (node.id, *reversed(names))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_names_in_python_blocks_exist(page):
    for package, *names in chains(page):
        value = {"tfgan": tfgan, "keras": keras, "tf": tf}[package]
        for name in names:
            if not hasattr(value, name) and inspect.ismodule(value):
                importlib.import_module(f"{value.__name__}.{name}")
            value = getattr(value, name)


@pytest.mark.slow
def test_the_readmes_programs_run_with_fewer_rounds(tmp_path, monkeypatch):
    program = code(README, "python")
    length = "epochs=10, steps_per_epoch=150"
    assert length in program
    names = {}
    monkeypatch.chdir(tmp_path)
    exec(program.replace(length, "epochs=1, steps_per_epoch=2"), names)
    assert names["images"].shape == (16, 32, 32, 1) and names["images"].dtype == tf.uint8
    assert {path.name for path in tmp_path.iterdir()} == {"samples", "game.keras", "exported"}
    assert any((tmp_path / "samples").glob("*.png"))


# ------------------------------------------------------------------------- flags and links


def flags_of(script):
    """Names of the flags that a script defines."""
    text = (ROOT / "scripts" / f"{script}.py").read_text()
    own = set(re.findall(r"DEFINE_\w+\(\s*\"(\w+)\"", text))
    return own | (set(FIELDS) if "define_flags()" in text else set())


def mentioned(text):
    return re.findall(r"(?<![\w-])--([a-z]\w*)", text)


def known(name, flags):
    return name in flags or name in FOREIGN or (name.startswith("no") and name[2:] in flags)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_flags_exist(page):
    scripts = [path.stem for path in (ROOT / "scripts").glob("*.py")]
    text = page.read_text().replace("\\\n", " ")
    flags = set().union(*map(flags_of, scripts))
    unknown = [name for name in mentioned(text) if not known(name, flags)]
    assert not unknown
    for script, rest in re.findall(r"scripts/(\w+)\.py([^`\n]*)", text):
        assert script in scripts
        unknown = [name for name in mentioned(rest) if not known(name, flags_of(script))]
        assert not unknown, f"no flags of scripts/{script}.py"


def anchors(page):
    """The anchors of a page's headings, as GitHub makes them."""
    text = BLOCK.sub("", page.read_text())
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links(page):
    """The relative links of a page, as (path, anchor)."""
    text = BLOCK.sub("", page.read_text())
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    for target in found:
        if not re.match(r"https?:|mailto:", target):
            path, _, anchor = target.partition("#")
            yield (page.parent / path).resolve() if path else page, anchor


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page):
    for path, anchor in links(page):
        assert path.exists(), path
        assert not anchor or anchor in anchors(path), f"{path}#{anchor}"


def test_every_page_can_be_reached_from_the_readme():
    reached, left = set(), [README]
    while left:
        page = left.pop()
        reached.add(page)
        left += [path for path, _ in links(page) if path.suffix == ".md" and path not in reached]
    # Pieces that scripts/benchmark.py puts into docs/performance.md.
    pieces = set((DOCS / "performance").glob("*.md"))
    assert set(PAGES) - pieces <= reached


# -------------------------------------------------------------------------------- README


@pytest.mark.parametrize("end", [r"python -m pytest", "--flagfile=flags/quickstart.txt"])
def test_the_readme_has_each_setup_command_on_a_line_of_its_own(end):
    assert len(re.findall(rf"^python3 -m venv .*{re.escape(end)}$", README.read_text(), re.M)) == 1


def recipes():
    """Dict of recipe to its cells in the README's table."""
    found = [(re.match(r"\[`(\w+)`\]", row[0]), row) for row in rows(section(README, "Results"))]
    return {match[1]: row for match, row in found if match}


def test_every_flagfile_is_in_the_readmes_table():
    assert set(recipes()) == {path.stem for path in (ROOT / "flags").glob("*.txt")}


@pytest.mark.parametrize("recipe", sorted(recipes()))
def test_a_recipes_figures_are_those_of_its_flagfile_and_results(recipe):
    header = (ROOT / "flags" / f"{recipe}.txt").read_text()
    *_, frechet, images, minutes = recipes()[recipe]
    if minutes == "-":
        assert "# Minutes:  (not measured yet)" in header and frechet == "-"
        return
    assert re.search(r"([\d,]+) images\s+(?:#\s+)?shown", header)[1] == images
    assert re.search(r"# Minutes:\s+([\d.]+)", header)[1] == minutes.rstrip(" *†")
    assert ("†" in minutes) == ("extrapolated" in header and "AMD EPYC" in header)
    scored = [row for row in rows((DOCS / "results/recipes.md").read_text()) if row[0] == recipe]
    if frechet != "-":
        assert scored[0][1] == frechet
