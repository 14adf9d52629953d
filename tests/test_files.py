import pytest

from tfgan import files


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced(tmp_path):
    path = tmp_path / "a.txt"
    for content in (b"one", b"two"):
        files.write_atomically(path, content)
        assert path.read_bytes() == content and names(tmp_path) == ["a.txt"]


def test_a_folder_is_replaced_and_keeps_nothing_of_the_old(tmp_path):
    for name in ("old", "new"):
        with files.replacing(tmp_path / "folder") as beside:
            beside.mkdir()
            (beside / name).touch()
    assert names(tmp_path) == ["folder"] and names(tmp_path / "folder") == ["new"]


def test_a_failure_leaves_the_old_and_the_next_try_starts_clean(tmp_path):
    path = tmp_path / "a.txt"
    files.write_atomically(path, b"old")
    with pytest.raises(RuntimeError), files.replacing(path) as beside:
        beside.write_bytes(b"half of the n")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    files.write_atomically(path, b"new")
    assert path.read_bytes() == b"new" and names(tmp_path) == ["a.txt"]


def test_a_file_never_takes_the_place_of_a_folder(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").touch()
    with pytest.raises(ValueError, match="path: expected a file; got 'the folder .*photos'"):
        files.write_atomically(tmp_path / "photos", b"scores")
    with pytest.raises(IsADirectoryError), files.replacing(tmp_path / "photos") as beside:
        beside.write_bytes(b"scores")
    assert names(tmp_path / "photos") == ["a.png"]
