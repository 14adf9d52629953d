"""f-divergences of p from q, and the bound by which f-GANs minimise them.

An f-divergence is D_f = E_q f(u), where u = p / q is the ratio of the densities of real
and generated examples, f is convex and f(1) = 0. For every function T of an example

    D_f >= E_p T - E_q f*(T),

with the convex conjugate f* of f; equal where T = f'(u). A discriminator that ends with
T = g(logit) raises the bound, the generator lowers it. Every g rises with the logit, so
that high logits mean real.
"""

import math
from typing import Callable, NamedTuple

import numpy as np
import tensorflow as tf

# exp(20) is about 5e8, so that the squares of gradients, which Adam keeps, fit float32.
LARGEST_EXPONENT = 20.0
LN2 = math.log(2)


class Divergence(NamedTuple):
    """An f-divergence.

    Attributes:
        function: f of density ratios u > 0, a NumPy array.
        witness: g, from logits to values of T in the domain of f*.
        conjugate: f*(g(logits)), simplified where both together are simpler.

    Reference:
        Nowozin et al. 2016 (f-GAN), https://arxiv.org/abs/1606.00709
    """

    function: Callable
    witness: Callable
    conjugate: Callable


def exp(x):
    """exp(x), where x above 20 is clipped to 20."""
    return tf.exp(tf.minimum(x, LARGEST_EXPONENT))


# |u - 1| / 2: half the integral of |p - q|, at most 1.
TOTAL_VARIATION = Divergence(
    lambda u: np.abs(u - 1) / 2,
    lambda v: tf.tanh(v) / 2,
    lambda v: tf.tanh(v) / 2,
)
# KL(p || q), whose minimiser among Gaussians has the mean and variance of p.
KL = Divergence(
    lambda u: u * np.log(u),
    lambda v: v,
    lambda v: exp(v - 1),
)
# KL(q || p).
REVERSE_KL = Divergence(
    lambda u: -np.log(u),
    lambda v: -exp(-v),
    lambda v: v - 1,
)
# KL(p || q) + KL(q || p). T = f'(u) = ln u + 1 - 1/u at v = ln u, without Lambert's W.
JEFFREY = Divergence(
    lambda u: (u - 1) * np.log(u),
    lambda v: v + 1 - exp(-v),
    lambda v: v - 1 + exp(v),
)
# The integral of (p - q)^2 / q.
PEARSON = Divergence(
    lambda u: (u - 1) ** 2,
    lambda v: v,
    lambda v: v**2 / 4 + v,
)
# The integral of (p - q)^2 / p.
NEYMAN = Divergence(
    lambda u: (1 - u) ** 2 / u,
    lambda v: 1 - exp(-v),
    lambda v: 2 - 2 * exp(-v / 2),
)
# The integral of (sqrt p - sqrt q)^2.
SQUARED_HELLINGER = Divergence(
    lambda u: (np.sqrt(u) - 1) ** 2,
    lambda v: 1 - exp(-v),
    lambda v: exp(v) - 1,
)
# Twice the Jensen-Shannon divergence: KL(p || m) + KL(q || m) with m = (p + q) / 2.
JENSEN_SHANNON = Divergence(
    lambda u: u * np.log(u) - (u + 1) * np.log((u + 1) / 2),
    lambda v: LN2 - tf.nn.softplus(-v),
    lambda v: tf.nn.softplus(v) - LN2,
)
# The first GAN's game, JENSEN_SHANNON less ln 4: the loss `minimax`.
GAN = Divergence(
    lambda u: u * np.log(u) - (u + 1) * np.log(u + 1),
    lambda v: -tf.nn.softplus(-v),
    tf.nn.softplus,
)
