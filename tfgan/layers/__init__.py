"""Layers that Keras lacks, and faster versions of some that it has.

All are registered with Keras under "tfgan" when this package is imported; import it
(`from tfgan import layers`) before loading a saved model that contains them.
"""

from tfgan.layers.conditional_norm import ConditionalBatchNormalization
from tfgan.layers.convolutions import Conv2D, Conv2DTranspose
from tfgan.layers.dropout import SamplingDropout
from tfgan.layers.energy import ReconstructionLogit
from tfgan.layers.labels import LabelsToOneHot, MultiHotTags
from tfgan.layers.log_sum_exp import LogSumExp
from tfgan.layers.maxout import Maxout
from tfgan.layers.minibatch import MinibatchDiscrimination, MinibatchStdDev
from tfgan.layers.normalization import BatchNormalization
from tfgan.layers.pooling import GlobalSumPooling2D
from tfgan.layers.projection import Projection
from tfgan.layers.sort import Sort
from tfgan.layers.spectral import SpectralConv2D, SpectralDense
from tfgan.layers.weight_normalization import WeightNormDense

__all__ = [
    "BatchNormalization",
    "ConditionalBatchNormalization",
    "Conv2D",
    "Conv2DTranspose",
    "GlobalSumPooling2D",
    "LabelsToOneHot",
    "LogSumExp",
    "Maxout",
    "MinibatchDiscrimination",
    "MinibatchStdDev",
    "MultiHotTags",
    "Projection",
    "ReconstructionLogit",
    "SamplingDropout",
    "Sort",
    "SpectralConv2D",
    "SpectralDense",
    "WeightNormDense",
]
