"""Loading of saved games, and the registration of the library's classes with Keras."""

import importlib
import re
from pathlib import Path

from tfgan import errors

# Modules whose classes a `.keras` file may name.
REGISTERING = ("averages", "gan", "layers", "models", "networks", "training.optimizers", "training.rates")


def register():
    """Registers the library's classes with Keras, so that `keras.saving.load_model` knows them."""
    for name in REGISTERING:
        importlib.import_module(f"tfgan.{name}")


def load(path, compile=True, safe_mode=True):
    """A game, or a network, that `save` wrote as a `.keras` file.

    Args:
        path: of the file.
        compile: whether to compile it as it was, with its optimizers' state.
        safe_mode: whether to refuse `Lambda` layers, which hold code.

    Returns:
        The `keras.Model`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no `.keras` file, or it names a class that Keras does not know.
    """
    import keras

    register()
    path = Path(path).expanduser()
    if not path.is_file():
        raise errors.missing("path", "a .keras file that game.save wrote", str(path))
    if path.suffix != ".keras":
        raise errors.invalid("path", "a .keras file that game.save wrote", str(path))
    try:
        return keras.saving.load_model(path, compile=compile, safe_mode=safe_mode)
    except TypeError as error:
        missing = re.search(r"Could not locate (?:class|function) '(.*?)'", str(error))
        if not missing:
            raise
        expected = (
            "a file whose classes are imported and registered (keras.saving.register_keras_serializable)"
        )
        raise errors.invalid("path", expected, f"one with {missing[1]!r}, which is not") from error
