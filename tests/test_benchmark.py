import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from peers import flops  # noqa: E402
from peers.workloads import WORKLOADS, examples  # noqa: E402


def benchmark(*arguments):
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "benchmark.py", *arguments],
        capture_output=True, text=True,
    )  # fmt: skip


def test_the_smallest_workload_against_the_tensorflow_peers(tmp_path):
    path = tmp_path / "figures.json"
    result = benchmark(
        "--workload=W4", "--batch=8", "--rounds=2", "--turn=0.01", f"--output={path}",
        "--precision=float32", "--against=keras_fit,tf_tutorial",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    (figures,) = json.loads(path.read_text())
    rates = figures["images_per_second"]
    assert list(rates) == ["tfgan alternating float32", "keras_fit", "tf_tutorial"]
    assert all(len(all) == 2 and min(all) > 0 for all in rates.values())
    assert "| tf_tutorial |" in result.stdout


def test_unknown_names_are_refused():
    assert "workload: expected one of W1" in benchmark("--workload=W9").stderr
    assert "against: expected one of keras_fit" in benchmark("--against=jax").stderr


def test_flops_of_the_mixture_by_hand():
    generator, discriminator = WORKLOADS["W4"].networks()
    # Dense layers 2-128-128-2 and 2-128-128-1, two operations per weight.
    g, d = 2 * (256 + 128 * 128 + 256), 2 * (256 + 128 * 128 + 128)
    assert flops.forward(generator) == (g, 512) and flops.forward(discriminator) == (d, 512)
    critic = g + 2 * d + 2 * (2 * d - 512)
    update = g + d + d + (2 * g - 512)
    assert flops.per_round(generator, discriminator, 1, False) == critic + update


def test_w1_is_the_librarys_dcgan():
    from tfgan.networks import NETWORKS

    workload = WORKLOADS["W1"]
    name, arguments = workload.library
    ours = NETWORKS[name](image_shape=workload.shape, latent_dim=workload.latent_dim, **arguments)
    generator, discriminator = workload.networks()
    assert flops.forward(ours["generator"]) == flops.forward(generator)
    assert flops.forward(ours["discriminator"]) == flops.forward(discriminator)


@pytest.mark.parametrize("name", WORKLOADS)
def test_examples_fit_their_networks(name):
    workload = WORKLOADS[name]
    images = examples(workload, 3)
    assert images.shape == (3, *workload.shape) and abs(images).max() <= 1
