"""tfgan.metrics, mostly on data whose results are computed by hand."""

import numpy as np
import pytest

from tfgan import metrics
from tfgan.metrics import neighbours, sharpness, similarity

SQUARE = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], float)
KITE = np.array([[0, 0], [2, 0], [0, 2], [2, 4]], float)


def near(value, dtype="float64"):
    return pytest.approx(value, **({"abs": 1e-9} if dtype == "float64" else {"rel": 1e-6, "abs": 1e-6}))


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def column(*values):
    return np.array(values, float)[:, None]


dtypes = pytest.mark.parametrize("dtype", ["float64", "float32"])

# The Frechet distance


@dtypes
@pytest.mark.parametrize(
    "one, other, expected", [(SQUARE, SQUARE + (1, 2), 5.0), (SQUARE, KITE, 3.411171891592)]
)
def test_frechet_distance_by_hand(one, other, expected, dtype):
    one, other = one.astype(dtype), other.astype(dtype)
    assert metrics.frechet_distance(one, other) == near(expected, dtype)
    assert metrics.frechet_distance(other, one) == near(expected, dtype)
    zero = np.zeros([4, 1], dtype)
    flat, other_flat = np.hstack([one, zero]), np.hstack([other, zero])
    assert metrics.frechet_distance(flat, other_flat) == near(expected, dtype), "rank-deficient"


def test_frechet_distance_of_gaussians():
    unit = metrics.Gaussian(np.zeros(1), np.eye(1), 100)
    assert metrics.frechet_distance(unit, metrics.Gaussian(np.ones(1), 4 * np.eye(1), 100)) == near(2)
    one = metrics.Gaussian(np.zeros(2), np.array([[2.0, 1.0], [1.0, 2.0]]), 100)
    other = metrics.Gaussian(np.array([1.0, -1.0]), np.diag([1.0, 3.0]), 100)
    assert metrics.frechet_distance(one, other) == near(2.516685226452)


def test_frechet_distance_of_a_set_to_itself_is_0():
    x = normal(300, 20)
    assert metrics.frechet_distance(x, x) == pytest.approx(0, abs=1e-10)
    flat = metrics.Gaussian(np.zeros(64), np.diag([1.0] + [5e-7] * 63), 1000)
    assert metrics.frechet_distance(flat, flat) == pytest.approx(0, abs=1e-12)


def test_frechet_distance_of_two_draws_of_one_distribution():
    distance = metrics.frechet_distance(normal(2500, 64), normal(2500, 64, seed=1))
    assert distance == pytest.approx(2 * 64 / 2500 + (64**2 + 64) / 5000, rel=0.05)


def test_too_few_samples_for_the_dimensions_give_a_warning():
    with pytest.warns(UserWarning, match="real: 5 samples of 8 dimensions leave the covariance"):
        distance = metrics.frechet_distance(normal(5, 8), normal(100, 8, seed=1))
    assert np.isfinite(distance) and distance > 0


# The kernel distance

A, B = np.array([[0, 0], [1, 0], [0, 1.0]]), np.array([[1, 1], [2, 0], [0, 2.0]])


@dtypes
def test_kernel_distance_by_hand(dtype):
    a, b = A.astype(dtype), B.astype(dtype)
    assert metrics.kernel_distance(a, b, subsets=1) == (near(0.5, dtype), 0)
    assert metrics.kernel_distance(a, a, subsets=1).mean == near(-1.05555555555555, dtype)


@pytest.mark.slow
def test_kernel_distance_of_populations():
    distance = metrics.kernel_distance(normal(20000), normal(20000, seed=1) + 1, subsets=50)
    assert distance.mean == pytest.approx(22, rel=0.1) and distance.std > 0
    wide = 1 + 2 * normal(20000, seed=1)
    assert metrics.kernel_distance(normal(20000), wide).mean == pytest.approx(220, rel=0.1)


def test_kernel_distance_of_sets_of_different_sizes_and_of_one_seed():
    one, other = normal(30, 4), normal(50, 4, seed=1)
    once, again = (metrics.kernel_distance(one, other, 5, 20, seed=3) for _ in range(2))
    assert once == again != metrics.kernel_distance(one, other, 5, 20, seed=4)


# The classifier score


@dtypes
def test_classifier_score_by_hand(dtype):
    def score(rows, splits=1):
        return metrics.classifier_score(np.array(rows, dtype), splits)

    rows = [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.7, 0.2, 0.1]]
    assert score([[0.9, 0.1], [0.1, 0.9]]).mean == near(1.444934811168, dtype)
    assert score(np.eye(10)).mean == near(10, dtype), "zeros are no NaN"
    assert score([[0.3, 0.7]] * 4).mean == near(1, dtype)
    assert score(rows) == (near(1.307979148810, dtype), 0)
    assert score(rows, 2) == (near(1.219063106320, dtype), near(0.030661467676, dtype))


# Precision and recall, density and coverage

R, F = column(0, 1, 2, 4, 8), column(0.5, 1.25, 3.75, 20)


@dtypes
@pytest.mark.parametrize("k, expected", [(1, (0.75, 1, 1.25, 0.8)), (2, (0.75, 1, 1.25, 1))])
def test_manifolds_by_hand(k, expected, dtype):
    real, generated = R.astype(dtype), F.astype(dtype)
    assert metrics.precision_recall(real, generated, k) == expected[:2]
    assert metrics.density_coverage(real, generated, k) == expected[2:]


def test_ties_count_for_precision_and_recall_but_not_for_density_and_coverage():
    real, generated = column(0, 1, 3), column(2, 5)
    assert metrics.precision_recall(real, generated, k=1) == (1, 1)
    assert metrics.density_coverage(real, generated, k=1) == (0.5, near(1 / 3))


@pytest.mark.slow
def test_manifolds_of_many_dimensions():
    """The values that the authors of density and coverage print, for another random draw."""
    precision, recall, density, coverage = metrics.manifold_scores(
        normal(10_000, 1000), normal(10_000, 1000, seed=1), precision_k=5, density_k=5
    )
    assert (precision, recall) == pytest.approx((0.4772, 0.4705), abs=0.03)
    assert coverage == pytest.approx(0.9735, abs=0.02)
    # Few points are near to very many others: it differs by a tenth from draw to draw.
    assert density == pytest.approx(1.0555, abs=0.25)


def test_precision_and_recall_are_not_swapped():
    real = normal(500, 2)
    collapsed, scattered = 0.01 * normal(500, 2, seed=1), 10 * normal(500, 2, seed=2)
    precision, recall = metrics.precision_recall(real, collapsed)
    assert precision > 0.95 and recall < 0.1
    precision, recall = metrics.precision_recall(real, scattered)
    assert precision < 0.2 and recall > 0.8


def test_density_and_coverage_of_one_distribution():
    density, coverage = metrics.density_coverage(normal(3000, 3), normal(3000, 3, seed=1))
    assert density == pytest.approx(1, abs=0.05) and coverage == pytest.approx(1 - 2**-5, abs=0.02)


@pytest.mark.parametrize("function", [metrics.precision_recall, metrics.density_coverage])
def test_blocks_and_order_do_not_change_the_result(function):
    real, generated = normal(203, 40), normal(150, 40, seed=1)
    generated[:20] = real[:20]  # exact ties
    expected = function(real, generated)
    order = np.random.default_rng(0).permutation
    assert function(order(real), order(generated)) == expected
    for block in (1, 7, 150):
        assert function(real, generated, block=block) == expected


@pytest.mark.parametrize(
    "function",
    [
        metrics.frechet_distance,
        lambda real, generated: metrics.memorization(real, real[:50] + 1, generated).ratio,
        lambda real, generated: metrics.parzen_log_likelihood(generated, real, 1.0).mean,
        lambda real, generated: metrics.support_size(generated, 5.0).size,
        lambda real, generated: metrics.classifier_score(abs(real) / abs(real).sum(1, keepdims=True), 1).mean,
    ],
)
def test_order_does_not_change_the_result(function):
    real, generated = normal(203, 10), normal(150, 10, seed=1)
    order = np.random.default_rng(0).permutation
    if "memorization" in function.__code__.co_names:
        assert function(real, order(generated)) == near(function(real, generated))
    else:
        assert function(order(real), order(generated)) == near(function(real, generated))


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_blocks_do_not_change_the_parzen_estimate(block):
    samples, test = normal(90, 5), normal(80, 5, seed=1)
    expected = metrics.parzen_log_likelihood(samples, test, 0.7, block=33)
    assert metrics.parzen_log_likelihood(samples, test, 0.7, block=block) == pytest.approx(expected)


def test_neighbours_are_those_of_scikit_learn():
    from sklearn.neighbors import NearestNeighbors

    x = normal(300, 20)
    distances, _ = NearestNeighbors(n_neighbors=4, algorithm="brute").fit(x).kneighbors(x)
    nearest = np.sqrt(neighbours.nearest_squares(x, 3, block=77))
    np.testing.assert_allclose(nearest, distances[:, 1:])


def test_manifold_scores_are_both_pairs_of_scores():
    real, generated = normal(203, 40), normal(150, 40, seed=1)
    both = metrics.manifold_scores(real, generated, precision_k=3, density_k=5, block=50)
    expected = metrics.precision_recall(real, generated, k=3), metrics.density_coverage(
        real, generated, k=5
    )
    assert both == (*expected[0], *expected[1])


# Images


def constant(level, size=176):
    return np.full((2, size, size, 1), level / 127.5 - 1)


@dtypes
def test_similarities_by_hand(dtype):
    low, high = constant(100).astype(dtype), constant(110).astype(dtype)
    expected = 0.995476444092
    assert metrics.ssim(low, high) == pytest.approx([expected] * 2, abs=1e-6 if dtype == "float32" else 1e-9)
    assert metrics.ms_ssim(low, high) == near(expected**0.1333, dtype)
    assert metrics.ms_ssim(low, low) == near(1, dtype)
    assert metrics.psnr(low, high) == pytest.approx([20 * np.log10(25.5)] * 2, rel=1e-6)
    assert metrics.psnr(low, low).tolist() == [np.inf] * 2


def test_similarities_are_those_of_tensorflow():
    import tensorflow as tf

    images = np.random.default_rng(0).uniform(-1, 1, (2, 192, 180, 3))
    others = np.clip(images + 0.3 * normal(2, 192, 180, 3), -1, 1)
    bytes_of = lambda x: tf.constant((x + 1) * 127.5, tf.float32)
    pair = bytes_of(images), bytes_of(others)
    np.testing.assert_allclose(metrics.ssim(images, others), tf.image.ssim(*pair, 255), atol=1e-4)
    np.testing.assert_allclose(metrics.psnr(images, others), tf.image.psnr(*pair, 255), rtol=1e-5)
    expected = tf.reduce_mean(tf.image.ssim_multiscale(*pair, 255))
    assert metrics.ms_ssim(images, others) == pytest.approx(float(expected), abs=1e-3)


def test_ms_ssim_is_higher_of_similar_samples():
    one, several = normal(1, 32, 32, 1), normal(8, 32, 32, 1, seed=1)
    alike = np.clip(np.repeat(one, 8, axis=0) + 0.05 * several, -1, 1)
    assert metrics.ms_ssim(alike) > 0.9 > 0.5 > metrics.ms_ssim(np.clip(several, -1, 1))


def test_ms_ssim_within_compares_only_images_with_the_same_labels():
    # Three pairs of equal images, and one image with labels of its own.
    levels = [0, 200, 0, 200, 255, 100, 100]
    labels = [[0, 0], [0, 1], [0, 0], [0, 1], [1, 1], [1, 0], [1, 0]]
    images = np.concatenate([constant(level, 16)[:1] for level in levels])
    assert metrics.ms_ssim_within(images, labels, pairs=50) == near(1)
    assert metrics.ms_ssim_within(images, [0] * 7, pairs=50) < 0.99
    one, other = similarity._within(np.array(labels), 7, 3000, np.random.default_rng(0))
    assert set(zip(one.tolist(), other.tolist())) == {(0, 2), (2, 0), (1, 3), (3, 1), (5, 6), (6, 5)}
    same, others = similarity._within([7, 7, 7], 3, 6000, np.random.default_rng(0))
    counts = np.bincount(3 * same + others, minlength=9)
    assert counts[[0, 4, 8]].tolist() == [0] * 3 and counts[[1, 2, 3, 5, 6, 7]].min() > 900


def test_sharpness_by_hand():
    spot = np.zeros([1, 5, 5, 1])
    spot[0, 2, 2] = 1
    # The Laplacian of a spot is -4 there and 1 beside it: over the 3x3 places mean 0, variance 20 / 9.
    assert sharpness._sharpness(spot) == near(20 / 9)
    red = np.concatenate([spot, 0 * spot, 0 * spot], axis=3)
    assert sharpness._sharpness(red) == near(0.299**2 * 20 / 9)
    slope = np.linspace(-1, 1, 5)[None, None, :, None] * np.ones([1, 5, 1, 1])
    assert metrics.laplacian_variance_ratio(slope, spot) == near(0), "a slope has no detail"
    assert metrics.laplacian_variance_ratio(np.repeat(0.5 * spot, 3, axis=0), spot) == near(0.25)


def test_blur_is_less_sharp_and_noise_is_sharper():
    images = np.clip(0.2 * normal(4, 16, 16, 3), -0.7, 0.7)
    blurred = (images + np.roll(images, 1, axis=1) + np.roll(images, 1, axis=2)) / 3
    assert metrics.laplacian_variance_ratio(blurred, images) < 0.5
    noisy = images + 0.1 * np.clip(normal(4, 16, 16, 3, seed=1), -3, 3)
    assert metrics.laplacian_variance_ratio(noisy, images) > 1.1


def sliced(images, others):
    return metrics.sliced_wasserstein(images, others).distances


@pytest.mark.parametrize(
    "function", [metrics.psnr, metrics.ssim, metrics.ms_ssim, sliced, metrics.laplacian_variance_ratio]
)
def test_parts_do_not_change_the_result(function, monkeypatch):
    images, others = (np.clip(0.3 * normal(7, 32, 32, 3, seed=seed), -1, 1) for seed in (0, 1))
    whole = function(images, others)
    monkeypatch.setattr("tfgan.metrics.arrays.VALUES", 2 * images[0].size)
    np.testing.assert_allclose(function(images, others), whole, rtol=1e-12)


def test_wasserstein_1d_by_hand():
    assert metrics.wasserstein_1d([0, 1, 3], [1, 2, 2.5]) == near(0.833333333333)
    assert metrics.wasserstein_1d([3, 0, 1], [1, 2, 2.5], p=2) == near(np.sqrt(0.75))


def test_sliced_wasserstein_distance():
    images = np.clip(0.3 * normal(40, 64, 32, 3), -1, 1)
    other = np.clip(0.3 * normal(40, 64, 32, 3, seed=1), -1, 1)
    assert metrics.sliced_wasserstein(images, images) == ((64, 32), (0, 0), 0)
    fine = metrics.sliced_wasserstein(images, other)
    assert metrics.sliced_wasserstein(images, 0.5 * images + 0.2).mean < 1e-3, (
        "shifts and scales of colour vanish"
    )
    coarse = np.repeat(np.repeat(images[:, ::4, ::4], 4, axis=1), 4, axis=2)
    far = metrics.sliced_wasserstein(images, coarse)
    assert far.distances[0] > 2 * fine.distances[0], "farther than another draw of the same law"


# Likelihood, modes, copies


@dtypes
def test_parzen_by_hand(dtype):
    centres = np.array([[0, 0], [1, 1]], dtype)
    at = lambda *rows: metrics.parzen_log_likelihood(centres, np.array(rows, dtype), 0.5)
    assert at([0, 0]).mean == near(-1.126579957900, dtype)
    assert at([0.5, 0.5]).mean == near(-1.451582705300, dtype)
    mean, error = at([0, 0], [0.5, 0.5])
    assert mean == near(-1.2890813316, dtype)
    assert error == near(abs(-1.126579957900 + 1.451582705300) / 2, dtype)
    most = lambda sigma: metrics.parzen_log_likelihood(*np.zeros([2, 1, 784]), sigma).mean
    assert most(0.2) == pytest.approx(541.3515, abs=1e-4)
    assert most(0.1 * 10 ** (2 / 9)) == pytest.approx(683.6174, abs=1e-4)


def test_parzen_sigma_is_the_likeliest_one():
    assert metrics.parzen_sigma(normal(500, 1), normal(500, 1, seed=1), [0.001, 0.3, 10]) == 0.3


def test_modes_by_hand():
    centres = np.array([[0, 0], [10, 0], [0, 10], [10, 10]], float)
    samples = [[0, 0]] * 5 + [[10, 2.9]] * 3 + [[10, 9]] * 2 + [[0, 6.9]] * 10
    modes, quality, kl = metrics.mode_statistics(samples, centres, sigma=1.0)
    assert (modes, quality) == (3, 0.5) and kl == near(0.3566413470553)
    assert metrics.mode_statistics([[50, 50]], centres, 1.0) == (0, 0, np.inf)


def test_a_perfect_sampler_of_the_ring():
    from tfgan.data import ring_centres

    rng = np.random.default_rng(0)
    centres = ring_centres()
    samples = centres[rng.integers(0, 8, 20000)] + 0.01 * rng.normal(size=(20000, 2))
    modes, quality, kl = metrics.mode_statistics(samples, centres, 0.01)
    assert modes == 8 and quality == pytest.approx(0.98889, abs=0.003) and kl < 0.002


def test_classes_by_hand():
    assert metrics.class_statistics([0] * 5 + [1] * 3 + [3] * 2, 4) == (3, near(0.3566413470553))
    assert metrics.js_to_uniform([5, 3, 0, 2]) == near(0.1104104721)
    assert metrics.js_to_uniform([2, 2]) == 0 and np.isnan(metrics.js_to_uniform([0, 0]))
    assert metrics.class_statistics(np.arange(1000), 1000) == (1000, near(0))
    even = metrics.class_statistics(np.random.default_rng(0).integers(0, 1000, 26000), 1000)
    assert even.modes == 1000 and even.kl == pytest.approx(0.0193, abs=0.002)


def test_copies_of_training_data_are_found():
    training, held_out = normal(200, 5), normal(200, 5, seed=1)
    fresh = metrics.memorization(training, held_out, normal(200, 5, seed=2))
    assert fresh.ratio == pytest.approx(1, abs=0.1)
    copied = normal(200, 5, seed=2)
    copied[7] = training[42]
    found = metrics.memorization(training, held_out, copied, pairs=3)
    assert found.pairs[0] == (7, 42, 0.0) and len(found.pairs) == 3
    assert metrics.memorization(training, held_out, training).ratio == 0


def test_support_by_the_birthday_paradox():
    values = normal(300, 4)
    samples = values[np.random.default_rng(0).integers(0, 300, 2000)]
    size, pairs = metrics.support_size(samples, threshold=0.0)
    assert size == pytest.approx(300, rel=0.1) and pairs > 5000
    assert metrics.support_size(column(0, 1, 1, 5), 0.5) == (6, 1)
    assert metrics.support_size(values, 0.0) == (np.inf, 0)


# Labels


def test_label_agreement_by_hand():
    asked = np.array([[0, 1], [0, 2], [1, 0], [1, 1]])
    guesses = np.array([[0, 1], [0, 0], [0, 0], [1, 2]])
    assert metrics.label_agreement(guesses, asked) == ((0.75, 0.5), 0.25)
    assert metrics.label_agreement(asked, asked) == ((1, 1), 1)
    assert metrics.label_agreement(guesses[:, 0], asked[:, 0]) == ((0.75,), 0.75)


def test_categories_are_matched_one_to_one():
    # Category 0 holds most of both classes 0 and 1, and can be one of them only.
    categories = np.repeat([0, 0, 1, 2, 2], [5, 4, 3, 6, 1])
    labels = np.repeat([0, 1, 0, 2, 1], [5, 4, 3, 6, 1])
    matching = metrics.match_categories(categories, labels)
    # 0 -> 1 and 1 -> 0 keep 4 + 3 of the first 12; 0 -> 0 and 1 -> 1 would keep 5.
    assert matching.tolist() == [1, 0, 2]
    assert metrics.assigned_error(categories, labels, matching) == near(6 / 19)
    assert metrics.assigned_error([2, 0, 1, 1], [2, 1, 0, 1], matching) == 0.25, "other examples"
    permuted = np.random.default_rng(0).permutation(10)
    numbers = np.arange(30) % 10
    assert metrics.assigned_error(numbers, permuted[numbers], permuted) == 0
    assert metrics.match_categories(numbers, permuted[numbers]).tolist() == permuted.tolist()
    assert sorted(metrics.match_categories([0, 0], [1, 1], classes=4)) == [0, 1, 2, 3]


def test_the_nearest_neighbour_gives_its_class():
    references, labels = column(0, 1, 10), [5, 6, 7]
    near_ones = column(0.4, 0.6, 4, 9)
    assert metrics.nearest_neighbour_accuracy(references, labels, near_ones, [5, 6, 6, 6]) == 0.75
    assert metrics.nearest_neighbour_accuracy(references, labels, column(0.5), [5]) == 1, "the first of a tie"


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_nearest_neighbours_are_those_of_scikit_learn(block):
    from sklearn.neighbors import KNeighborsClassifier

    rng = np.random.default_rng(0)
    x, queries = normal(90, 5), normal(50, 5, seed=1)
    labels, truth = rng.integers(0, 3, 90), rng.integers(0, 3, 50)
    expected = KNeighborsClassifier(1, algorithm="brute").fit(x, labels).score(queries, truth)
    assert metrics.nearest_neighbour_accuracy(x, labels, queries, truth, block=block) == expected


def test_a_probe_reads_what_is_linear():
    labels, test_labels = np.arange(300) % 3, np.arange(90) % 3
    corners = np.array([[0, 0], [4, 0], [0, 400]], float)
    draw = lambda labels, seed: corners[labels] + normal(len(labels), 2, seed=seed) * (0.5, 50)
    seen = np.hstack([draw(labels, 0), np.ones([300, 1])]).astype(np.float32)
    test = np.hstack([draw(test_labels, 1), np.ones([90, 1])]).astype(np.float32)
    accuracy = metrics.logistic_probe(seen, labels, test, test_labels)
    assert accuracy > 0.97, "features of any scale, and a constant one"
    assert metrics.logistic_probe(seen, labels, test, test_labels) == accuracy
    # Rings are not linear: one class within the other.
    angle, radius = 2 * np.pi * np.arange(200) / 200, 1 + np.arange(200) % 2
    rings = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    assert metrics.logistic_probe(rings, radius, rings, radius) < 0.7
    assert metrics.nearest_neighbour_accuracy(rings, radius, 1.01 * rings, radius) == 1


def test_a_heavier_weight_pulls_the_probe_to_the_frequent_class():
    x, labels = column(*[0.0] * 30, *[1.0] * 10), np.repeat([0, 1], [30, 10])
    assert metrics.logistic_probe(x, labels, x, labels) == 1
    assert metrics.logistic_probe(x, labels, x, labels, weight=1e6) == 0.75


def nearest_mean(images, labels):
    """Trains a nearest-mean classifier of three classes."""
    means = np.stack([images[labels == label].mean(axis=0) for label in range(3)])
    return lambda images: ((images[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)


def test_classification_accuracy_score():
    rng = np.random.default_rng(0)

    def draw(count, spread=1.0):
        labels = rng.integers(0, 3, count)
        return labels[:, None] * 2.0 * spread + rng.normal(size=(count, 2)), labels

    real, test = draw(2000), draw(2000)
    rows = rng.integers(0, 2000, 2000)
    resampled = real[0][rows], real[1][rows]
    same = metrics.classification_accuracy_score(nearest_mean, real, resampled, test)
    assert same.generated == pytest.approx(same.real, abs=0.01) and same.real > 0.75
    wrong = metrics.classification_accuracy_score(nearest_mean, real, draw(2000, -1.0), test)
    assert wrong.generated < 0.5 < wrong.real
    with pytest.raises(ValueError, match="generated: expected .images"):
        metrics.classification_accuracy_score(nearest_mean, real, (real[0], real[1][:5]), test)


def test_a_classifier_of_both_kinds_sees_bytes_where_one_of_them_is():
    seen = []

    def train(images, labels):
        seen.append(images)
        return lambda images: np.zeros(len(images), int)

    real = np.full([1, 2, 2, 1], 255, np.uint8), np.array([0])
    generated = np.full([1, 2, 2, 1], -1.0, np.float32), np.array([1])
    metrics.classification_accuracy_score(train, real, generated, real)
    both = seen[-1]
    assert both.dtype == np.uint8 and both[0].min() == 255 and both[1].max() == 0


# Arguments of all metrics


PAIRS = [
    metrics.frechet_distance, metrics.kernel_distance, metrics.precision_recall,
    metrics.density_coverage,
]  # fmt: skip


@pytest.mark.parametrize("function", PAIRS)
def test_bad_features_are_refused(function):
    good, broken = normal(20, 3), normal(20, 3)
    broken[4, 1] = np.nan
    with pytest.raises(ValueError, match="generated: expected finite numbers; got .*in 1 rows"):
        function(good, broken)
    with pytest.raises(ValueError, match="generated: expected features of 3 dimensions.*got 2"):
        function(good, normal(20, 2))
    with pytest.raises(ValueError, match=r"real: expected features \[n, dims\]"):
        function(normal(2, 2, 2), good)


@pytest.mark.parametrize("function", [metrics.precision_recall, metrics.density_coverage])
@pytest.mark.parametrize("k", [0, 20, 1.5])
def test_more_neighbours_than_samples_are_refused(function, k):
    with pytest.raises(ValueError, match="k: expected a whole number from 1 to 19"):
        function(normal(20, 3), normal(20, 3, seed=1), k=k)


@pytest.mark.parametrize("call, message", [
    (lambda: metrics.frechet_distance([[1.0]], [[1.0]]), "real: expected at least 2 rows; got 1"),
    (lambda: metrics.kernel_distance(A, B, subsets=0), "subsets: expected a whole number >= 1"),
    (lambda: metrics.kernel_distance(A, B, subset_size=1), "subset_size: .*>= 2; got 1"),
    (lambda: metrics.classifier_score([[0.5, 0.2]]), "probabilities: expected.*sum to 1"),
    (lambda: metrics.classifier_score([[0.5, 0.5]], 2), "splits: expected 1 to 1"),
    (lambda: metrics.parzen_log_likelihood(A, B, 0), "sigma: expected a number > 0"),
    (lambda: metrics.parzen_sigma(A, B, []), "sigmas: expected at least one"),
    (lambda: metrics.mode_statistics(A, B, -1), "sigma: expected a number > 0"),
    (lambda: metrics.class_statistics([3], 3), "classes: expected 0 to 2"),
    (lambda: metrics.class_statistics([0.5], 3), "classes: expected integers"),
    (lambda: metrics.support_size(A, -1), "threshold: expected a distance >= 0"),
    (lambda: metrics.memorization(A, B, normal(3, 3)), "generated: expected 2 dimensions"),
    (lambda: metrics.psnr(constant(1), constant(1, 20)), "others: expected the shape"),
    (lambda: metrics.ssim(constant(500), constant(1)), r"images: expected pixels in \[-1, 1\]"),
    (lambda: metrics.ms_ssim(constant(1, 8)), "images: expected sides of at least 16"),
    (lambda: metrics.ms_ssim(constant(1)[:1]), "images: expected an even number"),
    (lambda: metrics.sliced_wasserstein(constant(1, 35), constant(1, 35)), "halve evenly down to it"),
    (lambda: metrics.sliced_wasserstein(constant(1, 8), constant(1, 8)), "sides of at least 16"),
    (lambda: metrics.ms_ssim_within(constant(1), [0, 1]), "labels: expected at least two images with"),
    (lambda: metrics.ms_ssim_within(constant(1), [0]), r"labels: expected labels \[2\] or"),
    (lambda: metrics.ms_ssim_within(constant(1), [0, 0], 0), "pairs: expected a whole number >= 1"),
    (lambda: metrics.laplacian_variance_ratio(constant(1), constant(1)), "real: expected images with some"),
    (lambda: metrics.laplacian_variance_ratio(constant(1), constant(1, 20)), "generated: expected images of"),
    (lambda: metrics.laplacian_variance_ratio(constant(1, 2), constant(1, 2)), "sides of at least 3"),
    (lambda: metrics.label_agreement([0.5], [1]), "guesses: expected integer labels"),
    (lambda: metrics.label_agreement([0], [[1]]), "asked: expected the shape of guesses"),
    (lambda: metrics.match_categories([0, 5], [0, 1], 3), "categories: .* from 0 to 2; got '0 to 5'"),
    (lambda: metrics.match_categories([0], [0, 1]), r"labels: expected one label \[n\] for each"),
    (lambda: metrics.assigned_error([0, 2], [0, 1], [0, 1]), "categories: expected 0 to 1"),
    (lambda: metrics.nearest_neighbour_accuracy(A, [0, 1], B, [0] * 3), "labels of references: expected one"),
    (lambda: metrics.nearest_neighbour_accuracy(A, [0] * 3, B[:, :1], [0] * 3), "queries: expected features"),
    (lambda: metrics.logistic_probe(A, [0] * 3, B, [0] * 3), "labels: expected at least two classes"),
    (lambda: metrics.logistic_probe(A, [0, 1, 0], B, [0] * 3, 0), "weight: expected a number > 0"),
    (lambda: metrics.wasserstein_1d([1, 2], [1]), "other: expected as many numbers"),
])  # fmt: skip
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
