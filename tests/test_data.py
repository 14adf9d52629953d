"""tfgan.data: facts that one can check by hand, on made-up and on real data."""

import collections
import csv
import itertools
import os
import time
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import tfgan
from tfgan import data, errors
from tfgan.data.storage import allocate

REAL = os.environ.get("TFGAN_TEST_DATA")
needs_real_data = pytest.mark.skipif(
    not REAL, reason="TFGAN_TEST_DATA is unset: no folder with tfds/ and anime_faces/"
)


def take(dataset, count):
    return list(itertools.islice(dataset.as_numpy_iterator(), count))


def numbered(count, condition=None):
    """Records whose example i is a 1x1 image of byte i."""
    images = np.arange(count, dtype=np.uint8).reshape(-1, 1, 1, 1)
    return data.Records(images if condition is None else {"images": images, "condition": condition})


def images_of(source):
    return source.table("images")["images"]


def labels_of(source):
    return source.table("condition")["condition"]


def shape_of(source):
    return source.spec["images"].shape


def classes_of(source):
    return source.spec["condition"].num_classes


def names_of(source):
    return source.spec["condition"].names


def numbers(batches):
    return [int(x) for batch in batches for x in data.to_uint8(batch["images"]).ravel()]


def save(path, size=(8, 6), mode="RGB", value=7, **options):
    """A picture of one value; `size` is (height, width)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    bands = {"L": 1, "RGB": 3, "RGBA": 4, "LA": 2}[mode]
    Image.new(mode, size[::-1], (value,) * bands if bands > 1 else value).save(path, **options)
    return path


def noise(path, size=(32, 32), **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    Image.fromarray(pixels).save(path, **options)
    return path


def cut(path, part=0.5):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    return path


def folder(path, **arguments):
    return data.open_source(f"folder:{path}", **arguments)


def write_tags(path, rows):
    with open(path / "tags.csv", "w", newline="") as file:
        csv.writer(file).writerows(rows)


# Pixels


def test_bytes_survive_both_directions():
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(data.to_uint8(data.from_uint8(levels)), levels)
    np.testing.assert_array_equal(data.to_uint8(data.from_uint8(tf.constant(levels))), levels)


def test_from_uint8_is_linear_onto_minus_one_to_one():
    levels = np.uint8([0, 51, 255])
    for floats in (data.from_uint8(levels), data.from_uint8(tf.constant(levels))):
        np.testing.assert_allclose(floats, [-1.0, -0.6, 1.0], atol=1e-6)
        assert floats.dtype == np.float32


def test_to_uint8_rounds_and_clips():
    floats = np.float32([-1.2, -1.0, 0.6 / 127.5 - 1, 1.0, 1.2])
    for pixels in (data.to_uint8(floats), data.to_uint8(tf.constant(floats))):
        np.testing.assert_array_equal(pixels, [0, 0, 1, 255, 255])
        assert pixels.dtype == np.uint8


def test_pixels_work_inside_tf_data():
    levels = np.arange(256, dtype=np.uint8)
    dataset = tf.data.Dataset.from_tensors(levels).map(data.from_uint8).map(data.to_uint8)
    np.testing.assert_array_equal(take(dataset, 1)[0], levels)


# Images beyond the memory limit


def test_images_beyond_the_memory_limit_lie_in_a_file_and_come_in_the_same_order(tmp_path):
    for i in range(5):
        save(tmp_path / f"{i}.png", value=10 * i)
    held, filed = (folder(tmp_path, memory_limit=limit) for limit in (1.0, 1e-9))
    assert isinstance(images_of(filed).base, np.memmap)
    assert not isinstance(images_of(held).base, np.memmap)
    np.testing.assert_array_equal(images_of(held), images_of(filed))
    assert held.batches(3).element_spec == filed.batches(3).element_spec
    for one, other in zip(take(held.batches(3, seed=2), 7), take(filed.batches(3, seed=2), 7)):
        np.testing.assert_array_equal(one["images"], other["images"])
    for source in (held, filed):
        with pytest.raises(ValueError):
            images_of(source)[0] = 1


def test_a_choice_among_images_in_a_file_stays_in_order(tmp_path):
    for i in range(5):
        save(tmp_path / f"{i}.png", value=10 * i)
    chosen = folder(tmp_path, memory_limit=1e-9)[::-2]
    assert images_of(chosen)[:, 0, 0, 0].tolist() == [40, 20, 0]
    assert sorted(set(numbers(take(chosen.batches(3), 1)))) == [0, 20, 40]


def test_bad_images_leave_no_gap_in_the_file(tmp_path):
    for i in range(5):
        save(tmp_path / f"{i}.png", value=10 * i)
    cut(tmp_path / "1.png")
    with pytest.warns(UserWarning, match="Skipped: 1 of 5"):
        filed = folder(tmp_path, skip_bad_images=True, memory_limit=1e-9)
    assert images_of(filed)[:, 0, 0, 0].tolist() == [0, 20, 30, 40]


def test_no_room_is_an_error_before_anything_is_read(monkeypatch):
    usage = collections.namedtuple("usage", "free")(2**30)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage)
    with pytest.raises(ValueError, match="memory_limit: expected 3 GiB for these images.*1 GiB are"):
        allocate((3, 2**30), memory_limit=2.0)


def test_a_nonsensical_memory_limit_is_refused(tmp_path):
    save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="memory_limit: expected a number > 0"):
        folder(tmp_path, memory_limit=0)


# The order of records


@pytest.mark.parametrize("count, batch_size", [(12, 4), (10, 4), (7, 5), (1, 3), (3, 10), (100, 7)])
def test_every_pass_covers_every_record_once(count, batch_size):
    passes = 3
    steps = -(-count * passes // batch_size)
    seen = numbers(take(numbered(count).batches(batch_size), steps))
    for start in range(0, count * passes, count):
        assert sorted(seen[start : start + count]) == list(range(count))


def test_passes_differ_and_are_unrelated():
    source = data.Records(np.arange(5000, dtype=np.float32)[:, None])
    passes = np.concatenate([batch["images"] for batch in take(source.batches(1000), 20)])
    passes = passes.reshape(4, 5000)
    related = np.corrcoef([*passes, np.arange(5000)]) - np.eye(5)
    assert np.abs(related).max() < 0.1


def test_batches_are_full_and_their_shape_is_known():
    dataset = numbered(10).batches(4)
    assert dataset.element_spec == {"images": tf.TensorSpec([4, 1, 1, 1], tf.float32)}
    assert [len(batch["images"]) for batch in take(dataset, 6)] == [4] * 6
    spec = numbered(10, np.arange(10)).batches(4).element_spec
    assert list(spec) == ["images", "condition"]
    assert spec["images"].shape == [4, 1, 1, 1]
    assert spec["condition"] == tf.TensorSpec([4], tf.int32)


@pytest.mark.parametrize("start_step", [0, 1, 5, 29])
def test_starting_later_equals_skipping(start_step):
    for source in (numbered(10), data.open_source("ring")):
        later = take(source.batches(4, seed=3, start_step=start_step), 6)
        skipped = take(source.batches(4, seed=3).skip(start_step), 6)
        for one, other in zip(later, skipped, strict=True):
            np.testing.assert_array_equal(one["images"], other["images"])


def test_starting_far_away_is_immediate():
    begun = time.monotonic()
    first = take(numbered(10).batches(4, start_step=10**12), 5)
    assert time.monotonic() - begun < 5
    assert sorted(numbers(first)[:10]) == list(range(10))


def test_the_seed_decides_the_order():
    for source in (numbered(200), data.open_source("grid")):
        one, same, other = (
            [batch["images"] for batch in take(source.batches(64, seed=seed), 5)]
            for seed in (1, 1, -2)
        )
        np.testing.assert_array_equal(one, same)
        assert not np.array_equal(one, other)


def test_conditions_stay_with_their_images():
    condition = np.stack([np.arange(50), np.arange(50)[::-1]], axis=1)
    source = numbered(50, condition)
    assert classes_of(source) == (50, 50)
    for batch in take(source.batches(8), 20):
        pair = batch["condition"]
        np.testing.assert_array_equal(data.to_uint8(batch["images"]).ravel(), pair[:, 0])
        np.testing.assert_array_equal(pair.sum(axis=1), 49)
        assert pair.dtype == np.int32


def test_vectors_keep_their_units():
    vectors = np.float32([[1000.0, -3.0], [5.0, 6.0]])
    batch = take(data.Records(vectors).batches(2), 1)[0]["images"]
    np.testing.assert_array_equal(batch[np.argsort(batch[:, 0])], vectors[::-1])


def test_records_tell_what_they_hold():
    images = np.zeros((3, 4, 5, 1), np.uint8)
    source = data.Records(
        {"images": images, "condition": [0, 2, 1]}, names={"condition": [["a", "b", "c"]]}
    )
    assert (len(source), shape_of(source), classes_of(source)) == (3, (4, 5, 1), (3,))
    assert names_of(source) == (("a", "b", "c"),)
    assert images_of(source).dtype == np.uint8 and labels_of(source).dtype == np.int32
    assert source.spec["images"] == data.Part((4, 5, 1), "image")
    assert data.Records(images).spec == {"images": data.Part((4, 5, 1), "image")}
    numbered_classes = data.Records({"images": images, "condition": [0, 2, 1]})
    assert names_of(numbered_classes) == (("0", "1", "2"),)


def test_records_refuse_what_does_not_fit():
    images = np.zeros((3, 4, 4, 1), np.uint8)
    for arrays, words in [
        (images.astype(np.complex64), "complex64"),
        (images[:0], "n >= 1"),
        (images[0], r"\[4, 4, 1\]"),
        ({"images": images, "condition": [0, 1]}, "condition: expected 3 examples, as images has"),
        ({"images": images, "condition": [0.0, 1.0, 2.0]}, "condition: .*integers"),
    ]:
        with pytest.raises(ValueError, match=words):
            data.Records(arrays)
    arrays = {"images": images, "condition": [0, 1, 2]}
    for options, words in [
        ({"names": {"condition": [["a", "b"]]}}, "condition: expected classes below 2; got 2"),
        ({"names": {"condition": [["a", "b", "c"], ["c"]]}}, "names.*1 sequences of names"),
        ({"names": {"labels": [["a"]]}}, "parts: expected one of images, condition; got 'labels'"),
        ({"kinds": {"images": "tokens"}}, "kinds.*image, as the array's type says; got 'tokens'"),
    ]:
        with pytest.raises(ValueError, match=words):
            data.Records(arrays, **options)


@pytest.mark.parametrize(
    "arguments",
    [
        {"batch_size": 0},
        {"batch_size": 2.0},
        {"start_step": -1},
        {"seed": 0.5},
        {"seed": 2**63},
    ],
)
@pytest.mark.parametrize("name", ["digits", "ring"])
def test_arguments_out_of_range_are_refused(name, arguments):
    (argument,) = arguments
    with pytest.raises(ValueError, match=f"^{argument}: expected an integer"):
        data.load(name, **arguments)


# Points


def test_ring_centres():
    half = np.sqrt(0.5)
    quarter = [[1, 0], [half, half], [0, 1], [-half, half]]
    expected = np.concatenate([quarter, -np.array(quarter)])
    np.testing.assert_allclose(data.ring_centres(), expected, atol=1e-15)
    assert data.ring_centres().dtype == np.float64


def test_grid_centres():
    expected = set(itertools.product([-4, -2, 0, 2, 4], repeat=2))
    assert set(map(tuple, data.grid_centres())) == expected
    assert data.grid_centres().shape == (25, 2)


@pytest.mark.parametrize("name, sigma", [("ring", 0.01), ("grid", 0.05)])
def test_mixtures_visit_every_mode_evenly(name, sigma):
    source = data.open_source(name)
    points = take(source.batches(20000), 1)[0]["images"]
    offsets = points[:, None] - source.centres
    mode = np.argmin(np.linalg.norm(offsets, axis=2), axis=1)
    nearest = offsets[np.arange(len(points)), mode]
    assert np.linalg.norm(nearest, axis=1).max() < 6 * sigma
    np.testing.assert_allclose(nearest.std(axis=0), sigma, rtol=0.05)
    share = np.bincount(mode, minlength=len(source.centres)) / len(points)
    np.testing.assert_allclose(share, 1 / len(source.centres), atol=0.012)


def test_gaussian_1d_has_its_moments():
    source = data.open_source("gaussian_1d")
    points = take(source.batches(50000), 1)[0]["images"]
    assert (points.shape, points.dtype, shape_of(source)) == ((50000, 1), np.float32, (1,))
    assert abs(points.mean() - 4) < 0.03 and abs(points.std() - 1.25) < 0.03


def test_bimodal_1d_has_its_moments():
    """Mean 0.3 * 4, variance 1 + 0.7 * 0.3 * 4^2."""
    points = take(data.open_source("bimodal_1d").batches(50000), 1)[0]["images"]
    assert points.shape == (50000, 1)
    assert abs(points.mean() - 1.2) < 0.03 and abs(points.std() - np.sqrt(4.36)) < 0.03


def test_points_never_repeat_and_have_no_classes():
    source = data.open_source("ring")
    points = np.concatenate([batch["images"] for batch in take(source.batches(500), 4)])
    assert len(np.unique(points, axis=0)) == 2000
    assert source.spec == {"images": data.Part((2,), "points")}
    assert (source.spec["images"].num_classes, source.spec["images"].names) == ((), ())
    with pytest.raises(ValueError, match="table: expected a source of finitely many"):
        source.table()


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"split": "test"}, "split: expected one of train; got 'test'"),
        ({"split": "train[:5]"}, "split"),
        ({"image_size": 32}, "image_size: expected None"),
        ({"condition": True}, "condition: expected False"),
    ],
)
def test_points_refuse_what_images_have(arguments, words):
    with pytest.raises(ValueError, match=words):
        data.load("ring", **arguments)


# Digits


def test_digits():
    source = data.open_source("digits", condition=True)
    assert (len(source), shape_of(source), classes_of(source)) == (1797, (32, 32, 1), (10,))
    assert names_of(source) == (tuple("0123456789"),)
    assert (images_of(source).min(), images_of(source).max()) == (0, 255)
    batch = take(source.batches(1797), 1)[0]
    assert collections.Counter(batch["condition"]) == collections.Counter(labels_of(source))
    named = data.open_source("digits", condition="label")
    np.testing.assert_array_equal(labels_of(named), labels_of(source))


@pytest.mark.parametrize("image_size, shape", [(8, (8, 8, 1)), ((16, 24), (16, 24, 1))])
def test_digits_come_in_any_size(image_size, shape):
    source = data.open_source("digits", "train[:20]", image_size=image_size)
    assert (len(source), shape_of(source)) == (20, shape)


def test_digits_of_their_own_size_are_the_originals_with_a_margin():
    from sklearn.datasets import load_digits

    images = images_of(data.open_source("digits", image_size=10))[..., 0]
    originals = np.round(load_digits().images * 255 / 16)
    np.testing.assert_array_equal(images, np.pad(originals, [(0, 0), (1, 1), (1, 1)]))


def test_split_expressions():
    whole = images_of(data.open_source("digits", image_size=10))
    for split, rows in [
        ("train[:10]", whole[:10]),
        ("train[-7:]", whole[-7:]),
        ("train[50%:]", whole[898:]),
        ("train[5:7]+train[:2]", whole[[5, 6, 0, 1]]),
    ]:
        images = images_of(data.open_source("digits", split, image_size=10))
        np.testing.assert_array_equal(images, rows)


@pytest.mark.parametrize(
    "split, words",
    [
        ("tset", "split: expected one of train; got 'tset'"),
        ("train+test", "got 'test'"),
        ("train[5:5]", "at least one example"),
        ("train[:2000]", "within train of 1797"),
        ("train[a:b]", "an expression such as"),
        ("train[:1shard]", "an expression such as"),
        ("", "one of train"),
    ],
)
def test_bad_splits_are_refused(split, words):
    with pytest.raises(ValueError, match=words):
        data.open_source("digits", split)


@pytest.mark.parametrize("image_size", [0, -3, 2.5, "32", (8,), (8, 0), (8, 8, 1), True])
def test_bad_sizes_are_refused(image_size):
    with pytest.raises(ValueError, match="^image_size: expected a positive"):
        data.open_source("digits", image_size=image_size)


@pytest.mark.parametrize(
    "condition, words", [("hair", "one of label"), (3, "sequence"), ((1,), "sequence")]
)
def test_bad_conditions_are_refused(condition, words):
    with pytest.raises(ValueError, match=f"^condition: expected .*{words}"):
        data.open_source("digits", condition=condition)


# Folders


def test_folder_is_read_in_the_order_of_its_paths(tmp_path):
    for number, name in enumerate(["a.png", "b/a.bmp", "b/c/d.bmp", "c.PNG"]):
        save(tmp_path / name, mode="L", value=number * 10)
    save(tmp_path / ".hidden.png")
    save(tmp_path / ".cache" / "x.png")
    source = folder(tmp_path)
    assert shape_of(source) == (8, 6, 1) and source.skipped == 0
    np.testing.assert_array_equal(images_of(source)[:, 0, 0, 0], [0, 10, 20, 30])


@pytest.mark.parametrize(
    "modes, channels",
    [
        (["L", "L"], 1),
        (["L", "RGB"], 3),
        (["RGBA", "LA"], 4),
        (["RGBA", "RGB"], 3),
        (["L", "LA"], 3),
    ],
)
def test_channels_follow_from_all_files(tmp_path, modes, channels):
    for number, mode in enumerate(modes):
        save(tmp_path / f"{number}.png", mode=mode, value=50)
    source = folder(tmp_path)
    assert shape_of(source) == (8, 6, channels)
    np.testing.assert_array_equal(images_of(source), 50)


def test_palettes_are_colour_and_may_be_transparent(tmp_path):
    picture = Image.new("P", (4, 4), 0)
    picture.putpalette([10, 20, 30])
    picture.save(tmp_path / "a.png")
    np.testing.assert_array_equal(images_of(folder(tmp_path))[0, 0, 0], [10, 20, 30])
    picture.save(tmp_path / "a.png", transparency=0)
    np.testing.assert_array_equal(images_of(folder(tmp_path))[0, 0, 0], [10, 20, 30, 0])


def test_sixteen_bits_are_scaled_not_clipped(tmp_path):
    levels = np.uint16([[0, 257, 32768, 65535]])
    Image.fromarray(levels).save(tmp_path / "deep.png")
    np.testing.assert_array_equal(images_of(folder(tmp_path)).ravel(), [0, 1, 128, 255])


def test_mixed_sizes_are_scaled_and_cut_to_the_centre(tmp_path):
    wide = np.zeros((8, 24, 3), np.uint8)
    wide[:, 8:16] = 200
    Image.fromarray(wide).save(tmp_path / "a.png")
    Image.fromarray(wide.transpose(1, 0, 2)).save(tmp_path / "b.png")
    source = folder(tmp_path, image_size=8)
    np.testing.assert_array_equal(images_of(source), 200)
    assert shape_of(folder(tmp_path, image_size=4)) == (4, 4, 3)
    assert shape_of(folder(tmp_path, image_size=(4, 6))) == (4, 6, 3)


def test_scaling_down_averages(tmp_path):
    board = np.indices((32, 32)).sum(axis=0) % 2 * 255
    Image.fromarray(board.astype(np.uint8)).save(tmp_path / "a.png")
    np.testing.assert_allclose(images_of(folder(tmp_path, image_size=4)), 127.5, atol=15)


def test_exif_orientation_is_applied(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    save(tmp_path / "a.jpg", size=(8, 16), exif=exif)
    assert shape_of(folder(tmp_path)) == (16, 8, 3)


def test_sizes_that_differ_need_an_image_size(tmp_path):
    save(tmp_path / "a.png", size=(8, 8))
    save(tmp_path / "b.png", size=(8, 9))
    with pytest.raises(ValueError, match=r"image_size: expected a size.*8x8 and .*b\.png of 8x9"):
        folder(tmp_path)


def test_subfolders_are_the_label(tmp_path):
    for number, name in enumerate(["dog/a.png", "cat/b.png", "cat/deep/c.png"]):
        save(tmp_path / name, mode="L", value=number)
    source = folder(tmp_path, condition=True)
    assert names_of(source) == (("cat", "dog"),) and classes_of(source) == (2,)
    values = images_of(source)[:, 0, 0, 0]
    assert dict(zip(values, labels_of(source))) == {0: 1, 1: 0, 2: 0}
    named = folder(tmp_path, condition=("label",))
    np.testing.assert_array_equal(labels_of(named), labels_of(source))


def test_split_folders(tmp_path):
    for name in ["train/cat/a.png", "train/dog/b.png", "train/dog/c.png", "test/dog/d.png"]:
        save(tmp_path / name)
    assert len(folder(tmp_path)) == 3
    assert len(folder(tmp_path, split="train[1:]+test")) == 3
    test = folder(tmp_path, split="test", condition=True)
    assert names_of(test) == (("cat", "dog"),) and list(labels_of(test)) == [1]
    words = "split: expected one of train, test; got 'tests'. Did you mean 'test'"
    with pytest.raises(ValueError, match=words):
        folder(tmp_path, split="tests")


def test_train_is_everything_without_split_folders(tmp_path):
    for name in ["a.png", "b/c.png"]:
        save(tmp_path / name)
    assert len(folder(tmp_path)) == 2


def test_labels_need_subfolders(tmp_path):
    save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="condition: expected False, because .* has no labels"):
        folder(tmp_path, condition=True)
    save(tmp_path / "cat" / "b.png")
    with pytest.raises(ValueError, match=r"every image in the subfolder .*\(cat\); got 'a.png'"):
        folder(tmp_path, condition=True)


def tagged(tmp_path):
    for number in range(4):
        save(tmp_path / "images" / f"{number}.png", mode="L", value=number)
    rows = [["file", "hair", "eyes"]]
    rows += [[f"images/{n}.png", ["red", "blue"][n % 2], str(n)] for n in (2, 0, 3, 1)]
    write_tags(tmp_path, rows)
    return rows


def test_tags_give_conditions(tmp_path):
    tagged(tmp_path)
    source = folder(tmp_path, condition=("hair", "eyes"))
    assert names_of(source) == (("blue", "red"), ("0", "1", "2", "3"))
    np.testing.assert_array_equal(labels_of(source), [[1, 0], [0, 1], [1, 2], [0, 3]])
    np.testing.assert_array_equal(labels_of(folder(tmp_path, condition="hair")), [1, 0, 1, 0])
    part = folder(tmp_path, split="train[:1]", condition=("eyes",))
    assert classes_of(part) == (4,)
    for batch in take(source.batches(3), 5):
        levels = data.to_uint8(batch["images"])[:, 0, 0, 0]
        np.testing.assert_array_equal(levels, batch["condition"][:, 1])


def test_bad_tags_are_refused(tmp_path):
    rows = tagged(tmp_path)
    with pytest.raises(ValueError, match=r"condition: expected .*\(hair, eyes, label\); got True"):
        folder(tmp_path, condition=True)
    words = "condition: expected one of hair, eyes, label; got 'hare'"
    with pytest.raises(ValueError, match=words):
        folder(tmp_path, condition=("hare",))
    for broken, error, words in [
        ([*rows, ["images/9.png", "red", "1"]], FileNotFoundError, "tags.csv, file images/9.png"),
        ([*rows, ["images/1.png", "red", "1"]], ValueError, "one row per file"),
        ([*rows[:-1], ["images/1.png", "red"]], ValueError, "expected 3 values"),
        (rows[:-1], ValueError, "a row for every image; got 'none for images/1.png'"),
        ([["path", "hair"]], ValueError, "a first column named file"),
        ([[*rows[0], "hair"], *rows[1:]], ValueError, "columns of different names"),
        ([], ValueError, "a first column named file"),
    ]:
        write_tags(tmp_path, broken)
        with pytest.raises(error, match=words):
            folder(tmp_path, condition="hair")
    (tmp_path / "tags.csv").write_bytes("file,hair".encode("utf-16"))
    with pytest.raises(ValueError, match="tags.csv: expected a table in UTF-8, separated by commas"):
        folder(tmp_path, condition="hair")


def test_missing_and_empty_folders(tmp_path):
    for path in (tmp_path / "nowhere", ""):
        with pytest.raises(FileNotFoundError, match="name: expected folder:PATH"):
            folder(path)
    with pytest.raises(FileNotFoundError, match="name: expected a folder with images"):
        folder(tmp_path)
    save(tmp_path / "a.png")
    (tmp_path / "test").mkdir()
    with pytest.warns(UserWarning, match=r"without images: 1 \(test\)"):
        with pytest.raises(ValueError, match="split: expected at least one example"):
            folder(tmp_path, split="test")


def bad_images(path):
    """One image of every kind that must not be read, and what its error says."""
    text = path / "text.png"
    text.write_text("not an image")
    yield text, "a header that is no image's"
    (path / "empty.png").touch()
    yield path / "empty.png", "a header that is no image's"
    for name in ["cut.png", "cut.jpg", "cut.bmp", "cut.gif", "cut.webp"]:
        yield cut(noise(path / name)), ""
    yield cut(noise(path / "late.png"), 0.95), ""


def test_every_bad_image_is_named(tmp_path):
    for path, words in bad_images(tmp_path):
        with pytest.raises(ValueError, match=f"{path.name}: expected a complete image.*{words}"):
            folder(tmp_path)
        path.unlink()


def test_bad_images_can_be_skipped_with_a_warning(tmp_path):
    bad = [path for path, _ in bad_images(tmp_path)]
    for name, value in [("a.png", 1), ("m.png", 2), ("z.png", 3)]:
        save(tmp_path / name, size=(32, 32), value=value)
    write_tags(tmp_path, [["file", "k"], *([p.name, p.stem] for p in tmp_path.glob("*.*"))])
    with pytest.warns(UserWarning, match=f"{len(bad)} of {len(bad) + 3} images are bad.*png"):
        source = folder(tmp_path, skip_bad_images=True, condition="k")
    assert (len(source), source.skipped) == (3, len(bad))
    np.testing.assert_array_equal(images_of(source)[:, 0, 0, 0], [1, 2, 3])
    assert [names_of(source)[0][code] for code in labels_of(source)] == ["a", "m", "z"]


def test_nothing_left_after_skipping(tmp_path):
    cut(noise(tmp_path / "a.png"))
    with pytest.raises(ValueError, match="at least one good image"):
        folder(tmp_path, skip_bad_images=True)
    save(tmp_path / "a.png", size=(8, 8))
    with pytest.raises(ValueError, match="at least one good image"):
        folder(tmp_path, skip_bad_images=True, image_size=9)


def test_small_images_are_named_or_skipped(tmp_path):
    save(tmp_path / "big.png", size=(16, 16))
    save(tmp_path / "small.png", size=(16, 15))
    with pytest.raises(ValueError, match=r"at most 16x15, the size of .*small\.png.*got '16x16'"):
        folder(tmp_path, image_size=16)
    with pytest.warns(UserWarning, match="1 of 2 images are bad"):
        assert len(folder(tmp_path, image_size=16, skip_bad_images=True)) == 1


def test_huge_images_are_refused_by_their_header(tmp_path, monkeypatch):
    save(tmp_path / "a.png", size=(10, 11))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.warns(Image.DecompressionBombWarning):
        with pytest.raises(ValueError, match=r"a\.png.*at most 100; got 110"):
            folder(tmp_path)


def test_a_folder_without_its_prefix_is_recognised(tmp_path):
    with pytest.raises(ValueError, match=f"expected 'folder:{tmp_path}'"):
        data.open_source(str(tmp_path))


# TFDS


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A TFDS data set of 12 images: all 4x4 in `train`, of several sizes in `mixed`."""
    import tensorflow_datasets as tfds

    path = tmp_path_factory.mktemp("tfds")
    for name, sizes in [("tiny_even", [(4, 4)] * 12), ("tiny_mixed", [(4, 6), (8, 4), (5, 5)])]:
        even = len(set(sizes)) == 1
        features = tfds.features.FeaturesDict(
            {
                "image": tfds.features.Image(shape=(4, 4, 3) if even else (None, None, 3)),
                "label": tfds.features.ClassLabel(names=["x", "y", "z"]),
                "mood": tfds.features.ClassLabel(num_classes=4),
                "note": tfds.features.Text(),
            }
        )
        examples = [
            {"image": np.full((*size, 3), n, np.uint8), "label": n % 3, "mood": n % 4, "note": "n"}
            for n, size in enumerate(sizes)
        ]
        dataset = tf.data.Dataset.from_generator(
            lambda examples=examples: examples,
            output_signature={
                "image": tf.TensorSpec([None, None, 3], tf.uint8),
                "label": tf.TensorSpec([], tf.int64),
                "mood": tf.TensorSpec([], tf.int64),
                "note": tf.TensorSpec([], tf.string),
            },
        )
        tfds.dataset_builders.store_as_tfds_dataset(
            name=name,
            version="1.0.0",
            features=features,
            split_datasets={"train": dataset.take(12), "test": dataset.take(2)},
            data_dir=path,
            disable_shuffling=True,
        )
    return path


def test_tfds_sets_are_read_in_order(tiny):
    source = data.open_source("tiny_even", data_dir=tiny, condition=("label", "mood"))
    assert (len(source), shape_of(source), classes_of(source)) == (12, (4, 4, 3), (3, 4))
    assert names_of(source)[0] == ("x", "y", "z")
    np.testing.assert_array_equal(images_of(source)[:, 0, 0, 0], np.arange(12))
    np.testing.assert_array_equal(labels_of(source), [[n % 3, n % 4] for n in range(12)])
    part = data.open_source("tiny_even:1.0.0", "train[10:]+test", data_dir=tiny, condition=True)
    np.testing.assert_array_equal(images_of(part)[:, 0, 0, 0], [10, 11, 0, 1])
    np.testing.assert_array_equal(labels_of(part), [1, 2, 0, 1])


def test_tfds_images_are_brought_to_one_size(tiny):
    assert shape_of(data.open_source("tiny_even", data_dir=tiny, image_size=(2, 3))) == (2, 3, 3)
    mixed = data.open_source("tiny_mixed", data_dir=tiny, image_size=4)
    assert shape_of(mixed) == (4, 4, 3)
    np.testing.assert_array_equal(images_of(mixed).reshape(3, -1).T, [[0, 1, 2]] * 48)
    with pytest.raises(ValueError, match="image_size: expected a size.*4x6 and number 1 of 8x4"):
        data.open_source("tiny_mixed", data_dir=tiny)
    with pytest.raises(ValueError, match="at most 4x6, the size of tiny_mixed's image 0"):
        data.open_source("tiny_mixed", data_dir=tiny, image_size=5)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"split": "tset"}, "split: expected one of train, test; got 'tset'. Did you mean 'test'"),
        ({"split": "train[:13]"}, "within train of 12"),
        ({"condition": "hair"}, "condition: expected one of label, mood; got 'hair'"),
        ({"image_size": 5}, "image_size: expected at most 4x4, the size of tiny_even"),
    ],
)
def test_tfds_sets_refuse_what_they_do_not_have(tiny, arguments, words):
    with pytest.raises(ValueError, match=words):
        data.load("tiny_even", data_dir=tiny, **arguments)


def test_absent_data_are_said_to_be_absent_at_once(tmp_path):
    begun = time.monotonic()
    words = r"data_dir: .*mnist/3.*download=True.*got '.*'$"
    with pytest.raises(FileNotFoundError, match=words) as raised:
        data.load("mnist", data_dir=tmp_path)
    assert str(tmp_path) in str(raised.value) and "\n" not in str(raised.value)
    assert time.monotonic() - begun < 5
    assert not list(tmp_path.iterdir())


def test_an_unknown_version_is_refused(tmp_path):
    with pytest.raises(ValueError, match="name: expected a configuration and version"):
        data.load("mnist:9.9.9", data_dir=tmp_path)


@pytest.mark.parametrize(
    "name, close",
    [("mnst", "mnist"), ("digit", "digits"), ("rign", "ring"), ("cifar_10", "cifar10")],
)
def test_an_unknown_name_is_told_the_closest(name, close):
    with pytest.raises(ValueError, match=f"digits, ring, .*Did you mean '{close}'") as raised:
        data.load(name)
    assert len(str(raised.value)) < 250


# Errors


def test_errors_have_three_beats():
    table = {"hinge": 1, "least_squares": 2}
    assert str(errors.invalid("n", "an integer >= 1", 0)) == "n: expected an integer >= 1; got 0"
    assert str(errors.unknown("loss", "hings", table)) == (
        "loss: expected one of hinge, least_squares; got 'hings'. Did you mean 'hinge'?"
    )
    assert errors.lookup("loss", "hinge", table) == 1
    for name in ("zzz", ["hinge"], None):
        with pytest.raises(ValueError, match="^loss: expected one of hinge, least_squares; got"):
            errors.lookup("loss", name, table)
    assert isinstance(errors.missing("f", "a file", "x"), FileNotFoundError)


def test_the_table_holds_what_the_docstring_says():
    expected = ["digits", "ring", "grid", "gaussian_1d", "bimodal_1d", "stacked_mnist"]
    assert list(tfgan.data.DATASETS) == expected


# Real data


def tfds_folder():
    return Path(REAL) / "tfds"


@needs_real_data
def test_mnist():
    source = data.open_source("mnist", data_dir=tfds_folder(), condition=True)
    assert (len(source), shape_of(source), classes_of(source)) == (60000, (28, 28, 1), (10,))
    assert np.bincount(labels_of(source)).tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949
    ]
    with pytest.raises(ValueError, match="image_size: expected at most 28x28, the size of mnist"):
        data.open_source("mnist", data_dir=tfds_folder(), image_size=32)


@needs_real_data
def test_cifar10():
    source = data.open_source("cifar10", "train[:2000]+test[:500]", data_dir=tfds_folder())
    assert (len(source), source.spec) == (2500, {"images": data.Part((32, 32, 3), "image")})
    batch = take(source.batches(64), 1)[0]["images"]
    assert batch.shape == (64, 32, 32, 3) and -1 <= batch.min() < batch.max() <= 1


@needs_real_data
def test_anime_faces():
    path = Path(REAL) / "anime_faces"
    source = folder(path, split="train[:500]", condition=("hair", "eyes"), image_size=32)
    assert (len(source), shape_of(source), classes_of(source)) == (500, (32, 32, 3), (12, 11))
