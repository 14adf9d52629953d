"""Layers that Keras lacks, and faster versions of some that it has.

All are registered with Keras under "tfgan" when this package is imported; import it
(`from tfgan import layers`) before loading a saved model that contains them.
"""

from tfgan.layers.convolutions import Conv2D, Conv2DTranspose
from tfgan.layers.dropout import SamplingDropout
from tfgan.layers.labels import LabelsToOneHot
from tfgan.layers.maxout import Maxout
from tfgan.layers.minibatch import MinibatchDiscrimination, MinibatchStdDev
from tfgan.layers.normalization import BatchNormalization
from tfgan.layers.sort import Sort
from tfgan.layers.spectral import SpectralConv2D, SpectralDense

__all__ = [
    "BatchNormalization",
    "Conv2D",
    "Conv2DTranspose",
    "LabelsToOneHot",
    "Maxout",
    "MinibatchDiscrimination",
    "MinibatchStdDev",
    "SamplingDropout",
    "Sort",
    "SpectralConv2D",
    "SpectralDense",
]
