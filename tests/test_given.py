"""Arrays and arguments as users hand them to tfgan.data: taken, or refused in one sentence."""

import warnings

import numpy as np
import pytest
import tensorflow as tf

from tfgan import data, errors
from tfgan.data import Records
from tfgan.data.ranges import check_images, check_labels

BYTES = np.uint8([0, 51, 255]).reshape(3, 1, 1, 1)
FLOATS = np.float32([-1, -0.6, 1]).reshape(3, 1, 1, 1)


def records(condition, **options):
    return Records({"images": BYTES, "condition": condition}, **options)


def stored(source, name="images"):
    return source.table(name)[name].ravel().tolist()


# Records of arrays


@pytest.mark.parametrize(
    "images",
    [
        BYTES, BYTES.astype(np.int64), BYTES.tolist(), tf.constant(BYTES),
        FLOATS, FLOATS.astype(np.float64), FLOATS.tolist(), tf.constant(FLOATS), FLOATS * 1.005,
    ],
)  # fmt: skip
def test_images_are_taken_as_bytes_or_as_floats(images):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        source = Records(images)
    assert source.spec["images"] == data.Part((1, 1, 1), "image")
    taken = source.take([0, 1, 2])["images"]
    assert taken.dtype == tf.float32
    np.testing.assert_allclose(taken, FLOATS, atol=0.006)
    assert stored(source) == [0, 51, 255] and source.table()["images"].dtype == np.uint8
    assert stored(source[::-2]) == [255, 0]


def test_floats_stay_as_exact_as_they_are():
    images = np.float32([0.1234567]).reshape(1, 1, 1, 1)
    assert Records(images).take([0])["images"].numpy() == images


def test_arrays_in_files_keep_their_values(tmp_path):
    for name, values in [("bytes", BYTES), ("floats", FLOATS), ("points", FLOATS.reshape(3, 1) * 300)]:
        mapped = np.memmap(tmp_path / name, values.dtype, "w+", shape=values.shape)
        mapped[:] = values
        one, other = Records(mapped)[[2, 0]], Records(values)[[2, 0]]
        np.testing.assert_array_equal(one.table()["images"], other.table()["images"])
        np.testing.assert_array_equal(one.take([1, 0])["images"], values[[0, 2]] if name != "bytes"
                                      else data.from_uint8(values[[0, 2]]))  # fmt: skip


@pytest.mark.parametrize(
    "labels, stored_as, num_classes",
    [
        ([0, 2, 1], [0, 2, 1], (3,)),
        (np.uint8([0, 2, 1]), [0, 2, 1], (3,)),
        ([[0], [2], [1]], [0, 2, 1], (3,)),  # as Keras's data sets have them
        ([True, False, True], [1, 0, 1], (2,)),
        ([[0, 1], [1, 0], [0, 0]], [0, 1, 1, 0, 0, 0], (2, 2)),
    ],
)
def test_labels_are_taken(labels, stored_as, num_classes):
    source = records(labels)
    assert stored(source, "condition") == stored_as
    assert source.spec["condition"].num_classes == num_classes
    assert source.batches(2).element_spec["condition"].dtype == tf.int32


def test_tags_are_taken_in_any_type():
    for type_ in (np.float32, np.float64, np.int64, np.uint8, bool):
        options = {"names": {"condition": "abc"}, "kinds": {"condition": "tags"}}
        source = records(np.eye(3, dtype=type_), **options)
        assert source.spec["condition"] == data.Part((3,), "tags", ("a", "b", "c"))
        np.testing.assert_array_equal(source.table()["condition"], np.eye(3, dtype=np.float32))


TAGS = {"names": {"condition": "abc"}, "kinds": {"condition": "tags"}}


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: Records((FLOATS + 1) * 127.5), "'0 to 255'. They look like bytes: use `images / 127.5 - 1`"),
        (lambda: Records((FLOATS + 1) * 32767.5), "16 bits per channel: use `images / 32767.5 - 1`"),
        (lambda: Records(FLOATS * 1.1), r"'-1.1 to 1.1'.*use `np.clip\(images, -1, 1\)`"),
        (lambda: Records(FLOATS * 3), r"'-3 to 3'.*use `images / np.abs\(images\).max\(\)`"),
        (lambda: Records(FLOATS * np.nan), "images: expected finite values; got 'NaN or infinity in 3 of 3"),
        (lambda: Records(BYTES.astype(int) * 257), "images: expected integers in 0 to 255 .*'0 to 65535'"),
        (lambda: Records(BYTES > 0), r"x.astype\('uint8'\) \* 255; got 'bool \[3, 1, 1, 1\]'"),
        (lambda: Records(BYTES[..., 0]), r"of grey ones x\[..., None\]; got 'uint8 \[3, 1, 1\]'"),
        (lambda: Records(BYTES[:, 0, 0]), r"images: expected uint8 or floats in.*got 'uint8 \[3, 1\]'"),
        (lambda: Records(FLOATS.ravel()), r"points \(x\[:, None\]\); got 'float32 \[3\]'"),
        (lambda: Records(FLOATS.astype(complex)), "got 'complex128"),
        (lambda: Records([[1, 2], [3]]), "images: expected examples of one shape"),
        (lambda: Records(np.array([BYTES, None], object)), "an array of numbers.*'ndarray of objects'"),
        (lambda: Records(None), "images: expected an array of numbers, .* of one shape; got 'NoneType'"),
        (lambda: Records(tf.data.Dataset.range(3)), "an array of numbers.*RangeDataset"),
        (lambda: Records(x for x in BYTES), "an array of numbers.*'generator'"),
        (lambda: Records(BYTES[:0]), r"images: expected n >= 1 examples; got \[0, 1, 1, 1\]"),
        (lambda: Records({}), "arrays: expected at least one array"),
        (lambda: Records(np.float32([[np.inf, 0]])), "images: expected finite values"),
        (lambda: records([0, 1]), "condition: expected 3 examples, as images has; got 2"),
        (lambda: records([0, -1, 2]), "condition: expected classes of 0 or more; got -1"),
        (lambda: records([0, -(2**40), 2]), "condition: expected classes of 0 or more; got -1099511627776"),
        (lambda: records([0, 10**9, 2]), "condition: expected classes numbered from 0 without gaps"),
        (lambda: records([0.0, 1.0, 2.0]), r"condition: expected integers for classes \(x.astype\(int\)\)"),
        (lambda: records(["a", "b", "c"]), "condition: expected integers; of words, np.unique"),
        (lambda: records([0, 1, 2], names={"condition": "ab"}), "condition: expected classes below 2; got 2"),
        (lambda: records(np.eye(3) / 2, **TAGS), "condition: expected tags of 0 and 1; got 0.5"),
        (lambda: records(np.eye(3) * np.nan, **TAGS), "condition: expected tags of 0 and 1; got nan"),
        (lambda: Records(BYTES, columns={"k": ([0, 1], "ab")}), "k: expected 3 class numbers"),
        (lambda: Records(BYTES, columns={"k": ([0, 1, 2], "ab")}), "k: expected classes below 2; got 2"),
        (lambda: Records(BYTES, files=["a.png"]), "files: expected 3 paths, one of each example; got 1"),
    ],
)
def test_arrays_that_cannot_be_records_are_refused(make, words):
    with pytest.raises(errors.InputError, match=words) as raised:
        make()
    assert "\n" not in str(raised.value) and len(str(raised.value)) < 250


def test_images_with_their_channels_first_are_told():
    with pytest.warns(UserWarning, match=r"by np.moveaxis\(x, 1, -1\); got \[3, 1, 8, 8\]"):
        Records(np.zeros((3, 1, 8, 8), np.uint8))


# The other doors


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: data.load(BYTES), r"name: expected names .*Records\(arrays\).batches.*got 'ndarray'"),
        (lambda: data.open_source(tf.data.Dataset.range(3)), "name: expected names .*RangeDataset"),
        (lambda: data.open_source({"a": Records(BYTES)}), "name: expected names .*got 'Records'"),
        (lambda: data.load(None), "name: expected names .*got 'NoneType'"),
        (lambda: data.load({}), "name: expected names .*got 'dict'"),
        (lambda: data.load([]), r"name: expected one name, .*got \[\]"),
        (lambda: Records(BYTES).batches(True), "batch_size: expected an integer >= 1; got True"),
        (lambda: Records(BYTES).batches("4"), "batch_size: expected an integer >= 1; got '4'"),
        (lambda: Records(BYTES).mapped("small"), "mapped: expected functions .*got 'str'"),
        (lambda: Records(BYTES).augmented(None), "augmented: expected functions .*got 'NoneType'"),
        (
            lambda: Records(BYTES).mapped(lambda parts, random: {"x": parts["images"] * np.nan}),
            "x: expected finite values",
        ),
        (lambda: Records(BYTES)[[7]], "rows: expected places of 3 examples; got 'index 7"),
        (lambda: Records(BYTES)[np.array([True])], "rows: expected places of 3 examples"),
        (lambda: Records(BYTES, columns={"k": ([0, 1, 1], "ab")}).subset(k=1.0), "k: expected one of a, b"),
        (lambda: Records(BYTES, files="abc").subset(files=["a"]), "files: expected one pattern"),
        (lambda: data.Points([1.0, 2.0], 0.1), r"centres: expected finite floats \[modes, dims\]"),
        (lambda: data.Points([[np.nan]], 0.1), r"centres: expected finite floats"),
        (lambda: data.Points([[1.0]], 0), "sigma: expected a number > 0; got 0"),
        (lambda: data.Stacked(BYTES), "digits: expected a finite source of images alone; got 'ndarray'"),
        (lambda: data.to_uint8(np.arange(3)), "images: expected floats in .-1, 1., or uint8; got 'int64'"),
    ],
)
def test_arguments_that_are_refused(call, words):
    with pytest.raises(errors.InputError, match=words):
        call()


def test_bytes_stay_bytes():
    assert data.to_uint8(BYTES) is BYTES
    assert data.to_uint8(tf.constant(BYTES)).numpy().ravel().tolist() == [0, 51, 255]


def test_a_batch_may_be_larger_than_the_data():
    (batch,) = Records(BYTES).batches(7).take(1)
    values, counts = np.unique(data.to_uint8(batch["images"].numpy()), return_counts=True)
    assert values.tolist() == [0, 51, 255] and sorted(counts) == [2, 2, 3]


def test_a_computed_image_of_another_range_is_told():
    with pytest.warns(UserWarning, match="x: expected values from -1 to 1.*use `images / 127.5 - 1`"):
        Records(BYTES).mapped(lambda parts, random: {"x": (parts["images"] + 1) * 127.5})


# Ranges


def told(images, **options):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check_images("images", np.asarray(images, np.float32).reshape(-1, 1, 1, 1), **options)
    return [str(warning.message) for warning in caught]


@pytest.mark.parametrize(
    "images, lowest, formula",
    [
        ([-1, 1], -1, None),
        ([-1.015, 1.015], -1, None),
        ([-0.5, 0.2], -1, None),
        ([0, 0], -1, None),
        ([], -1, None),
        ([0, 1], -1, "images * 2 - 1"),
        ([0.3, 0.4], -1, "images * 2 - 1"),
        ([0, 255], -1, "images / 127.5 - 1"),
        ([-8, 266], -1, "images / 127.5 - 1"),  # resized bytes overshoot
        ([0, 60000], -1, "images / 32767.5 - 1"),
        ([0, 1e6], -1, "images / 500000 - 1"),
        ([-1.2, 1.1], -1, "np.clip(images, -1, 1)"),
        ([-2.1, 2.6], -1, "images / np.abs(images).max()"),
        ([0, 1], 0, None),
        ([0, 1.005], 0, None),
        ([-1, 1], 0, "(images + 1) / 2"),
        ([0, 255], 0, "images / 255"),
        ([-3, 3], 0, "(images / np.abs(images).max() + 1) / 2"),
    ],
)
def test_images_of_another_range_are_told_the_formula(images, lowest, formula):
    lines = told(images, lowest=lowest)
    assert len(lines) == (formula is not None)
    if formula:
        assert lines[0].startswith(f"images: expected values from {lowest} to 1; got ")
        assert lines[0].endswith(f": use `{formula}`")


def test_other_types_pass_unseen():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_images("images", BYTES)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_images_are_finite(value):
    images = np.zeros((4, 2, 2, 1), np.float32)
    images[2, 1, 1, 0] = value
    words = "images: expected finite values; got 'NaN or infinity in 1 of 4 rows, the first at 2'"
    with pytest.raises(errors.InputError, match=words):
        check_images("images", images)


def test_the_remedies_bring_images_into_the_range():
    for images, words in [
        (np.float32([0, 255]), "images / 127.5 - 1"),
        (np.float32([0, 1]), "images * 2 - 1"),
        (np.float32([-8, 4]), "images / np.abs(images).max()"),
    ]:
        assert words in told(images)[0]
        mended = eval(words, {"np": np, "images": images})
        assert np.abs(mended).max() == 1


@pytest.mark.parametrize(
    "labels, num_classes, words",
    [
        ([0, 9], 10, None),
        ([], 10, None),
        (np.uint8([3]), 4, None),
        ([[0, 1], [1, 4]], (2, 5), None),
        ([[0, 1], [1, 4]], 5, None),
        ([0, 11], 10, "condition: expected classes below 10; got 11"),
        ([0, 10], (10,), "condition: expected classes below 10; got 10"),
        ([0, -1], 10, "condition: expected classes of 0 or more; got -1"),
        ([[0, 1], [2, 4]], (2, 5), "condition: expected classes below 2; got 2"),
        ([[0, 1, 1]], (2, 5), "expected one class of each of 2 labels per example; got .1, 3."),
        ([0.0, 1.0], 10, "condition: expected classes, which are integers; got 'float64'"),
    ],
)
def test_labels_are_in_range(labels, num_classes, words):
    labels = np.asarray(labels, int) if not len(labels) else np.asarray(labels)
    if words is None:
        check_labels("condition", labels, num_classes)
    else:
        with pytest.raises(errors.InputError, match=words):
            check_labels("condition", labels, num_classes)
