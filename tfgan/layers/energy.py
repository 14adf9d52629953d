"""The logit of a discriminator that is an autoencoder."""

import keras

from tfgan import errors

ERRORS = {"absolute": keras.ops.abs, "squared": keras.ops.square}


@keras.saving.register_keras_serializable(package="tfgan")
class ReconstructionLogit(keras.layers.Layer):
    """Minus the energy of examples: minus the mean error with which they were reconstructed.

    Inputs: a pair of examples and reconstructions, both `[batch, ...]`; output
    `[batch, 1]`. Real examples, which an autoencoder reconstructs well, get high logits.

    Args:
        error: "absolute" or "squared", of which the mean over all pixels and channels is
            taken: with pixels in [-1, 1] at most 2 or 4.

    Raises:
        ValueError: an unknown error.

    Reference:
        Zhao et al. 2017 (EBGAN), https://arxiv.org/abs/1609.03126
    """

    def __init__(self, error="squared", **kwargs):
        super().__init__(**kwargs)
        self.error = error
        errors.lookup("error", error, ERRORS)

    def call(self, inputs):
        examples, reconstructions = (keras.ops.cast(each, self.compute_dtype) for each in inputs)
        found = ERRORS[self.error](examples - reconstructions)
        return -keras.ops.mean(found, axis=list(range(1, len(found.shape))))[:, None]

    def compute_output_shape(self, input_shape):
        return (input_shape[0][0], 1)

    def get_config(self):
        return {**super().get_config(), "error": self.error}
