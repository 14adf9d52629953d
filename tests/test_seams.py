"""What the seams hold: four systems take steps, draw their grids, resume exactly and export.

Each is written in `seams.py` without touching anything of the library: a game, its
networks, a line in each table, and settings.
"""

import numpy as np
import pytest
import seams
import tensorflow as tf
import tiny
from PIL import Image
from runs import continued

import tfgan
from tfgan import data, experiment, models, networks
from tfgan.experiment import Recipe
from tfgan.randomness import Random

SMALL = {
    "image_size": seams.SIDE, "latent_dim": 4, "batch_size": 4, "images": 32, "tick_images": 16,
    "grid_rows": 2, "grid_columns": 3, "ema_half_life": 16.0, "seed": 3,
}  # fmt: skip


@pytest.fixture(autouse=True)
def tables(monkeypatch):
    """A line for each system in the library's tables."""
    for table, lines in (
        (models.GAMES, seams.GAMES),
        (networks.NETWORKS, seams.NETWORKS),
        (data.DATASETS, seams.DATASETS),
    ):
        for name, entry in lines.items():
            monkeypatch.setitem(table, name, entry)


def signatures(folder):
    return tf.saved_model.load(str(folder / "exported")).signatures


def size(path):
    return Image.open(path).size


def some_bytes(count=2, side=seams.SIDE):
    return np.random.default_rng(0).integers(0, 256, (count, side, side, 1)).astype(np.uint8)


@pytest.mark.slow
def test_cyclegan_two_domains_two_of_each_network_and_a_pool(tmp_path):
    recipe = Recipe(
        dataset="a=digits?label=3,b=digits?label=8", game="cycle", network="cycle",
        loss="least_squares", schedule="simultaneous_shared", game_options={"cycle": 4.0},
        metrics=("sliced_wasserstein",), metric_samples=8, **SMALL,
    )  # fmt: skip
    game, folder = continued(recipe, tmp_path)
    assert game.cycle == 4.0 and set(game.averages) == {"generator_ab", "generator_ba"}
    assert int(game.remembered["filled"].numpy()) == seams.POOL
    assert np.abs(game.remembered["pool_a"].numpy()).sum(axis=(1, 2, 3)).min() > 0
    # Each direction has its scores, and its sheet of input | output.
    header = (folder / "metrics.csv").read_text().splitlines()[0]
    scores = [name for name in header.split(",") if "sliced_wasserstein" in name]
    assert [name.startswith("b_to_a_") for name in scores] == [False, True]
    names = [path.name for path in sorted((folder / "samples").glob("*.png"))]
    assert {"images_0000000032.png", "b_to_a_images_0000000032.png"} <= set(names)
    assert size(folder / "samples/images_0000000032.png") == (2 * seams.SIDE, 2 * seams.SIDE)
    images = some_bytes()
    there = game.generate(sampler="a_to_b", a=images)
    exported = signatures(folder)["a_to_b"](a=tf.constant(images))["images"].numpy()
    assert np.abs(exported.astype(int) - np.asarray(data.to_uint8(there)).astype(int)).max() <= 1
    assert set(signatures(folder)) >= {"b_to_a", "discriminator_a", "discriminator_b"}


def test_a_pool_returns_what_it_is_asked_until_it_is_full():
    game = seams.CycleGAN(**seams.cycle_networks((8, 8, 1)), seed=1)
    fakes = tf.random.stateless_uniform((seams.POOL, 8, 8, 1), [1, 2])
    shown, pool = game.queried("a", fakes, Random([0, 0]))
    np.testing.assert_array_equal(shown, fakes)
    np.testing.assert_array_equal(pool, fakes)
    game.remembered["pool_a"].assign(pool)
    game.remembered["filled"].assign(seams.POOL)
    later = fakes + 2.0
    shown, pool = game.queried("a", later, Random([0, 1]))
    old = [bool((image < 1.5).numpy().all()) for image in shown]
    assert 0 < sum(old) < len(old)
    # Where an old image was shown, the new one took a place.
    assert int(tf.reduce_sum(tf.cast(pool[:, 0, 0, 0] >= 2.0, tf.int32))) <= sum(old)


@pytest.mark.slow
def test_a_paired_translator_with_a_joint_augmentation(tmp_path):
    name = seams.write_pairs(tmp_path / "pairs")
    recipe = Recipe(
        dataset=f"{name}?augment=flip+jitter_crop:2", game="translator", network="translator",
        metrics=("pairs",), metric_samples=8, **{**SMALL, "image_size": None},
    )  # fmt: skip
    source = data.open_source(recipe.dataset)
    batch = next(iter(source.batches(8, seed=1)))
    # Pairs stay pairs: negatives of each other, however they were cut and flipped.
    np.testing.assert_allclose(batch["inputs"], -batch["targets"], atol=1e-2)
    _, folder = continued(recipe, tmp_path)
    assert size(folder / "samples/images_0000000032.png") == (3 * seams.SIDE, 2 * seams.SIDE)
    header = (folder / "metrics.csv").read_text().splitlines()[0]
    assert "l1_pairs_8_vs_train_8" in header and "psnr_pairs_8_vs_train_8" in header
    # Input and target lie beside each other: each is the other's negative.
    sheet = np.asarray(Image.open(folder / "samples/images_0000000032.png")).astype(int)
    given, target = sheet[:, : seams.SIDE], sheet[:, 2 * seams.SIDE :]
    np.testing.assert_array_equal(given, 255 - target)


@pytest.mark.slow
def test_super_resolution_in_two_stages(tmp_path):
    recipe = Recipe(
        dataset="small_digits", game="super_resolution", network="super_resolution",
        stage={
            "pixels": {"network_options": {"adversarial": False}},
            "adversarial": {"start_from": ["generator=pixels#generator"]},
        },
        **{**SMALL, "image_size": None},
    )  # fmt: skip
    game, folder = continued(recipe, tmp_path)
    assert not (folder / "samples").exists() and (folder / "pixels" / "samples").exists()
    last = sorted((folder / "adversarial" / "samples").glob("*.png"))[-1]
    assert last.name == "images_0000000064.png" and size(last)[0] == 3 * seams.SIDE
    large = game.generate(small=some_bytes(side=seams.SIDE // 2))
    assert large.shape == (2, seams.SIDE, seams.SIDE, 1)
    found = signatures(folder)["enlarge"](small=tf.constant(some_bytes(side=seams.SIDE // 2)))
    assert found["images"].shape == large.shape


@pytest.mark.slow
def test_a_pyramid_of_two_levels_sampled_as_one(tmp_path):
    recipe = Recipe(
        stage={
            "coarse": {"dataset": "coarse_digits", "game": "gan", "network": "coarse"},
            "fine": {"dataset": "pyramid_digits", "game": "level", "network": "level"},
            "pyramid": {
                "dataset": "digits", "game": "pyramid", "network": "pyramid", "images": 0,
                "image_size": seams.SIDE,
                "start_from": [
                    "level_0=coarse#generator:averaged", "level_1=fine#generator:averaged",
                ],
            },
        },
        **{**SMALL, "image_size": None},
    )  # fmt: skip
    game, folder = continued(recipe, tmp_path)
    assert game.optimizers == {} and game.trainable_variables == []
    coarse, _ = experiment.open_run(folder / "coarse")
    assert tiny.same(
        tiny.values(game.level_0.weights), tiny.values(coarse.averages["generator"].weights)
    )
    samples = game.generate(3, seed=1)
    assert samples.shape == (3, seams.SIDE, seams.SIDE, 1)
    assert sorted((folder / "pyramid/samples").glob("*.png"))[-1].name == "images_0000000064.png"
    exported = signatures(folder)["generate"](num_images=tf.constant(3), seed=tf.constant(1))
    expected = np.asarray(data.to_uint8(samples)).astype(int)
    assert np.abs(exported["images"].numpy().astype(int) - expected).max() <= 1


class Twice(tfgan.GAN):
    """Draws of its own, which hooks and the sampler share."""

    def latents(self, n, random):
        return {"a": random.normal([n, 2]), "b": random.uniform([n, 1])}

    def generator_inputs(self, latents, given=None):
        return tf.concat([latents["a"], latents["b"]], axis=1)


def test_a_game_trains_on_the_draws_that_it_generates_from():
    game = tiny.compiled(Twice(**tiny.points_networks()))
    tiny.assert_trains(game, tiny.endless(tiny.points(8)))
    drawn = game.samplers()["generate"].draw(5, Random([1, tfgan.samplers.GENERATE_SALT]))
    assert set(drawn) == {"a", "b"}
    expected = game.averages["generator"](game.generator_inputs(drawn))
    np.testing.assert_allclose(game.generate(5, seed=1), expected, rtol=1e-5)


class Matching(tfgan.GAN):
    """A lazily weighted term of the generator's side: feature matching on the judged outputs."""

    def generator_terms(self, batch, random):
        fake = self.fakes(8, random)
        lazy = self.weighted("matching", 2.0, 2, lambda: self.matching(batch["images"], fake))
        result = self.objective.generator(self.discriminate, batch["images"], fake, random, see_real=True)
        assert result.real is not None
        return {**result.terms, **lazy}

    def matching(self, real, fake):
        one, other = (tf.reduce_mean(self.discriminate(x)) for x in (real, fake))
        return tf.square(one - other)


@pytest.mark.parametrize("schedule", ["alternating", "alternating_shared", "simultaneous_shared"])
def test_a_lazy_term_of_the_generators_side(schedule):
    game = tiny.compiled(Matching(**tiny.points_networks(), schedule=schedule))
    data = tiny.endless(tiny.points(8))
    found = [
        game.fit(data, steps_per_epoch=1, verbose=0).history["generator_matching"][0] for _ in range(4)
    ]
    assert found[0] > 0 and found[2] > 0 and found[1] == found[3] == 0
    with pytest.raises(ValueError, match="the interval of matching: expected 1 where steps are tried virtually"):
        tiny.compiled(Matching(**tiny.points_networks(), rule="extragradient")).fit(
            data, steps_per_epoch=1, verbose=0
        )


def test_labels_may_be_of_any_integer_type_and_bytes_are_no_pixels():
    networks_of = networks.NETWORKS["mlp"]((2,), latent_dim=3, units=4, num_classes=(3,))
    game = tiny.compiled(models.ConditionalGAN(**networks_of))
    expected = game.generate(2, seed=1, condition=np.int32([2, 0]))
    for kind in (np.uint8, np.int64):
        np.testing.assert_array_equal(game.generate(2, seed=1, condition=kind([2, 0])), expected)
    assert game.generate(condition=np.uint8([1, 2, 0])).shape == (3, 2)
    with pytest.raises(ValueError, match="n: expected a whole number >= 1; got None"):
        game.generate(condition=1)
