"""tfgan.data's sources: their contract, what is derived from them, pairs and labels of folders."""

import csv
import itertools
import os
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tfgan import data
from tfgan.data import Part, Records, zipped
from tfgan.data.augment import flip, jitter_crop, shift

REAL = os.environ.get("TFGAN_TEST_DATA")
needs_real_data = pytest.mark.skipif(
    not REAL, reason="TFGAN_TEST_DATA is unset: no folder with camvid/, anime_faces/ and tfds/"
)


def take(source, count, size=4, seed=0, start_step=0):
    batches = source.batches(size, seed=seed, start_step=start_step)
    return list(itertools.islice(batches.as_numpy_iterator(), count))


def assert_same(batches, others):
    for one, other in zip(batches, others, strict=True):
        assert list(one) == list(other)
        for name in one:
            np.testing.assert_array_equal(one[name], other[name])


def numbered(count=12, size=2, labels=None, **options):
    """Records whose image i is all i."""
    images = np.tile(np.arange(count, dtype=np.uint8)[:, None, None, None], [1, size, size, 1])
    return Records(images if labels is None else {"images": images, "condition": labels}, **options)


def noise(count=6, **sizes):
    """Records of random images: of every part `name=(height, width)`, of one example the same."""
    rng = np.random.default_rng(0)
    return Records(
        {name: rng.integers(0, 256, (count, *size, 3), np.uint8) for name, size in sizes.items()}
    )


def numbers(images):
    """The numbers of `numbered` images."""
    return [int(x) for x in data.to_uint8(images)[:, 0, 0, 0]]


def stored(source):
    return source.table("images")["images"][:, 0, 0, 0].tolist()


def save(path, value=7, size=(8, 6), mode="RGB"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size[::-1], (value,) * 3 if mode == "RGB" else value).save(path)


def write_tags(path, rows):
    with open(path / "tags.csv", "w", newline="") as file:
        csv.writer(file).writerows(rows)


# The contract


def test_a_batch_is_a_function_of_seed_and_step():
    half = lambda parts, random: {"low": parts["images"][:, ::2, ::2]}
    for source, seed in [
        (numbered(labels=np.arange(12) % 3), 0),
        (data.open_source("ring"), 2**40),
        (numbered().mapped(half).augmented(flip), 1),
        (zipped(a=numbered().augmented(flip), b=numbered(7)), -5),
        (zipped(a=numbered().augmented(flip), b=numbered(7)), 2**40),
    ]:
        batches = take(source, 7, seed=seed)
        assert_same(take(source, 2, seed=seed), batches[:2])
        assert_same(take(source, 2, seed=seed, start_step=5), batches[5:])
        for name, part in source.spec.items():
            assert batches[0][name].shape == (4, *part.shape)
            assert batches[0][name].dtype == part.dtype


def test_only_keeps_some_parts_in_an_order():
    source = numbered(labels=np.arange(12))
    swapped = source.only("condition", "images")
    assert list(swapped.spec) == ["condition", "images"] and len(swapped) == 12
    for batch in take(swapped, 3):
        assert list(batch) == ["condition", "images"]
        assert batch["condition"].tolist() == numbers(batch["images"])
    assert list(take(source.only("condition"), 1)[0]) == ["condition"]
    words = "parts: expected one of images, condition; got 'image'. Did you mean 'images'"
    with pytest.raises(ValueError, match=words):
        source.only("image")


def test_a_table_holds_all_examples_in_stored_order():
    source = numbered(labels=np.arange(12)[::-1])
    table = source.table()
    assert list(table) == ["images", "condition"] and table["images"].dtype == np.uint8
    assert stored(source) == list(range(12))
    assert source.table("condition")["condition"].tolist() == list(range(12))[::-1]
    with pytest.raises(ValueError, match="parts: expected one of images, condition"):
        source.table("labels")


# Computed parts


def test_low_resolution_is_the_mean_of_four_pixels():
    images = 4 * np.arange(32, dtype=np.uint8).reshape(2, 4, 4, 1)
    shrink = lambda parts, random: {"low": tf.nn.avg_pool2d(parts["images"], 2, 2, "VALID")}
    source = Records(images).mapped(shrink)
    assert source.spec == {"images": Part((4, 4, 1), "image"), "low": Part((2, 2, 1), "image")}
    expected = images.reshape(2, 2, 2, 2, 2).mean(axis=(2, 4))[..., None]
    np.testing.assert_allclose(source.take([0, 1])["low"], expected / 127.5 - 1, atol=1e-6)
    np.testing.assert_array_equal(source.table()["low"], expected)
    batch = take(source, 1, size=2)[0]
    np.testing.assert_allclose(
        batch["low"], batch["images"].reshape(2, 2, 2, 2, 2).mean(axis=(2, 4))[..., None], atol=1e-6
    )


def test_mapped_parts_know_their_kind():
    source = numbered(labels=np.arange(12) % 3, names={"condition": "abc"})
    made = source.mapped(
        lambda parts, random: {
            "points": tf.reshape(parts["images"], [-1, 4]),
            "odd": parts["condition"] % 2,
            "condition": 2 - parts["condition"],
            "images": tf.image.resize(parts["images"], [4, 4]),
            "mask": tf.one_hot(parts["condition"], 3),
        },
        spec={"mask": Part((3,), "tags", ("x", "y", "z"))},
    )
    assert made.spec == {
        "images": Part((4, 4, 1), "image"),
        "condition": Part((), "classes", (("a", "b", "c"),)),
        "points": Part((4,), "points"),
        "odd": Part((), "classes"),
        "mask": Part((3,), "tags", ("x", "y", "z")),
    }
    table = made.table("mask", "condition", "odd")
    assert table["condition"].tolist() == [2, 1, 0] * 4 and table["odd"].tolist() == [0, 1, 0] * 4
    np.testing.assert_array_equal(table["mask"], np.tile(np.eye(3), [4, 1]))
    assert made.aligned() and len(made) == 12


@pytest.mark.parametrize(
    "function, words",
    [
        (lambda parts, random: parts["images"], "mapped: expected functions that return a dict"),
        (lambda parts, random: {}, "at least one part"),
        (lambda parts, random: {"x": parts["images"] > 0}, "x: expected floats .*; got 'bool"),
        (lambda parts, random: {"x": parts["images"][..., 0]}, r"x: expected .*float32 \[2, 2, 2\]"),
        (lambda parts, random: {"x": tf.reduce_mean(parts["images"])}, r"first axis of x; got \[\]"),
        (lambda parts, random: {"x": parts["images"][:1]}, r"keep the batch, .*got \[1, 2, 2, 1\]"),
    ],
)
def test_what_is_no_part_is_refused(function, words):
    with pytest.raises(ValueError, match=words):
        numbered().mapped(function)


def test_a_part_that_is_stated_fits_what_is_made():
    double = lambda parts, random: {"x": tf.concat([parts["images"]] * 2, axis=1)}
    for part, words in [
        ("image", "a Part of a kind among image, points"),
        (Part((4, 2, 1), "picture"), "a Part of a kind among image, points"),
        (Part((2, 2, 1), "image"), r"shape \(4, 2, 1\), as is made; got \(2, 2, 1\)"),
    ]:
        with pytest.raises(ValueError, match=rf"spec\['x'\]: expected {words}"):
            numbered().mapped(double, spec={"x": part})


def test_noise_of_a_mapped_part_differs_by_seed_step_row_and_function():
    draw = lambda name: lambda parts, random: {name: random.normal([parts["images"].shape[0], 1])}
    source = numbered().mapped(draw("x")).mapped(draw("y"))
    batches = [batch for seed in (0, 1) for batch in take(source, 3, seed=seed)]
    values = np.concatenate([batch[name] for batch in batches for name in ("x", "y")])
    assert len(np.unique(values)) == 2 * 3 * 4 * 2
    assert_same([source.table()], [source.table()])
    assert len(np.unique(source.table()["x"])) == 12


# Augmentation


def test_flip_mirrors_every_part_of_an_example_alike():
    source = noise(inputs=(4, 6), targets=(2, 3))
    plain, flipped = (take(x, 20, size=6) for x in (source, source.augmented(flip)))
    seen = []
    for one, other in zip(plain, flipped):
        for row in range(6):
            mirrored = not np.array_equal(one["inputs"][row], other["inputs"][row])
            seen.append(mirrored)
            step = -1 if mirrored else 1
            for name in ("inputs", "targets"):
                np.testing.assert_array_equal(one[name][row][:, ::step], other[name][row])
    assert 40 < sum(seen) < 80
    assert_same([source.table()], [source.augmented(flip).table()])
    assert_same([source.augmented(flip).take([1])], [source.take([1])])


def test_jitter_and_crop_shifts_every_part_of_an_example_alike():
    # Slopes along both axes, so that every place of the cut shows.
    ramp = np.add.outer(8 * np.arange(8), np.arange(8)).astype(np.uint8)
    images = np.tile(ramp[None, :, :, None], [64, 1, 1, 1])
    batch = take(Records({"a": images, "b": images}).augmented(jitter_crop), 1, size=64)[0]
    assert batch["a"].shape == (64, 8, 8, 1)
    np.testing.assert_array_equal(batch["a"], batch["b"])
    shown = Records(images).augmented(lambda parts, random: jitter_crop(parts, random, margin=2))
    large = tf.image.resize(data.from_uint8(images[:1]), [10, 10])[0].numpy()
    places = set()
    for image in take(shown, 1, size=64)[0]["images"]:
        found = [
            (y, x)
            for y, x in itertools.product(range(3), repeat=2)
            if np.array_equal(large[y : y + 8, x : x + 8], image)
        ]
        assert len(found) == 1
        places.update(found)
    assert len(places) == 9


def test_parts_of_several_sizes_are_cut_at_the_same_place():
    # Black and white halves: where the edge lies tells the place, in either size.
    small, large = (np.zeros((32, side, side, 1), np.uint8) for side in (8, 16))
    small[:, :, 4:], large[:, :, 8:] = 255, 255
    source = Records({"low": small, "high": large})
    crop = lambda parts, random: jitter_crop(parts, random, 4)
    batch = take(source.augmented(crop), 1, size=32)[0]
    edges = {name: (batch[name][:, 0, :, 0] > 0).sum(axis=1) for name in batch}
    np.testing.assert_array_equal(2 * edges["low"], edges["high"])
    assert len(set(edges["low"])) == 5
    with pytest.raises(ValueError, match="jitter_crop: expected high of a multiple of 8x8 pixels"):
        Records({"low": small, "high": large[:, :12, :12]}).augmented(crop)


def test_a_shift_moves_every_pixel_and_mirrors_the_border():
    images = np.arange(25, dtype=np.uint8).reshape(1, 5, 5, 1).repeat(64, axis=0)
    source = Records(images).augmented(lambda parts, random: shift(parts, random, 1))
    bordered = np.pad(images[0, :, :, 0], 1, mode="reflect")
    windows = {
        bordered[y : y + 5, x : x + 5].tobytes() for y, x in itertools.product(range(3), repeat=2)
    }
    found = np.asarray(data.to_uint8(take(source, 1, size=64)[0]["images"]))[..., 0]
    assert {image.tobytes() for image in found} == windows
    with pytest.raises(ValueError, match="most: expected a shift of fewer than 5 pixels; got 5"):
        Records(images).augmented(lambda parts, random: shift(parts, random, 5))


def test_augmentation_keeps_the_parts():
    for function, words in [
        (lambda parts, random: {"images": parts["images"]}, "the same parts"),
        (lambda parts, random: parts | {"images": parts["images"][:, :1]}, "the same parts"),
        (lambda parts, random: parts["images"], "a dict of parts"),
    ]:
        with pytest.raises(ValueError, match=f"augmented: expected .*{words}"):
            numbered(labels=np.arange(12)).augmented(function)
    with pytest.raises(ValueError, match="flip: expected at least one part that is an image"):
        data.open_source("ring").augmented(flip)


# Several sources


def test_zipped_sources_of_one_length_are_in_different_orders():
    source = zipped(a=numbered(40), b=numbered(40), c=numbered(40))
    assert source.spec == {name: Part((2, 2, 1), "image") for name in "abc"}
    batches = take(source, 10)
    orders = {name: [x for batch in batches for x in numbers(batch[name])] for name in "abc"}
    for one, other in itertools.combinations(orders.values(), 2):
        assert sorted(one) == sorted(other) == list(range(40))
        assert sum(x == y for x, y in zip(one, other)) < 8
    assert orders["a"] == [x for batch in take(numbered(40), 10) for x in numbers(batch["images"])]


def test_sources_zipped_twice_are_in_different_orders_too():
    inner = zipped(a=numbered(40), b=numbered(40))
    for source in (zipped(x=inner, c=numbered(40)), zipped(c=numbered(40), x=inner)):
        (batch,) = take(source, 1, size=40)
        assert set(batch) == {"x_a", "x_b", "c"}
        for one, other in itertools.combinations(batch, 2):
            assert numbers(batch[one]) != numbers(batch[other])


def test_labelled_beside_unlabelled_and_what_belongs_together():
    labelled = numbered(12, labels=np.arange(12))
    source = zipped(labelled=labelled, unlabelled=numbered(50))
    assert list(source.spec) == ["labelled_images", "labelled_condition", "unlabelled"]
    for batch in take(source, 3):
        assert numbers(batch["labelled_images"]) == batch["labelled_condition"].tolist()
    assert source.aligned("labelled_images", "labelled_condition") and source.aligned("unlabelled")
    assert not source.aligned() and not source.aligned("labelled_images", "unlabelled")
    table = source.table("labelled_condition", "labelled_images")
    assert list(table) == ["labelled_condition", "labelled_images"]
    assert table["labelled_condition"].tolist() == table["labelled_images"][:, 0, 0, 0].tolist()
    assert source.table("unlabelled")["unlabelled"].shape == (50, 2, 2, 1)
    with pytest.raises(ValueError, match="table: expected parts that belong to one example"):
        source.table()
    mixed = source.mapped(lambda parts, random: {"x": parts["unlabelled"]})
    assert mixed.aligned("x") and not mixed.aligned("x", "unlabelled")
    assert mixed.aligned("labelled_images", "labelled_condition")


def test_what_cannot_be_zipped_is_refused():
    pair = numbered(labels=np.arange(12))
    for sources, words in [
        ({}, "zipped: expected at least one"),
        ({"a": 3}, "a: expected a source; got 'int'"),
        ({"a": pair, "a_images": numbered()}, "a_images: expected parts of other names"),
    ]:
        with pytest.raises(ValueError, match=words):
            zipped(**sources)


# Choices


def test_per_class_takes_the_first_of_each_class():
    source = numbered(12, labels=[0, 0, 0, 2, 1, 1, 0, 2, 1, 2, 2, 2])
    assert stored(source.subset(per_class=2)) == [0, 1, 3, 4, 5, 7]
    with pytest.raises(ValueError, match="per_class: expected at least 5 examples of each class; got"):
        source.subset(per_class=5)
    assert stored(source[::2].subset(per_class=1)) == [0, 4, 10]
    drawn = [stored(source.subset(per_class=2, draw=seed)) for seed in range(4)]
    assert len(set(map(tuple, drawn))) > 1
    assert all(np.bincount(np.array([0, 0, 0, 2, 1, 1, 0, 2, 1, 2, 2, 2])[rows]).tolist() == [2] * 3
               for rows in drawn)  # fmt: skip
    with pytest.raises(ValueError, match="draw: expected none without per_class"):
        source.subset(draw=1)
    pairs = numbered(6, labels=[[0, 0], [0, 1], [0, 0], [1, 1], [0, 1], [1, 1]])
    assert stored(pairs.subset(per_class=1)) == [0, 1, 3]
    with pytest.raises(ValueError, match="per_class: expected data with classes"):
        numbered().subset(per_class=2)
    with pytest.raises(ValueError, match="per_class: expected a whole number >= 1; got 0"):
        source.subset(per_class=0)


def test_columns_choose_by_name_or_number():
    columns = {"hair": ([0, 1, 0, 1, 1, 0], ("blonde", "red")), "age": ([0, 1, 2, 0, 1, 2], "159")}
    files = [f"day/{i}.png" for i in range(3)] + [f"dusk/{i}.png" for i in range(3)]
    source = numbered(6, labels=[0, 0, 0, 1, 1, 1], columns=columns, files=files)
    assert stored(source.subset(hair="blonde")) == stored(source.subset(hair=0)) == [0, 2, 5]
    assert stored(source.subset(age="5")) == stored(source.subset(age=1)) == [1, 4]
    assert stored(source.subset(hair="blonde", age=2)) == [2, 5]
    assert stored(source.subset(hair="red", per_class=1)) == [1, 3]
    assert stored(source.subset(files="1.png")) == [1, 4]
    assert stored(source.subset(files="day/*")) == [0, 1, 2]
    assert stored(source.subset(files="!day/*", hair=1)) == [3, 4]
    twice = source.subset(hair="blonde").subset(files="dusk/*")
    assert stored(twice) == [5] and twice.files == ("dusk/2.png",)
    assert twice.columns["hair"][0].tolist() == [0] and twice.spec == source.spec
    for arguments, words in [
        ({"hare": 1}, "subset: expected one of hair, age; got 'hare'. Did you mean 'hair'"),
        ({"hair": "blond"}, "hair: expected one of blonde, red; got 'blond'. Did you mean 'blonde'"),
        ({"hair": 2}, "hair: expected one of blonde, red; got 2"),
        ({"hair": 0, "files": "day/1*"}, "subset: expected at least one example; got .*blonde|0"),
    ]:
        with pytest.raises(ValueError, match=words):
            source.subset(**arguments)
    with pytest.raises(ValueError, match="files: expected none"):
        numbered().subset(files="*")


def test_another_stored_order_is_the_same_for_all_parts():
    source = numbered(30, labels=np.arange(30), files=[str(i) for i in range(30)])
    mixed = source.shuffled(seed=1)
    order = stored(mixed)
    assert sorted(order) == list(range(30)) != order
    assert mixed.table()["condition"].tolist() == order == [int(file) for file in mixed.files]
    assert stored(source.shuffled(seed=1)) == order != stored(source.shuffled())
    train, test = mixed[:20], mixed[20:]
    assert (len(train), stored(train), stored(test)) == (20, order[:20], order[20:])
    assert {x for batch in take(train, 5) for x in numbers(batch["images"])} == set(order[:20])
    with pytest.raises(ValueError, match="rows: expected a slice"):
        source[3]


def test_choices_of_derived_sources_stay_derived():
    shrink = lambda parts, random: {"low": parts["images"][:, :1, :1]}
    source = numbered(12, labels=np.arange(12) % 2).mapped(shrink).augmented(flip)
    chosen = source.subset(per_class=2).shuffled()[1:]
    assert len(chosen) == 3 and type(chosen) is type(source) and chosen.spec == source.spec
    assert set(stored(chosen)) < {0, 1, 2, 3}
    assert chosen.table("low")["low"].ravel().tolist() == stored(chosen)
    asymmetric = Records(np.uint8([[[[0], [9]]]] * 9)).augmented(flip)[:4]
    assert len(np.unique(take(asymmetric, 1, size=32)[0]["images"][:, 0, 0, 0])) == 2


# Names


def test_a_name_may_ask_for_more():
    seven = data.open_source("digits?label=7&per_class=10", image_size=8, condition=True)
    assert len(data.open_source("digits?label=7&per_class=10", image_size=8, limited=False)) == 179
    assert seven.table("condition")["condition"].tolist() == [7] * 10
    other = data.open_source("digits?split=train[:30]&image_size=4x6&condition=label")
    assert len(other) == 30 and list(other.spec) == ["images", "condition"]
    assert other.spec["images"].shape == (4, 6, 1)
    augmented = data.open_source("digits?split=train[:30]&augment=flip+jitter_crop:2", image_size=8)
    assert augmented.functions == 2
    plain = data.open_source("digits?split=train[:30]", image_size=8)
    assert_same([augmented.table()], [plain.table()])
    assert not np.array_equal(take(augmented, 1)[0]["images"], take(plain, 1)[0]["images"])


def test_shuffling_comes_before_the_split():
    whole = data.open_source("digits", image_size=8).shuffled(3).table()["images"]
    parts = [
        data.open_source("digits?shuffled=3", split=split, image_size=8).table()["images"]
        for split in ("train[:1000]", "train[1000:]")
    ]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_several_names_are_zipped():
    wanted = {"a": "digits?label=1", "b": "digits?label=2&per_class=5"}
    pieces = [f"{part}={name}" for part, name in wanted.items()]
    for name in (wanted, ",".join(pieces), pieces):
        source = data.open_source(name, image_size=8)
        assert list(source.spec) == ["a", "b"] and len(source.table("b")["b"]) == 5
    batch = next(iter(data.load(["x=ring", "y=digits?condition=label&image_size=8"], batch_size=3)))
    assert {name: tuple(x.shape) for name, x in batch.items()} == {
        "x": (3, 2), "y_images": (3, 8, 8, 1), "y_condition": (3,)
    }  # fmt: skip
    assert list(data.open_source(["digits"], image_size=8).spec) == ["images"]


@pytest.mark.parametrize(
    "name, words",
    [
        ("digits?label", "key=value after .*; got 'label'"),
        ("digits?lable=3", "subset: expected one of label; got 'lable'"),
        ("digits?label=ten", "label: expected one of 0, 1"),
        ("digits?per_class=few", "per_class: expected a whole number >= 0; got 'few'"),
        ("digits?augment=flop", "augment: expected one of flip, jitter_crop, shift; got 'flop'"),
        ("digits?augment=flip:2", "augment: expected flip; got 'flip:2'"),
        ("digits?augment=jitter_crop:x", r"jitter_crop:margin \(whole numbers\); got"),
        ("ring?per_class=3", "subset: expected none, because Points"),
        ("ring?shuffled=0", "shuffled: expected none"),
        (["digits", "ring"], "name: expected one name, or part=name"),
        ("a=digits,a=ring", "name: expected one name, or part=name"),
        ("a=digitz", "name: expected one of digits"),
    ],
)
def test_names_that_cannot_be_opened(name, words):
    with pytest.raises(ValueError, match=words):
        data.open_source(name, image_size=None if "ring" in name else 8)


# Pairs in folders


def pairs(path, names=("a", "b", "c"), **sizes):
    for number, name in enumerate(names):
        save(path / "inputs" / f"{name}.png", 10 * number, sizes.get("inputs", (8, 6)), "L")
        save(path / "targets" / f"{name}.png", 10 * number + 1, sizes.get("targets", (8, 6)))


def test_inputs_beside_targets_are_pairs(tmp_path):
    pairs(tmp_path, inputs=(4, 3))
    source = data.open_source(f"folder:{tmp_path}")
    assert source.spec == {"inputs": Part((4, 3, 1), "image"), "targets": Part((8, 6, 3), "image")}
    assert source.files == ("inputs/a.png", "inputs/b.png", "inputs/c.png") and source.aligned()
    for batch in take(source, 4):
        assert numbers(batch["targets"]) == [x + 1 for x in numbers(batch["inputs"])]
    assert stored_pairs(source.subset(files="!b*")) == [(0, 1), (20, 21)]
    resized = data.open_source(f"folder:{tmp_path}", image_size=2)
    assert resized.spec["inputs"].shape == (2, 2, 1) and resized.spec["targets"].shape == (2, 2, 3)


def stored_pairs(source):
    table = source.table()
    return [(int(x[0, 0, 0]), int(y[0, 0, 0])) for x, y in zip(table["inputs"], table["targets"])]


def test_pairs_may_lie_in_splits_and_differ_in_file_type(tmp_path):
    pairs(tmp_path / "train")
    pairs(tmp_path / "test", ["x"])
    (tmp_path / "test/targets/x.png").rename(tmp_path / "test/targets/old.png")
    Image.open(tmp_path / "test/targets/old.png").save(tmp_path / "test/targets/x.bmp")
    (tmp_path / "test/targets/old.png").unlink()
    name = f"folder:{tmp_path}"
    assert stored_pairs(data.open_source(name, "train[1:]+test")) == [(10, 11), (20, 21), (0, 1)]
    with pytest.raises(ValueError, match="split: expected one of train, test"):
        data.open_source(name, "val")


def test_unpaired_files_are_listed(tmp_path):
    pairs(tmp_path)
    save(tmp_path / "inputs/lonely.png")
    save(tmp_path / "targets/deep/other.png")
    words = "both inputs/ and targets/.*no partner of inputs/lonely.png, targets/deep/other.png"
    with pytest.raises(ValueError, match=words):
        data.open_source(f"folder:{tmp_path}")
    pairs(tmp_path, ["lonely", "deep/other"])
    save(tmp_path / "targets/a.bmp")
    with pytest.raises(ValueError, match="one file of each name.*targets/a.bmp, targets/a.png"):
        data.open_source(f"folder:{tmp_path}")


def test_a_bad_image_is_skipped_with_its_partner(tmp_path):
    pairs(tmp_path, "abcde")
    (tmp_path / "inputs/b.png").write_bytes(b"no image")
    save(tmp_path / "targets/d.png", size=(2, 2))
    name = f"folder:{tmp_path}"
    with pytest.raises(ValueError, match="b.png: expected a complete image file"):
        data.open_source(name, image_size=4)
    for limit in (4, 1e-9):
        with pytest.warns(UserWarning, match="Skipped: 2 of 5 pairs are bad"):
            source = data.open_source(name, image_size=4, skip_bad_images=True, memory_limit=limit)
        assert stored_pairs(source) == [(0, 1), (20, 21), (40, 41)]
        assert source.skipped == 2 and [file[7] for file in source.files] == ["a", "c", "e"]


def test_pairs_have_conditions_too(tmp_path):
    pairs(tmp_path)
    write_tags(tmp_path, [["file", "sky"], *([f"inputs/{x}.png", y] for x, y in zip("abc", "uvu"))])
    source = data.open_source(f"folder:{tmp_path}", condition="sky")
    assert list(source.spec) == ["inputs", "targets", "condition"]
    assert source.table()["condition"].tolist() == [0, 1, 0]
    assert stored_pairs(data.open_source(f"folder:{tmp_path}?sky=v")) == [(10, 11)]


# Labels in tags.csv


def tagged(path):
    rows = [["file", "kind", "size", "words"]]
    rows += [["0.png", "cat;red", "big", "a red cat"]]
    rows += [["1.png", "", "small", ""]]
    rows += [["2.png", "dog; red", "big", "red red dog"]]
    for number in range(3):
        save(path / f"{number}.png", number)
    write_tags(path, rows)
    return f"folder:{path}"


def test_tags_are_multi_hot(tmp_path):
    name = tagged(tmp_path)
    source = data.open_source(name, condition="kind", condition_kind="tags")
    assert source.spec["condition"] == Part((3,), "tags", ("cat", "dog", "red"))
    np.testing.assert_array_equal(
        source.table()["condition"], [[1, 0, 1], [0, 0, 0], [0, 1, 1]]
    )
    assert take(source, 1)[0]["condition"].dtype == np.float32
    both = data.open_source(name, condition=("size", "kind"), condition_kind="tags")
    assert both.spec["condition"].names == (
        "size=big", "size=small", "kind=cat", "kind=dog", "kind=red"
    )  # fmt: skip
    assert both.table()["condition"][0].tolist() == [1, 0, 1, 0, 1]


def test_text_is_tokens_padded_with_zero(tmp_path):
    name = tagged(tmp_path)
    source = data.open_source(name, condition="words", condition_kind="text")
    assert source.spec["condition"] == Part((3,), "tokens", ("", "a", "cat", "dog", "red"))
    assert source.table()["condition"].tolist() == [[1, 4, 2], [0, 0, 0], [4, 4, 3]]
    assert take(source, 1)[0]["condition"].dtype == np.int32
    part = data.open_source(name, "train[1:2]", condition="words", condition_kind="text")
    assert part.spec == source.spec
    with pytest.raises(ValueError, match="condition: expected one column, of text"):
        data.open_source(name, condition=("words", "size"), condition_kind="text")
    with pytest.raises(ValueError, match="condition_kind: expected one of classes, tags, text"):
        data.open_source(name, condition="words", condition_kind="words")


def test_labels_choose_although_they_are_no_part(tmp_path):
    name = tagged(tmp_path)
    source = data.open_source(name)
    assert list(source.spec) == ["images"] and list(source.columns) == ["kind", "size", "words"]
    assert stored(source.subset(size="big")) == stored(data.open_source(f"{name}?size=big")) == [0, 2]
    write_tags(tmp_path, [["nonsense"]])
    assert stored(data.open_source(name)) == [0, 1, 2]
    with pytest.raises(ValueError, match="a first column named file"):
        data.open_source(name).subset(size="big")


# Real data


@needs_real_data
def test_camvid_is_pairs_or_two_domains():
    path = Path(REAL) / "camvid"
    source = data.open_source(f"folder:{path}", "train[:40]", image_size=(24, 32))
    assert source.spec == {name: Part((24, 32, 3), "image") for name in ("inputs", "targets")}
    photos = f"folder:{path}/train/targets"
    domains = data.open_source(
        f"day={photos}?files=!0001TP*,dusk={photos}?files=0001TP*", image_size=(24, 32)
    )
    assert [len(domains.table(name)[name]) for name in ("day", "dusk")] == [406, 62]
    both = data.open_source(f"folder:{path}", "train+test", image_size=(6, 8))
    assert len(both) == 468 + 233 and len(both.subset(files="0001TP*")) == 124


@needs_real_data
def test_anime_faces_have_classes_tags_and_text():
    name = f"folder:{REAL}/anime_faces"
    kinds = {
        "classes": Part((2,), "classes"),
        "tags": Part((23,), "tags"),
        "text": Part((4,), "tokens"),
    }
    for kind, part in kinds.items():
        columns = "caption" if kind == "text" else ("hair", "eyes")
        source = data.open_source(
            name, "train[:20]", image_size=8, condition=columns, condition_kind=kind
        )
        assert source.spec["condition"][:2] == part[:2]
        if kind == "text":
            words = np.array(source.spec["condition"].names)
            assert " ".join(words[source.table()["condition"][0]]) == "red hair orange eyes"
    blonde = data.open_source(f"{name}?hair=blonde hair&split=train[:100]", image_size=8)
    assert 0 < len(blonde) < 40


@needs_real_data
def test_mnist_is_shuffled_before_it_is_split():
    folder = f"{REAL}/tfds"
    whole = data.open_source("mnist", "test", data_dir=folder, condition=True)
    source = data.open_source(
        "mnist?shuffled=5&condition=label", "test[:1000]+test[2900:]", data_dir=folder
    )
    expected = whole.shuffled(5)[np.r_[:1000, 2900:3000]]
    assert_same([source.table()], [expected.table()])
    assert len(data.open_source("mnist?per_class=10", "test", data_dir=folder)) == 100


def test_a_query_maps_parts_that_are_computed_from_images():
    source = data.open_source("digits?map=small:4&augment=flip")
    assert source.spec["small"].shape == (8, 8, 1)
    batch = take(source, 1)[0]
    means = batch["images"].reshape(4, 8, 4, 8, 4).mean(axis=(2, 4))[..., None]
    np.testing.assert_allclose(batch["small"], means, atol=1e-5)
    with pytest.raises(ValueError, match="map: expected one of small; got 'smal'"):
        data.open_source("digits?map=smal")
    with pytest.raises(ValueError, match="small: expected images whose sides divide by 5"):
        data.open_source("digits?map=small:5")
