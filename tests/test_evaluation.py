import numpy as np
import pytest

from tfgan import data, evaluation, features
from tfgan.evaluation import Evaluation, Reference, applicable
from tfgan.metrics import METRICS, frechet_distance

SHAPE = (16, 16, 1)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TFGAN_CACHE", str(tmp_path))


def images(count, seed=0, level=0):
    noise = np.random.default_rng(seed).integers(0, 200, (count, *SHAPE))
    return (noise + level).astype(np.uint8)


def sorter(images):
    """Two features, the mean and the standard deviation, and two classes: left or right is brighter."""
    levels = images.reshape(len(images), 16, 16).astype(np.float32)
    vectors = np.stack([levels.mean(axis=(1, 2)), levels.std(axis=(1, 2))], axis=1)
    left = (levels[:, :, :8].mean(axis=(1, 2)) > levels[:, :, 8:].mean(axis=(1, 2))).astype(float)
    return features.Features(vectors, np.stack([left, 1 - left], axis=1).astype(np.float32))


SORTER = features.Extractor("sorter", "1", sorter, SHAPE)
REAL, TRAINING = Reference(images(60), "test"), Reference(images(80, seed=1), "train")


def of(metrics, **kwargs):
    return Evaluation(metrics, **{"real": REAL, "training": TRAINING, "extractor": SORTER,
                                  "num_samples": 50, **kwargs})  # fmt: skip


def test_names_say_network_numbers_and_split():
    names = of(["frechet", "classifier_score", "ms_ssim"]).names
    assert names == [
        "frechet_sorter_50_vs_test_50", "classifier_score_sorter_50", "ms_ssim_images_50",
    ]  # fmt: skip
    many = of(["frechet"], num_samples=2000)
    assert many.names == ["frechet_sorter_2k_vs_test_60"]


def test_only_scores_of_the_network_of_2015_are_called_fid():
    inception = features.Extractor("inception_tf2015", "", sorter)
    assert of(["frechet"], extractor=inception).names == ["fid_50_vs_test_50"]
    keras = features.Extractor("inception_keras", "", sorter)
    assert of(["frechet"], extractor=keras).names == ["frechet_inception_keras_50_vs_test_50"]


def test_scores_are_those_of_the_metric():
    real = Reference(images(50), "test")
    samples = images(50, seed=2, level=20)
    (score,) = of(["frechet"], real=real).scores(samples).values()
    expected = frechet_distance(sorter(real.data).vectors, sorter(samples).vectors)
    assert score == pytest.approx(expected, rel=1e-9)


def test_real_images_beyond_the_number_of_samples_are_left_out():
    evaluation = of(["frechet"])
    chosen = np.random.default_rng(0).permutation(60)[:50]
    expected = frechet_distance(sorter(REAL.data[chosen]).vectors, sorter(images(50)).vectors)
    assert list(evaluation.scores(images(50)).values()) == pytest.approx([expected])


OF_IMAGES = [name for name in METRICS if METRICS[name].needs not in ("points", "pairs", "labels")]
LABELS = np.arange(50) % 2


@pytest.mark.parametrize("name", OF_IMAGES)
def test_every_metric_of_images_scores(name):
    evaluation = of([name], labels=LABELS)
    scores = evaluation.scores(images(50, seed=2))
    assert list(scores) == evaluation.names and len(scores) == len(METRICS[name].parts)
    assert not np.isnan(list(scores.values())).any()
    assert evaluation.measure(images(50, seed=2))[0] == scores


def test_gan_test_is_the_share_of_samples_of_the_class_that_was_asked_for():
    samples = images(50)
    guesses = sorter(samples).probabilities.argmax(axis=1)
    evaluation = of(["gan_test"], labels=np.where(np.arange(50) < 10, 1 - guesses, guesses))
    assert evaluation.scores(samples) == {"gan_test_sorter_50": 0.8}
    with pytest.raises(ValueError, match="samples made for one label each for gan_test; got '2 labels"):
        of(["gan_test"], labels=np.zeros((50, 2), int))


def test_error_is_the_share_of_wrong_classes():
    truth = np.random.default_rng(0).integers(0, 3, 40)
    evaluation = Evaluation(["error"], Reference(truth, "test"), num_samples=60, paired=True)
    answers = np.eye(3)[truth[evaluation.rows]]
    assert evaluation.scores(answers) == {"error_labels_40_vs_test_40": 0.0}
    answers[:10] = np.roll(answers[:10], 1, axis=1)
    assert list(evaluation.scores(answers).values()) == [0.25]
    assert evaluation.measure(answers)[1]["error_labels_40_vs_test_40"] > 0
    assert applicable(Reference(truth, "test"), None, SORTER, 40, paired=True) == ["error"]


def test_modes_of_points():
    ring = data.open_source("ring")
    evaluation = Evaluation(["modes"], Reference(ring, "train"), num_samples=2500)
    points = next(iter(ring.batches(2500)))["images"].numpy()
    scores = evaluation.scores(points)
    assert list(scores) == ["modes_points_2500", "high_quality_points_2500", "reverse_kl_points_2500"]
    assert scores["modes_points_2500"] == 8
    assert scores["high_quality_points_2500"] == pytest.approx(0.98889, abs=0.01)


def test_standard_errors_are_those_of_a_mean(monkeypatch):
    """The mean of n numbers of spread s has the standard error s / sqrt(n)."""
    mean = METRICS["ms_ssim"]._replace(
        parts=("mean",), function=lambda sets: (sets.generated.mean(axis=(1, 2, 3)).mean(),)
    )
    monkeypatch.setitem(METRICS, "mean", mean)
    levels = np.random.default_rng(0).integers(0, 256, 1000).astype(np.uint8)
    samples = np.broadcast_to(levels[:, None, None, None], (1000, *SHAPE))
    _, errors = of(["mean"], num_samples=1000).measure(samples, halves=400)
    (error,) = errors.values()
    expected = (levels / 127.5).std(ddof=1) / np.sqrt(1000)
    assert error == pytest.approx(expected, rel=0.1)


def test_scores_of_better_samples_are_better():
    evaluation = of(["frechet", "manifold"])
    close, far = evaluation.scores(images(50, seed=3)), evaluation.scores(images(50, seed=3, level=50))
    frechet, precision, *_ = evaluation.names
    assert close[frechet] < far[frechet] and close[precision] > far[precision]


def test_metrics_that_apply():
    assert set(applicable(REAL, TRAINING, SORTER, 50, labels=LABELS)) == set(OF_IMAGES)
    pixels = features.open_extractor("pixels")
    without = {"memorization", "classifier_score", "classes", "modes", "pairs", "error", "gan_test"}
    assert set(applicable(REAL, None, pixels, 50)) == set(METRICS) - without
    assert applicable(Reference(data.open_source("ring"), "train"), None, pixels, 50) == ["modes"]
    small = Reference(np.zeros((40, 8, 8, 1), np.uint8), "test")
    assert not {"ms_ssim", "sliced_wasserstein"} & set(applicable(small, None, pixels, 50))
    large = Reference(np.zeros((40, 64, 64, 3), np.uint8), "test")
    assert "frechet" not in applicable(large, None, pixels, 50)
    assert "frechet" in applicable(large, None, features.Extractor("any", "1", sorter), 50)
    assert applicable(REAL, None, pixels, 5) == ["frechet", "kernel", "support_size",
                                                  "sliced_wasserstein", "ms_ssim", "laplacian", "parzen"]  # fmt: skip


@pytest.mark.parametrize(
    "metrics, given, message",
    [
        (["fréchet"], {}, "metrics: expected one of frechet, .*got 'fréchet'"),
        (["frechet"], {"extractor": None}, "metrics: expected an extractor for frechet; got None"),
        (["classes"], {"extractor": features.open_extractor("pixels")}, "an extractor that classifies for classes; got 'pixels'"),
        (["memorization"], {"training": None}, "training data, and real data apart from them, for memorization; got None"),
        (["memorization"], {"training": Reference(images(4), "test")}, "apart from them, for memorization; got 'test'"),
        (["modes"], {}, "expected metrics of images; got 'modes'"),
        (["ms_ssim"], {"real": Reference(np.zeros((4, 8, 9, 1), np.uint8), "test")}, r"images of other sides for ms_ssim; got \[8, 9\]"),
        (["sliced_wasserstein"], {"real": Reference(np.zeros((4, 90, 90, 1), np.uint8), "test")}, r"images of other sides for sliced_wasserstein; got \[90, 90\]"),
        (["manifold"], {"num_samples": 5}, "at least 6 samples and real images for manifold; got 5"),
        (["frechet"], {"num_samples": 1}, "num_samples: expected a whole number >= 2; got 1"),
        (["frechet"], {"real": Reference(np.zeros((9, 8, 8, 1), np.uint8), "test")}, r"an extractor of images \[8, 8, 1\] for frechet; got 'sorter, of \[16, 16, 1\]'"),
    ],
)  # fmt: skip
def test_metrics_without_what_they_need_are_refused_at_once(metrics, given, message):
    with pytest.raises(ValueError, match=message):
        of(metrics, **given)


@pytest.mark.parametrize("name", ["classifier_score", "ms_ssim", "parzen", "manifold", "kernel"])
def test_the_order_of_a_folder_does_not_matter(name):
    """Sorted by brightness, as classes in folders would be; order is drawn anew."""
    samples = images(400, seed=5)
    samples = samples[np.argsort(samples[:, 0, 0, 0])] // 2
    samples[:200] += 100
    real = Reference(samples, "sorted")
    sorted_, shuffled = (
        of([name], real=real._replace(data=data), num_samples=400).measure(data)
        for data in (samples, np.random.default_rng(9).permutation(samples))
    )
    for score, error, other in zip(sorted_[0].values(), sorted_[1].values(), shuffled[0].values()):
        assert abs(score - other) <= 4 * error + 1e-9


@pytest.mark.parametrize(
    "samples", [np.full((50, *SHAPE), np.nan, "float32"), np.full((50, *SHAPE), 90.0), np.zeros((50, *SHAPE), int)]
)
def test_samples_that_are_no_images_are_refused(samples):
    with pytest.raises(ValueError, match="samples: expected uint8, or finite floats in"):
        of(["frechet"]).scores(samples)


def test_another_number_of_samples_is_refused():
    with pytest.raises(ValueError, match="samples: expected 50 of them; got 49"):
        of(["frechet"]).scores(images(49))


def test_short_numbers():
    assert [evaluation.short(n) for n in (10_000, 2500, 50)] == ["10k", "2500", "50"]


# ----------------------------------------------------------------------- pairs


def test_pairs_stay_pairs_by_hand():
    """Each sample is its own target but for one level of grey: PSNR is 48.13 dB, for every order."""
    targets = images(30)
    evaluation = Evaluation(["pairs"], Reference(targets, "test"), num_samples=20, paired=True)
    assert evaluation.num_samples == 20 and len(set(evaluation.rows)) == 20
    samples = np.where(targets < 255, targets + 1, 254).astype(np.uint8)[evaluation.rows]
    scores = evaluation.scores(samples)
    assert list(scores) == [f"{part}_pairs_20_vs_test_20" for part in ("l1", "psnr", "ssim")]
    l1, psnr, ssim = scores.values()
    assert l1 == pytest.approx(2 / 255, rel=1e-4) and psnr == pytest.approx(48.13, abs=0.01) and ssim > 0.99
    wrong = evaluation.scores(samples[::-1])
    assert wrong["l1_pairs_20_vs_test_20"] > 10 * l1
    _, spread = evaluation.measure(samples)
    assert spread["psnr_pairs_20_vs_test_20"] == pytest.approx(0, abs=1e-3)


def test_no_more_pairs_than_there_are_real_examples():
    evaluation = Evaluation(["pairs"], Reference(images(12), "test"), num_samples=50, paired=True)
    assert evaluation.num_samples == 12
    with pytest.raises(ValueError, match="metrics: expected a sampler whose samples have targets for pairs"):
        Evaluation(["pairs"], Reference(images(12), "test"), num_samples=12)


def test_what_samples_of_pairs_are_made_of_goes_with_their_targets():
    class Copies:
        def generate(self, n, seed, sampler, images):
            return images[:n]

    targets = images(12)
    evaluation = Evaluation(["pairs"], Reference(targets, "test"), num_samples=9, paired=True)
    samples = evaluation.samples_of(Copies(), {"images": targets})
    np.testing.assert_array_equal(samples, targets[evaluation.rows])
