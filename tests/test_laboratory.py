"""`reproduce.py --quick` of the laboratory's tables: what converges and what collapses."""

import importlib
import os
import re
import sys
import time

import numpy as np
import pytest
from runs import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

from tables.options import Options  # noqa: E402

from tfgan import data, features  # noqa: E402
from tfgan.features.extractor import Extractor, Features  # noqa: E402

REAL = os.environ.get("TFGAN_TEST_DATA")


def page_of(name, tmp_path, seeds=2):
    options = Options(
        name, REAL and f"{REAL}/tfds", seeds, 1e-3, 1, True, False, tmp_path / "runs",
        tmp_path / f"{name}.md", "command", {}, time.monotonic(),
    )  # fmt: skip
    page = importlib.import_module(f"tables.{name}").make(options)
    for picture in re.findall(r"\]\((\S+\.png)\)", page):
        assert (tmp_path / picture).stat().st_size > 1000, picture
    return page


def rows_of(page):
    """Dict of a row's name to its cells; "1.2 ± 0.3" is 1.2."""
    rows = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) > 1:
            rows.setdefault(cells[0], [_number(cell) for cell in cells[1:]])
    return rows


def _number(cell):
    try:
        return float(cell.split(" ")[0])
    except ValueError:
        return cell


@pytest.mark.slow
def test_dirac(tmp_path):
    rows = rows_of(page_of("dirac", tmp_path))
    norms = {row: cells[::2] for row, cells in rows.items()}
    for row in ("minimax", "Wasserstein, clipped at 1", "Wasserstein, gradient penalty 0.35"):
        assert min(norms[row]) > 0.5, row
    for row in ("minimax, R1 0.3", "minimax, R1 1 (critical)", "relativistic, R1 and R2 0.15"):
        assert max(norms[row]) < 1e-5, row
    assert max(norms["minimax, instance noise 0.7"]) < 0.05
    for row in ("minimax, extragradient", "minimax, optimistic"):
        assert max(norms[row]) < 0.2, row
    *by_turns, five_steps = norms["minimax, consensus 1"]
    assert max(by_turns) < 1e-8 and five_steps > 1.4143
    assert norms["relativistic"] == norms["non-saturating"], "of one real and one fake point"
    for row, cells in rows.items():
        for ours, published in zip(cells[::2], cells[1::2]):
            # In this order of the sides alone; "(a)" and "(b)" are another's.
            if isinstance(published, float) and published > 1e-5:
                assert ours == pytest.approx(published, rel=1e-5), row


@pytest.mark.slow
def test_divergences(tmp_path):
    rows = rows_of(page_of("divergences", tmp_path))
    assert (rows["kl"][1], rows["kl"][5]) == (1.2, 0.18009)
    assert rows["pearson"][4] > rows["pearson"][5], "ten rounds do not reach the least divergence"


@pytest.mark.slow
def test_bilinear(tmp_path):
    rows = rows_of(page_of("bilinear", tmp_path))
    assert rows["plain"][0] > 2.3 and rows["plain"][2] == pytest.approx(1.39388, rel=1e-5)
    for row in ("extragradient", "optimistic", "consensus 0.5", "unrolled, 5 steps", "plain, R1 0.3"):
        assert max(rows[row][0], rows[row][2]) < 1, row


@pytest.mark.slow
def test_theory(tmp_path):
    page = page_of("theory", tmp_path)
    rows = rows_of(page)
    for row in ("alike", "shifted", "nested", "apart"):
        gap, value, optimum, _ = rows[row]
        assert gap < 0.06 and value == pytest.approx(optimum, abs=0.01), row
    last = {loss: rows[loss][-1] for loss in ("minimax", "least_squares", "non_saturating", "wasserstein")}
    assert last["minimax"] < 0.01 < last["least_squares"] < 0.1
    assert min(last["non_saturating"], last["wasserstein"]) > 1


@pytest.mark.slow
def test_gaussian_1d(tmp_path):
    rows = rows_of(page_of("gaussian_1d", tmp_path))
    assert rows["SGD"][1] < 0.2, "it collapses to a point"
    mean, deviation, distance, *_ = rows["the same, sorted, R1 and R2"]
    assert abs(mean - 4) < 0.3 and abs(deviation - 1.25) < 0.3 and distance < 0.4


@pytest.mark.slow
@pytest.mark.parametrize("name, most, least_quality", [("ring", 8, 50), ("grid", 25, 10)])
def test_mixtures(name, most, least_quality, tmp_path, monkeypatch):
    if name == "grid":
        # The ring plays every method; here those that are compared.
        from tables import grid

        compared = {row: grid.MIXTURE.methods[row] for row in ("minimax", "relativistic, R1 and R2")}
        monkeypatch.setattr(grid, "MIXTURE", grid.MIXTURE._replace(methods=compared))
    rows = rows_of(page_of(name, tmp_path, seeds=1))
    modes, _, quality, divergence, *_ = rows["relativistic, R1 and R2"]
    assert modes > 0.6 * most and modes > 1.15 * rows["minimax"][0]
    assert quality > least_quality and quality > 5 * rows["minimax"][2]
    # On the grid the modes are not yet even after so few rounds.
    assert name == "grid" or divergence < 0.5 * rows["minimax"][3]
    assert rows["real data"][2] == pytest.approx(98.9, abs=0.5)


@pytest.mark.slow
def test_pacgan(tmp_path, monkeypatch):
    from tables import pacgan

    # The ring plays every method; on the grid so few rounds say nothing.
    compared = {row: pacgan.METHODS["grid"][row] for row in (pacgan.PLAIN, pacgan.CURED)}
    monkeypatch.setitem(pacgan.METHODS, "grid", compared)
    page = page_of("pacgan", tmp_path, seeds=1)
    ring, grid = (rows_of(part) for part in page.split("\n## ")[1:3])
    assert {*compared, "real data"} <= set(grid)
    plain, cured = ring["GAN"], ring["relativistic, R1 and R2"]
    assert cured[0] > plain[0] and cured[2] > 5 * plain[2] and cured[3] < 0.8 * plain[3]


def nearest_mean(dataset, data_dir):
    """A classifier that needs no training."""
    digits = data.open_source("mnist", "train[:2000]", data_dir=data_dir, condition=True)
    table = digits.table()
    flat = table["images"].reshape(len(digits), -1).astype("float32")
    means = np.stack([flat[table["condition"] == label].mean(axis=0) for label in range(10)])

    def classify(images):
        distances = ((images.reshape(len(images), 1, -1) - means) ** 2).mean(axis=-1)
        return Features(np.zeros([len(images), 1]), np.eye(10)[distances.argmin(axis=1)])

    return Extractor("nearest_mean", None, classify)


@pytest.mark.slow
@pytest.mark.skipif(not REAL, reason="TFGAN_TEST_DATA is unset: no folder with tfds/")
def test_stacked_mnist(tmp_path, monkeypatch):
    monkeypatch.setattr(features, "open_extractor", nearest_mean)
    from tables import stacked_mnist

    rows = rows_of(page_of("stacked_mnist", tmp_path, seeds=1))
    assert set(rows) >= {*stacked_mnist.ROWS, "real data"}
    for row in stacked_mnist.ROWS:
        # So few rounds find next to nothing.
        _, modes, divergence, *_ = rows[row]
        assert 1 <= modes < rows["real data"][1] and divergence > rows["real data"][2], row


@pytest.mark.slow
def test_samples_are_kept_by_what_made_them(tmp_path, monkeypatch):
    from tables import gaussian_1d

    method = gaussian_1d.METHODS["Adam"]
    monkeypatch.setattr(gaussian_1d, "METHODS", {"Adam": method})
    first = page_of("gaussian_1d", tmp_path)
    assert page_of("gaussian_1d", tmp_path) == first
    (kept,) = (tmp_path / "runs" / "gaussian_1d" / "Adam").iterdir()
    assert (kept / "samples.npz").exists()
    page_of("gaussian_1d", tmp_path, seeds=1)
    for changed in (method._replace(quick=30), method._replace(rates=(1e-3, 2e-4))):
        monkeypatch.setattr(gaussian_1d, "METHODS", {"Adam": changed})
        page_of("gaussian_1d", tmp_path)
    assert len(list(kept.parent.iterdir())) == 4


@pytest.mark.slow
def test_a_row_that_diverges_is_a_line_of_the_page(tmp_path, monkeypatch):
    from tables import gaussian_1d

    row = gaussian_1d.METHODS["SGD"]._replace(rates=(1e30, 1e30))
    rows = {"SGD": row, "Adam": gaussian_1d.METHODS["Adam"]}
    monkeypatch.setattr(gaussian_1d, "METHODS", rows)
    for _ in range(2):
        assert "| SGD (stopped: not finite) |" in page_of("gaussian_1d", tmp_path)


def test_penalties_fade_over_the_first_half():
    from tables import methods, veegan

    from tfgan.data.points import Points, ring_centres

    method = veegan.cured(penalty=0.005, input_scale=10.0)._replace(fade=0.1)
    ring = Points(ring_centres(), 0.01)
    protocol = methods.Protocol(ring, veegan.SETTINGS, veegan.NETWORK, 100)
    game = methods.game_of(methods.recipe_of(protocol, method, 100), ring, [0, 1])
    weight, every = game.objective.penalties["r1"]
    images = 100 * method.batch_size
    start = method.settings["penalties"]["r1"]
    found = [float(weight(shown)) for shown in (0, images / 4, images / 2, images)]
    assert found == pytest.approx([start, 0.55 * start, 0.1 * start, 0.1 * start]) and every == 1
