import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from benchmarks import goals, page, seeds, training  # noqa: E402
from peers import flops  # noqa: E402
from peers.workloads import WORKLOADS, examples  # noqa: E402

from tfgan import cost, errors  # noqa: E402

DEFAULTS = {
    "workload": ["W4"], "batch": 8, "precision": ["float32"], "schedule": ["alternating"], "against": [],
}  # fmt: skip


def benchmark(*arguments):
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "benchmark.py", *arguments],
        capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.slow
def test_the_smallest_workload_against_its_peers(tmp_path):
    folder = tmp_path / "performance"
    result = benchmark(
        "--workload=W4", "--batch=8", "--rounds=2", "--turn=0.01", f"--output={folder}",
        "--precision=float32", "--against=bare,keras_fit,tf_tutorial",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    record = json.loads((folder / "training_W4_8.json").read_text())
    assert record["command"].startswith("python scripts/benchmark.py --workload=W4")
    (figures,) = record["results"]
    rates = figures["images_per_second"]
    assert list(rates) == [
        "tfgan alternating float32", "bare step alternating float32", "keras_fit", "tf_tutorial",
    ]  # fmt: skip
    assert all(len(turns) == 2 and min(turns) > 0 for turns in rates.values())
    assert min(figures["peak_memory_bytes"].values()) > 2**28
    text = (tmp_path / "performance.md").read_text()
    assert "| tf_tutorial |" in result.stdout and "| tf_tutorial |" in text


def test_unknown_names_are_refused():
    assert "measure: expected one of training" in benchmark("--measure=heat").stderr
    wrong = {"workload": (["W9"], "one of W1"), "against": (["jax"], "one of bare, keras_fit")}
    for flag, (value, expected) in wrong.items():
        values = SimpleNamespace(**{**DEFAULTS, flag: value})
        with pytest.raises(errors.InputError, match=f"{flag}: expected {expected}"):
            training.measure(values)


def test_the_pages_goals():
    fast, slow = [30.0, 40.0, 50.0], [20.0, 20.0, 20.0]
    result = {
        "workload": "W3",
        "batch": 256,
        "images_per_second": {
            "tfgan alternating float32": fast,
            "tfgan simultaneous_shared float32": slow,
            "keras_fit": slow,
            "tf_tutorial": fast,
        },
    }
    table = str(goals.table([result]))
    assert "| keras_fit | 1.5 | 2.00 (1.50 to 2.50) | reached |" in table
    assert "| tf_tutorial | 1 | 0.50 (0.40 to 0.67) | missed |" in table
    assert "torch" not in table, "what was not measured"


def test_the_page_is_what_its_figures_give(tmp_path):
    folder = tmp_path / "performance"
    shutil.copytree(page.FOLDER, folder)
    page.write(folder)
    assert (tmp_path / "performance.md").read_text() == page.FOLDER.with_suffix(".md").read_text()


def test_the_shares_of_the_peak():
    result = {
        "workload": "W1",
        "batch": 16,
        "images_per_second": {"tfgan simultaneous_shared float32": [10.0]},
        "product_peak_gflops": {"float32": [200.0]},
        "gflop_per_image": {"tfgan simultaneous_shared float32": 15.0},
    }
    assert "| peak | 0.8 | 0.75 (0.75 to 0.75) | missed |" in str(goals.table([result]))


def test_the_page_of_seeds():
    turns = {name: [0.002, 0.004, 0.003] for name in seeds.CONTESTANTS}
    turns["at once, XLA"] = [0.001, 0.002, 0.001]
    text = seeds.page([{"name": "2x128", "batch": 128, "seconds_per_round": turns}])
    assert "| 2x128 | 128 | one after the other | 3.00 (2.00 to 4.00) | 1.00 | 2.00 |" in text
    assert "* 2x128, 128: 2.00 times as fast as the loops (goal: 1.8), 2.00 times as fast as a call" in text


def test_flops_of_the_mixture_by_hand():
    networks = WORKLOADS["W4"].networks()
    # Dense layers 2-128-128-2 and 2-128-128-1, two operations per weight.
    g, d = 2 * (256 + 128 * 128 + 256), 2 * (256 + 128 * 128 + 128)
    critic = g + 2 * d + 2 * (2 * d - 512)
    update = g + d + d + (2 * g - 512)
    for schedule, saved in (
        ("alternating", 0), ("simultaneous", 0), ("alternating_shared", g),
        ("simultaneous_shared", g + d),
    ):  # fmt: skip
        assert flops.per_round(*networks, 1, False, schedule) == critic + update - saved
    assert flops.per_round(*networks, 5, True, "alternating") == 5 * (critic + 4 * d) + update


def test_w1_is_the_librarys_dcgan():
    from tfgan.networks import NETWORKS

    workload = WORKLOADS["W1"]
    name, arguments = workload.library
    ours = NETWORKS[name](image_shape=workload.shape, latent_dim=workload.latent_dim, **arguments)
    generator, discriminator = workload.networks()
    assert cost.operations(ours["generator"]) == cost.operations(generator)
    assert cost.operations(ours["discriminator"]) == cost.operations(discriminator)


@pytest.mark.parametrize("name", WORKLOADS)
def test_examples_fit_their_networks(name):
    workload = WORKLOADS[name]
    images = examples(workload)
    assert images.shape == (workload.examples, *workload.shape) and abs(images).max() <= 1
