"""Arithmetic of a training round, counted from the layers."""

import keras


def forward(network):
    """Floating-point operations of one example's forward pass: (all layers, first layer)."""
    counts = [_of_layer(layer) for layer in network.layers]
    counts = [count for count in counts if count]
    return sum(counts), counts[0]


def per_round(generator, discriminator, critic_steps, penalty, shared_forward=False):
    """Operations per example of a round of critic updates and one generator update.

    A backward pass costs a forward for the weights and one for the inputs, which
    the first layer does not need. The gradient penalty costs four forwards of D:
    forward, input gradient, and both again with respect to the weights.
    """
    g, g_first = forward(generator)
    d, d_first = forward(discriminator)
    critic = g + 2 * d + 2 * (2 * d - d_first) + (4 * d if penalty else 0)
    update = g + d + d + (2 * g - g_first)
    return critic_steps * critic + update - (g if shared_forward else 0)


def _of_layer(layer):
    if isinstance(layer, keras.layers.Dense):
        return 2 * layer.kernel.shape[0] * layer.kernel.shape[1]
    if isinstance(layer, keras.layers.Conv2DTranspose):
        _, height, width, _ = layer.input.shape
    elif isinstance(layer, keras.layers.Conv2D):
        _, height, width, _ = layer.output.shape
    else:
        return 0
    taps = 1
    for length in layer.kernel.shape:
        taps *= length
    return 2 * height * width * taps
