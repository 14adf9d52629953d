"""tfgan: generative adversarial networks for TensorFlow 2 and Keras 3.

Submodules and names are imported when they are first used, so that
`import tfgan` is instant and touches no device, network or flag. Where Keras is imported
already, the library's classes are registered with it, for `keras.saving.load_model`.
"""

import importlib
import sys

from tfgan.version import __version__

_SUBMODULES = (
    "averages",
    "callbacks",
    "checkpoints",
    "data",
    "errors",
    "evaluation",
    "experiment",
    "export",
    "features",
    "gan",
    "interface",
    "laboratory",
    "latents",
    "layers",
    "losses",
    "metrics",
    "models",
    "networks",
    "objective",
    "penalties",
    "pictures",
    "randomness",
    "samplers",
    "saving",
    "shapes",
    "sides",
    "training",
    "transfer",
    "views",
)
_NAMES = {"GAN": "tfgan.gan", "load": "tfgan.saving"}

__all__ = ["__version__", *_SUBMODULES, *_NAMES]


def __getattr__(name):
    if name in _NAMES:
        return getattr(importlib.import_module(_NAMES[name]), name)
    if name in _SUBMODULES:
        return importlib.import_module(f"tfgan.{name}")
    raise AttributeError(f"module 'tfgan' has no attribute {name!r}")


def __dir__():
    return __all__


if "keras" in sys.modules:
    importlib.import_module("tfgan.saving").register()
