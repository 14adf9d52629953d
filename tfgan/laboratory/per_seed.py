"""Stacking of several seeds' dense networks to one network, whose weights have a seed axis."""

import keras
import numpy as np
import tensorflow as tf

from tfgan import errors
from tfgan.layers import BatchNormalization, Maxout, MinibatchDiscrimination, Sort


def _dense(layer, weights, x, training):
    kernel, *bias = weights
    x = tf.matmul(x, kernel.value)
    return layer.activation(x + bias[0].value[:, None] if bias else x)


def _maxout(layer, weights, x, training):
    kernel, bias = weights
    z = tf.matmul(x, kernel.value) + bias.value[:, None]
    return tf.reduce_max(
        tf.reshape(z, [z.shape[0], -1, layer.units, layer.pieces]), axis=-1
    )


def _batch_normalization(layer, weights, x, training):
    gamma, beta, mean, variance = weights
    now = mean.value[:, None], variance.value[:, None]
    if training:
        now = tf.nn.moments(x, axes=[1], keepdims=True)
        for average, value in zip((mean, variance), now):
            average.assign_sub((1 - layer.momentum) * (average.value - value[:, 0]))
    scale = gamma.value[:, None] * tf.math.rsqrt(now[1] + layer.epsilon)
    return (x - now[0]) * scale + beta.value[:, None]


def _minibatch_discrimination(layer, weights, x, training):
    m = tf.matmul(x, weights[0].value)
    m = tf.reshape(m, [m.shape[0], -1, layer.kernels, layer.kernel_dims])
    distances = tf.reduce_sum(tf.abs(m[:, :, None] - m[:, None]), axis=-1)
    # Every example is at distance 0 from itself.
    o = tf.reduce_sum(tf.exp(-distances), axis=2) - 1.0
    return tf.concat([x, o], axis=-1)


def _same(layer, weights, x, training):
    return layer(x, training=training)


# Type of layer -> its function on weights and inputs with a seed axis.
LAYERS = {
    keras.layers.Dense: _dense,
    Maxout: _maxout,
    MinibatchDiscrimination: _minibatch_discrimination,
    keras.layers.BatchNormalization: _batch_normalization,
    BatchNormalization: _batch_normalization,
    keras.layers.Activation: _same,
    keras.layers.ReLU: _same,
    keras.layers.LeakyReLU: _same,
    keras.layers.Rescaling: _same,
    Sort: _same,
}


@keras.saving.register_keras_serializable(package="tfgan")
class PerSeed(keras.layers.Layer):
    """A layer of several copies of a network, each with its own weights and its own rows.

    Input `[seeds * batch, features]`, the rows of seed 0 first; output `[seeds * batch,
    outputs]` in the same order.

    Args:
        network: a functional or Sequential Keras model, one layer after the other, all of
            a type in `LAYERS`.
        seeds: int >= 1, number of copies.

    Raises:
        ValueError: a layer of another type, with a constraint, or batch normalisation
            without scale or centre.
    """

    def __init__(self, network, seeds, **kwargs):
        super().__init__(**kwargs)
        self.network, self.seeds = network, seeds
        # The template's weights are unused; the stacked copies are trained.
        self.network.trainable = False
        self.chain = []
        for layer in network.layers:
            if isinstance(layer, keras.layers.InputLayer):
                continue
            _check_plain(layer)
            own = [
                self.add_weight(
                    name=f"{layer.name}_{weight.name}",
                    shape=(seeds, *weight.shape),
                    trainable=weight.name not in ("moving_mean", "moving_variance"),
                    initializer="zeros",
                )
                for weight in layer.weights
            ]
            self.chain.append((_kind(layer), layer, own))
        self.built = True

    @property
    def layers(self):
        """The layers of one copy, for code that counts or checks layers."""
        return self.network.layers

    def copy_weights(self, networks):
        """Copies the weights of a list of networks, one per seed."""
        for own, weights in zip(self.own_weights(), zip(*(n.weights for n in networks)), strict=True):
            own.assign(tf.stack([tf.convert_to_tensor(weight) for weight in weights]))

    def own_weights(self):
        """The stacked weights, in the order of one network's `weights`."""
        return [weight for _, _, own in self.chain for weight in own]

    def call(self, inputs, training=False):
        x = tf.reshape(inputs, [self.seeds, -1, inputs.shape[-1]])
        for function, layer, weights in self.chain:
            x = function(layer, weights, x, training)
        return tf.reshape(x, [-1, x.shape[-1]])

    def compute_output_shape(self, input_shape):
        return (None, self.network.output_shape[-1])

    def get_config(self):
        network = keras.saving.serialize_keras_object(self.network)
        return {**super().get_config(), "network": network, "seeds": self.seeds}

    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "network": keras.saving.deserialize_keras_object(config["network"])})


def stack(networks):
    """Stacks networks that differ only in their weights to one functional Keras model.

    Args:
        networks: list of Keras models from one builder: dense layers, one after the other.

    Returns:
        A model of one `PerSeed` layer, with the name of the first network.

    Raises:
        ValueError: weights of different shapes, several inputs, layers that are not one
            after the other, or as in `PerSeed`.
    """
    first = networks[0]
    if len({tuple(tuple(w.shape) for w in network.weights) for network in networks}) > 1:
        got = [network.count_params() for network in networks]
        raise errors.invalid("networks", "weights of the same shapes", f"{got} weights")
    if len(first.inputs) != 1 or len(first.inputs[0].shape) != 2:
        raise errors.invalid("networks", "one input of rank 2", first.inputs)
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(first))
    layer = PerSeed(copy, len(networks), name="per_seed")
    inputs = keras.Input(first.inputs[0].shape[1:], name="rows")
    model = keras.Model(inputs, layer(inputs), name=first.name)
    layer.copy_weights(networks)
    _check_same(model, networks)
    return model


def _check_same(model, networks, rows=2):
    """Raises InputError if the stacked model's outputs are not those of the networks."""
    inputs = np.random.default_rng(0).normal(size=(len(networks), rows, *model.input_shape[1:]))
    expected = [network(part).numpy() for network, part in zip(networks, inputs)]
    if not np.allclose(model(np.concatenate(inputs)), np.concatenate(expected), atol=1e-4):
        raise errors.invalid("networks", "layers one after the other", networks[0].name)


def _check_plain(layer):
    """Raises InputError if a layer has options that the functions above do not compute."""
    if any(weight.constraint is not None for weight in layer.weights):
        raise errors.invalid("networks", "layers without constraints", layer.name)
    if isinstance(layer, keras.layers.BatchNormalization) and not (layer.scale and layer.center):
        raise errors.invalid("networks", "batch normalisation with scale and centre", layer.name)


def _kind(layer):
    # Exactly these types: what a subclass adds would be lost.
    if type(layer) in LAYERS:
        return LAYERS[type(layer)]
    known = ", ".join(kind.__name__ for kind in LAYERS)
    raise errors.invalid("networks", f"layers of these kinds: {known}", type(layer).__name__)
