"""Callbacks for `fit`, where Keras has none or its own do not fit a GAN.

`keras.callbacks.TerminateOnNaN` looks only at "loss", which no game logs;
`keras.callbacks.ModelCheckpoint(save_best_only=True)` forgets its best score in
a new process and writes in place; `keras.callbacks.TensorBoard` counts epochs of one
`fit`, not images.
"""

from tfgan.callbacks.best import KeepBest, StopWithoutImprovement
from tfgan.callbacks.costs_file import CostsFile
from tfgan.callbacks.curves import Curves
from tfgan.callbacks.evaluate import Evaluate
from tfgan.callbacks.overfitting import Overfitting
from tfgan.callbacks.metrics_file import MetricsFile
from tfgan.callbacks.non_finite import StopOnNonFinite
from tfgan.callbacks.of_keras import on_side
from tfgan.callbacks.progress import Progress
from tfgan.callbacks.sample_grid import SampleGrid
from tfgan.callbacks.shown import images_shown

__all__ = [
    "CostsFile",
    "Curves",
    "Evaluate",
    "KeepBest",
    "MetricsFile",
    "Overfitting",
    "Progress",
    "SampleGrid",
    "StopOnNonFinite",
    "StopWithoutImprovement",
    "images_shown",
    "on_side",
]
