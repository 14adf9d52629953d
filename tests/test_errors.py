import pytest

from tfgan import errors


def test_three_beats():
    error = errors.invalid("batch_size", "a whole number >= 1", 0)
    assert isinstance(error, ValueError)
    assert str(error) == "batch_size: expected a whole number >= 1; got 0"


def test_a_missing_file_is_an_input_error_too():
    error = errors.missing("name", "an existing folder", "/nowhere")
    assert isinstance(error, errors.InputError) and isinstance(error, FileNotFoundError)


def test_unknown_names_list_the_known_and_the_closest():
    text = str(errors.unknown("loss", "hing", ["hinge", "minimax"], also=["hinges"]))
    assert text == "loss: expected one of hinge, minimax; got 'hing'. Did you mean 'hinge'?"
    assert "Did you mean" not in str(errors.unknown("loss", "xyz", ["hinge"]))


def test_lookup():
    assert errors.lookup("loss", "hinge", {"hinge": 1}) == 1
    for name in ("hings", None, ["hinge"]):
        with pytest.raises(errors.InputError, match="loss: expected one of hinge"):
            errors.lookup("loss", name, {"hinge": 1})
