"""Schedules: the order of a round's updates, alternating or simultaneous.

A schedule is `(game, slices, random)`, which makes the updates of one round on its slices
of the batch.

The `shared` schedules make the round's last two updates with the same noise and
compute each forward pass once, so that both sides use the same generated images. This
saves up to a fifth of the arithmetic. It does no harm on MNIST; on a ring of
Gaussians some seeds fail with it, and all with a simultaneous schedule
(docs/results/settings.md).
"""

import tensorflow as tf

from tfgan.training import passes

# Thresholds relative to the loss at zero logits: below the first the discriminator's update
# is skipped, above the second the generator's.
LEAST_SHARE, MOST_SHARE = 0.3, 1.0


def alternating(game, slices, random):
    """`discriminator_steps` updates of the discriminator's side, then one of the generator's.

    Each update starts from the weights after the one before.

    Reference:
        Algorithm 1 of Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
    """
    steps = game.discriminator_steps
    for i in range(steps):
        game.update("discriminator", slices[i], random.fold(i))
    game.update("generator", slices[-1], random.fold(steps))


def simultaneous(game, slices, random):
    """Both sides are updated at once, with gradients taken at the same weights.

    Of several `discriminator_steps` only the last is simultaneous with the generator's.

    Reference:
        Algorithm 1 of Mescheder et al. 2017, https://arxiv.org/abs/1705.10461
    """
    steps = _update_but_last(game, slices, random)
    noises = {"generator": random.fold(steps), "discriminator": random.fold(steps - 1)}
    _move_together(game, slices[-1], noises)


def alternating_shared(game, slices, random):
    """`alternating`, with one pass of the generator for the last two updates.

    Reference:
        PyTorch's DCGAN example, https://github.com/pytorch/examples/tree/main/dcgan
    """
    steps = _update_but_last(game, slices, random)
    noise = random.fold(steps)
    with passes.shared():
        if steps:
            game.update("discriminator", slices[-1], noise)
        game.update("generator", slices[-1], noise)


def simultaneous_shared(game, slices, random):
    """`simultaneous`, with one forward pass of each network for both sides.

    Reference:
        TensorFlow's DCGAN tutorial, https://www.tensorflow.org/tutorials/generative/dcgan
    """
    steps = _update_but_last(game, slices, random)
    with passes.shared():
        _move_together(game, slices[-1], dict.fromkeys(game.sides, random.fold(steps)))


def adaptive(game, slices, random):
    """`alternating`, except that the updates of a side that is ahead are skipped.

    Which side is ahead is decided by the discriminator's loss on the round's last slice,
    divided by the loss at zero logits: below 0.3 the discriminator's updates of this round
    are skipped, above 1 the generator's.

    Reference:
        A common heuristic; on the balance of both sides see section 5 of Goodfellow 2016,
        https://arxiv.org/abs/1701.00160
    """
    steps = game.discriminator_steps
    loss = game.log_terms("discriminator", slices[-1], random.fold(steps + 1))
    share = loss / tf.cast(loss_at_chance(game), loss.dtype)

    def update_unless(skipped, side, batch, noise):
        # Both return a bool, because the branches of a `tf.cond` must return the same structure.
        update = lambda: (game.update(side, batch, noise), True)[1]
        skip = lambda: (game.log_terms(side, batch, noise), False)[1]
        tf.cond(skipped, skip, update)

    # With a loss of NaN both comparisons are False: both sides are updated, and NaN is logged.
    for i in range(steps):
        update_unless(share < LEAST_SHARE, "discriminator", slices[i], random.fold(i))
    update_unless(share > MOST_SHARE, "generator", slices[-1], random.fold(steps))


def _update_but_last(game, slices, random):
    """Makes all of the discriminator's updates but the last; returns `discriminator_steps`."""
    for i in range(game.discriminator_steps - 1):
        game.update("discriminator", slices[i], random.fold(i))
    return game.discriminator_steps


def _move_together(game, batch, noises):
    """Updates sides from the same weights: computes all updates in order, then applies them."""
    without_update = () if game.discriminator_steps else ("discriminator",)
    moves = {
        side: game.move(side, batch, noise)
        for side, noise in noises.items()
        if game.sides[side] and side not in without_update
    }
    for side, move in moves.items():
        game.apply(side, move)


def loss_at_chance(game):
    """The discriminator's adversarial loss where every logit is 0, a scalar."""
    zero = tf.zeros([1])
    return len(game.adversarial_terms) * game.objective.loss.discriminator(zero, zero)


SCHEDULES = {
    "alternating": alternating,
    "simultaneous": simultaneous,
    "alternating_shared": alternating_shared,
    "simultaneous_shared": simultaneous_shared,
    "adaptive": adaptive,
}

# Schedules that compute each forward pass of the round's last two updates once.
SHARED = (alternating_shared, simultaneous_shared)
