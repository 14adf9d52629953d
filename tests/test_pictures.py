import numpy as np
import pytest
from PIL import Image

from tfgan import pictures


def test_grid_places_images_row_by_row():
    levels = np.array([-1.0, 0.0, 1.0])
    images = np.broadcast_to(levels[:, None, None, None], (3, 2, 4, 1))
    grid = pictures.grid(images, columns=2)
    assert grid.shape == (4, 8, 1) and grid.dtype == np.uint8
    assert (grid[:2, :4] == 0).all() and (grid[:2, 4:] == 128).all()
    assert (grid[2:, :4] == 255).all() and (grid[2:, 4:] == 0).all()


def test_density_puts_points_where_they_are():
    picture = pictures.density(np.array([[1.0, -1.0]]), limits=(-2, 2))[..., 0]
    (row,), (column,) = np.nonzero(picture)
    # x grows to the right, y upwards.
    assert column == 192 and row == 191


def test_density_of_one_dimension_is_a_bar_chart():
    picture = pictures.density(np.array([[0.1]] * 4 + [[1.1]]), limits=(-2, 2))[..., 0]
    heights = (picture > 0).sum(axis=0)
    # 32 bars, 8 pixels wide; 0.1 is in the 17th, 1.1 in the 25th.
    assert heights[::8].tolist() == [0] * 16 + [256] + [0] * 7 + [64] + [0] * 7
    assert (heights.reshape(32, 8) == heights[::8, None]).all()


def test_class_columns():
    assert pictures.class_columns((3,), rows=2).tolist() == [0, 1, 2, 0, 1, 2]
    assert pictures.class_columns((2, 2), rows=3).tolist() == [
        [0, 0], [1, 0], [0, 1], [1, 1], [0, 0], [1, 0],
    ]  # fmt: skip


@pytest.mark.parametrize("channels, mode", [(1, "L"), (2, "L"), (3, "RGB"), (4, "RGBA")])
def test_png_of_any_channel_count(tmp_path, channels, mode):
    pixels = np.random.default_rng(0).integers(0, 256, (4, 6, channels), np.uint8)
    pictures.save_png(tmp_path / "a.png", pixels)
    image = Image.open(tmp_path / "a.png")
    assert image.mode == mode and image.size == (6, 4)
    shown = pixels if channels > 2 else pixels[..., 0]
    assert np.array_equal(np.asarray(image), shown)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_save_all_writes_points_as_numbers(tmp_path):
    points = np.random.default_rng(0).normal(size=(5, 2))
    pictures.save_all(tmp_path, points, columns=2)
    assert np.array_equal(np.load(tmp_path / "samples.npy"), points)
    assert (tmp_path / "grid.png").exists()


def test_save_all_writes_a_grid_and_every_image(tmp_path):
    pictures.save_all(tmp_path / "out", np.zeros((3, 4, 4, 3), "float32"), columns=2)
    out = tmp_path / "out"
    names = sorted(str(path.relative_to(out)) for path in out.rglob("*.png"))
    assert names == ["grid.png", "images/00000.png", "images/00001.png", "images/00002.png"]
