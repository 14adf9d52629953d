"""Folders of images: which files are images, what their pixels are, and how folders are read."""

import os
import struct
import warnings

import numpy as np
import pytest
from PIL import Image

from tfgan import data
from tfgan.data.scan import scan


def folder(path, **arguments):
    return data.open_source(f"folder:{path}", **arguments)


def quietly(path, **arguments):
    """The source of a folder of which nothing is left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return folder(path, **arguments)


def write(root, *names):
    """Files by name: a folder ends in a slash; text where the extension says so, else a picture."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        elif path.suffix in (".txt", ".json", ".db", ".eps", ".h5", ".csv"):
            path.write_text("Python is no image\n")
        else:
            Image.new("L", (4, 4), 7).save(path, _FORMATS.get(path.suffix, "PNG"))


_FORMATS = {".tif": "TIFF", ".jfif": "JPEG", ".jpe": "JPEG", ".bmp": "BMP"}


# Formats


@pytest.mark.parametrize(
    "format, name",
    [
        ("PNG", "x.png"), ("PNG", "X.PNG"), ("JPEG", "x.jpg"), ("JPEG", "x.jpeg"), ("BMP", "x.bmp"),
        ("GIF", "x.gif"), ("WEBP", "x.webp"), ("JPEG", "x.jfif"), ("JPEG", "x.jpe"), ("TIFF", "x.tif"),
        ("TIFF", "x.tiff"), ("PPM", "x.ppm"), ("TGA", "x.tga"), ("JPEG2000", "x.jp2"), ("ICO", "x.ico"),
        ("MPO", "x.mpo"), ("QOI", "x.qoi"), ("PCX", "x.pcx"),
        # Told by the header.
        ("PNG", "x"), ("JPEG", "x.1"), ("TIFF", "x.of 2024"), ("WEBP", "x.txt"), ("PPM", "x"), ("BMP", "x"),
        ("PNG", "x.jpg"),
    ],
)  # fmt: skip
def test_what_pillow_reads_is_read(tmp_path, format, name):
    Image.init()
    if format not in Image.SAVE:
        pytest.skip(f"this Pillow writes no {format}")
    Image.new("RGB", (16, 16), (128, 128, 128)).save(tmp_path / name, format)
    source = quietly(tmp_path)
    assert source.files == (name,) and source.spec["images"].shape == (16, 16, 3)
    np.testing.assert_allclose(source.table()["images"], 128, atol=3)


def test_what_is_no_image_is_left_out_and_counted_in_one_line(tmp_path):
    write(tmp_path, "a.png", "b.jfif", "c.tif", "d.jpe", "e", ".hidden.txt", "tags.csv")
    (tmp_path / "tags.csv").write_text("file,k\n")
    assert quietly(tmp_path).files == ("a.png", "b.jfif", "c.tif", "d.jpe", "e")
    write(tmp_path, "notes.txt", "Thumbs.db", "deep/x.json", "drawing.eps", "numbers.h5", "raw.nef")
    with pytest.warns(UserWarning) as told:
        source = folder(tmp_path)
    assert len(source) == 5 and source.skipped == 0
    (line,) = [str(warning.message) for warning in told]
    assert line == (
        f"folder:{tmp_path}: left out: files that are drawings, films, raw photographs or "
        "measurements: 3 (drawing.eps, numbers.h5, raw.nef); files that are no images: 3 "
        "(Thumbs.db, deep/x.json, notes.txt); subfolders without images: 1 (deep)"
    )


def test_many_are_counted_and_a_few_are_named(tmp_path):
    write(tmp_path, "a.png", *(f"{number}.txt" for number in range(8)))
    with pytest.warns(UserWarning, match=r"no images: 8 \(0.txt, 1.txt, 2.txt and 5 more\)$"):
        folder(tmp_path)


def test_a_folder_without_an_image_says_what_it_holds(tmp_path):
    write(tmp_path, "a.txt", "b.json")
    with pytest.raises(FileNotFoundError, match=r"png, jpg, .* got '.*no images: 2 \(a.txt, b.json\)"):
        folder(tmp_path)


def test_a_listing_opens_only_files_whose_extension_says_nothing(tmp_path):
    # Whoever opens a pipe waits for ever.
    for name in ("a.png", "b"):
        os.mkfifo(tmp_path / name)
    found = scan(tmp_path)
    assert (found.images, found.left_out) == (["a.png"], {"no images": ["b"]})


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow's own, of the damage
@pytest.mark.parametrize(
    "format, name, options",
    [
        *((format, f"x.{format.lower()}", {}) for format in ("PPM", "TGA", "QOI", "PCX", "ICO")),
        ("JPEG2000", "x.jp2", {}),
        *(("TIFF", "x.tif", {"compression": name}) for name in (None, "tiff_lzw", "packbits", "jpeg")),
        *((format, "x", {}) for format in ("PNG", "JPEG", "WEBP", "TIFF")),
    ],
)
def test_a_truncated_file_is_a_bad_image(tmp_path, format, name, options):
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / name, format, **options)
    assert len(quietly(tmp_path)) == 1
    whole = (tmp_path / name).read_bytes()
    for share in (0.95, 0.5):
        (tmp_path / name).write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(ValueError, match=f"{name}: expected a complete image file"):
            folder(tmp_path)


def test_a_folder_that_is_linked_twice_is_listed_once(tmp_path):
    write(tmp_path, "cat/a.png")
    os.symlink(tmp_path / "cat", tmp_path / "dog")
    os.symlink(tmp_path, tmp_path / "cat" / "loop")
    with pytest.warns(UserWarning, match=r"subfolders without images: .*dog\)"):
        assert folder(tmp_path).files == ("cat/a.png",)


def test_a_folder_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    write(tmp_path, "cat/a.png", "dog/b.png")
    listing = os.scandir

    def refuse(path):
        if str(path).endswith("dog"):
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(ValueError, match="name: expected a folder that can be read; got .*dog"):
        folder(tmp_path)


# Pixels of TIFFs


def tiff(path, bits, content, sign=1, photometric=1):
    """Two grey pixels as a TIFF, written by hand because Pillow does not write all of these."""
    values = {
        256: 2, 257: 1, 258: bits, 259: 1, 262: photometric, 273: 200, 277: 1, 278: 1,
        279: len(content), 339: sign,
    }  # fmt: skip
    head = struct.pack("<2sHIH", b"II", 42, 8, len(values))
    head += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in values.items())
    path.write_bytes(head.ljust(200, b"\0") + content)


def saved(pixels, mode=None, **options):
    return lambda path: Image.fromarray(np.array(pixels), mode).save(path, **options)


def palette(path):
    image = Image.new("P", (2, 1), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    image.save(path)


DEEP = np.uint16([[0, 257, 32768, 65535]])


@pytest.mark.parametrize(
    "save, pixels",
    [
        (saved(DEEP), [[0], [1], [128], [255]]),
        (saved(DEEP, tiffinfo={262: 0}), [[255], [254], [127], [0]]),  # where 0 is white
        (saved(np.uint8([[0, 10, 255]]), tiffinfo={262: 0}), [[0], [10], [255]]),
        (lambda path: tiff(path, 12, b"\x00\x0f\xff"), [[0], [255]]),
        (lambda path: tiff(path, 16, np.uint16([257, 65535]).tobytes()), [[1], [255]]),
        (lambda path: Image.new("1", (2, 1), 1).save(path, compression="group4"), [[255], [255]]),
        (palette, [[10, 20, 30]] * 2),
        (lambda path: Image.new("CMYK", (1, 1), (255, 0, 0, 0)).save(path), [[0, 255, 255]]),
        (lambda path: Image.new("CMYK", (1, 1), (0, 0, 0, 255)).save(path), [[0, 0, 0]]),
        (lambda path: Image.new("RGBA", (1, 1), (1, 2, 3, 4)).save(path), [[1, 2, 3, 4]]),
        (lambda path: Image.new("LA", (1, 1), (9, 4)).save(path), [[9, 9, 9, 4]]),
        (
            lambda path: Image.new("L", (1, 1), 5).save(
                path, save_all=True, append_images=[Image.new("L", (3, 3), 99)]
            ),
            [[5]],  # the first page
        ),
    ],
)
def test_tiffs_of_other_kinds_are_converted(tmp_path, save, pixels):
    save(tmp_path / "x.tif")
    np.testing.assert_array_equal(quietly(tmp_path).table()["images"][0, 0], pixels)


@pytest.mark.parametrize(
    "save, words",
    [
        (saved(np.float32([[0, 0.5, 1]])), "floats, whose range the file does not tell"),
        (saved(np.int32([[0, 1, 70000]])), "integers of 32 bits"),
        (lambda path: tiff(path, 16, np.int16([5, -5]).tobytes(), sign=2), "or signed"),
        (lambda path: Image.new("LAB", (1, 1)).save(path), "got 'LAB'"),
    ],
)
def test_tiffs_without_a_known_range_are_bad_images(tmp_path, save, words):
    save(tmp_path / "x.tif")
    with pytest.raises(ValueError, match=f"x.tif: expected a complete image .*of 8 bits, or.*{words}"):
        folder(tmp_path)


@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
def test_tiffs_are_turned_as_they_say(tmp_path, compression):
    save = saved(np.uint8([[1, 2, 3], [4, 5, 6]]), tiffinfo={274: 6}, compression=compression)
    save(tmp_path / "x.tif")
    images = quietly(tmp_path).table()["images"]
    assert images[0, :, :, 0].tolist() == [[4, 1], [5, 2], [6, 3]]


# Layouts


@pytest.mark.parametrize(
    "names, split, files",
    [
        (["a.png", "b/c.png"], "train", ["a.png", "b/c.png"]),
        (["train/a.png", "test/b.png"], "train", ["train/a.png"]),
        (["Train/a.png", "Test/b.png"], "train", ["Train/a.png"]),
        (["Train/a.png", "Test/b.png"], "Test", ["Test/b.png"]),
        (["training/a.png", "testing/b.png"], "training", ["training/a.png"]),
        (["trainA/a.png", "trainB/b.png"], "trainA", ["trainA/a.png"]),
        # Who names a split, or a subfolder, means it.
        (["test/a.png", "car/b.png"], "test", ["test/a.png"]),
        (["cat/a.png", "dog/b.png"], "cat", ["cat/a.png"]),
        (["cat/train/a.png", "dog/b.png"], "train", ["cat/train/a.png", "dog/b.png"]),
        (["Cat/a.png", "cat/A.png", "cat/a.png"], "train", ["Cat/a.png", "cat/A.png", "cat/a.png"]),
        (["inputs/a", "targets/a", "inputs/b.1", "targets/b.1.png"], "train", ["inputs/a", "inputs/b.1"]),
    ],
)
def test_layouts_that_can_be_read_in_one_way(tmp_path, names, split, files):
    write(tmp_path, *names)
    assert list(quietly(tmp_path, split=split).files) == files


@pytest.mark.parametrize(
    "names, split, words",
    [
        (
            ["train/a.png", "car/b.png", "plane/c.png"],
            "train",
            "expected subfolders that are all splits or all classes; got 'train beside car, plane': "
            "for a split open folder:.*/train, for a class rename train$",
        ),
        (["a.png", "train/b.png"], "train", "got 'train beside a.png'"),
        (["a.png", "test/b.png"], "train", "got 'test beside a.png': .* move the rest into train/"),
        (["test/a.png", "car/b.png"], "train[:1]", "got 'test beside car'"),
        (["test/a.png", "val/b.png"], "train", "split: expected one of test, val; got 'train'"),
        (["Train/a.png", "train/b.png"], "train", "expected one folder called train; got 'Train, train'"),
        (["training/a.png"], "train", "got 'train'. Did you mean 'training'"),
        (["x/train/a.png", "x/test/b.png"], "train", "splits in the folder itself .open folder:.*/x, "),
        (["train/", "car/a.png"], "train", "split: expected at least one example; got 'train'"),
        (["inputs/a.png"], "train", "expected targets/ beside inputs/ for pairs, or another name"),
        (["test/targets/a.png"], "test", "expected test/inputs/ beside test/targets/ for pairs"),
        (
            [f"{place}{part}/a.png" for place in ("", "train/") for part in ("inputs", "targets")],
            "train",
            "inputs/ and targets/ either in the folder itself or in each split.s .*folder itself, beside train",
        ),
        (
            ["train/inputs/a.png", "train/targets/a.png", "test/b.png"],
            "test",
            "expected inputs/ and targets/ in test/, as in train/; got 'images alone'",
        ),
        (["inputs/a.png", "targets/A.png"], "train", "no partner of inputs/a.png, targets/A.png"),
    ],
)
def test_ambiguous_layouts_are_told_before_anything_is_read(tmp_path, names, split, words):
    write(tmp_path, *names)
    for path in tmp_path.rglob("*.png"):
        path.write_bytes(b"no image")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of empty subfolders
        with pytest.raises(ValueError, match=words):
            folder(tmp_path, split=split)


@pytest.mark.parametrize(
    "names, words",
    [
        (["cat/a.png", "dog/"], r"subfolders without images: 1 \(dog\)"),
        (["train/cat/a.png", "train/dog/", "test/cat/b.png"], r"subfolders without images: 1 \(train/dog\)"),
        (["inputs/a.png", "targets/a.png", "masks/a.png"], r"beside inputs/ and targets/: 1 \(masks/a.png\)"),
        (["train/a.png", "train/tags.csv"], r"no images: 1 \(train/tags.csv\)"),
    ],
)
def test_what_a_layout_leaves_out_is_counted(tmp_path, names, words):
    write(tmp_path, *names)
    with pytest.warns(UserWarning, match=words):
        folder(tmp_path)


def test_the_classes_of_train_are_those_of_every_split(tmp_path):
    write(tmp_path, "train/cat/a.png", "train/dog/b.png", "test/dog/c.png")
    test = quietly(tmp_path, split="test", condition=True)
    assert test.spec["condition"].names == (("cat", "dog"),)
    assert test.table()["condition"].tolist() == [1]
    write(tmp_path, "test/zebra/d.png")
    words = r"subfolder of one of train's classes \(cat, dog\); got 'test/zebra/d.png'"
    with pytest.raises(ValueError, match=words):
        folder(tmp_path, split="test", condition=True)


def test_the_column_label_of_tags_comes_before_the_subfolders(tmp_path):
    write(tmp_path, "x/a.png", "y/b.png")
    (tmp_path / "tags.csv").write_text("file,label\nx/a.png,old\ny/b.png,new\n")
    source = quietly(tmp_path, condition=True)
    assert source.spec["condition"].names == (("new", "old"),)
    assert source.table()["condition"].tolist() == [1, 0]
