"""Schedules: the order of a round's updates, alternating or simultaneous.

The `shared` schedules play the round's last two updates with the same noise and
compute each forward pass once, which saves up to a fifth of the arithmetic: the
generator's images serve both sides. That does no harm on MNIST; on a ring of
Gaussians some seeds fail with it, and all with a simultaneous schedule
(docs/results/settings.md).
"""

import tensorflow as tf

from tfgan.training import passes

# Thresholds relative to the loss at zero logits: below the first the discriminator rests,
# above the second the generator does.
LEAST_SHARE, MOST_SHARE = 0.3, 1.0


def alternating(game, slices, random):
    """`discriminator_steps` updates of the discriminator's side, then one of the generator's.

    Each update starts from where the one before ended.

    Reference:
        Algorithm 1 of Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661
    """
    steps = game.discriminator_steps
    for i in range(steps):
        game.update("discriminator", slices[i], random.fold(i))
    game.update("generator", slices[-1], random.fold(steps))


def simultaneous(game, slices, random):
    """Both sides move at once, each by its gradients at the same weights.

    Of several `discriminator_steps` the last is simultaneous with the generator's.
    """
    steps = _update_but_last(game, slices, random)
    noises = {"generator": random.fold(steps), "discriminator": random.fold(steps - 1)}
    _move_together(game, slices[-1], noises)


def alternating_shared(game, slices, random):
    """`alternating`, with one generator forward for the last two updates.

    Reference:
        As in PyTorch's DCGAN example.
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
        As in TensorFlow's DCGAN tutorial.
    """
    steps = _update_but_last(game, slices, random)
    with passes.shared():
        _move_together(game, slices[-1], dict.fromkeys(game.sides, random.fold(steps)))


def adaptive(game, slices, random):
    """`alternating`, but the side that is ahead rests: the one that lags is trained.

    Which one is ahead is decided by the discriminator's loss on the round's last slice,
    divided by the loss at zero logits: below 0.3 the discriminator rests in this round,
    above 1 the generator does.

    Reference:
        Practice; on the balance of the two see section 5 of Goodfellow 2016,
        https://arxiv.org/abs/1701.00160
    """
    steps = game.discriminator_steps
    loss = game.log_terms("discriminator", slices[-1], random.fold(steps + 1))
    share = loss / tf.cast(loss_at_chance(game), loss.dtype)

    def update_unless(rests, side, batch, noise):
        # Rules and optimizers return nothing that a condition could carry on.
        step = lambda: (game.update(side, batch, noise), True)[1]
        rest = lambda: (game.log_terms(side, batch, noise), False)[1]
        tf.cond(rests, rest, step)

    # Where the loss is no number, nobody rests, and the callbacks see it.
    for i in range(steps):
        update_unless(share < LEAST_SHARE, "discriminator", slices[i], random.fold(i))
    update_unless(share > MOST_SHARE, "generator", slices[-1], random.fold(steps))


def _update_but_last(game, slices, random):
    """The discriminator's updates before the round's last one; returns `discriminator_steps`."""
    for i in range(game.discriminator_steps - 1):
        game.update("discriminator", slices[i], random.fold(i))
    return game.discriminator_steps


def _move_together(game, batch, noises):
    """Updates sides from one point: computes all updates in order, then applies them."""
    resting = () if game.discriminator_steps else ("discriminator",)
    moves = {
        side: game.move(side, batch, noise)
        for side, noise in noises.items()
        if game.sides[side] and side not in resting
    }
    for side, move in moves.items():
        game.apply(side, move)


def loss_at_chance(game):
    """The sum of adversarial terms where every logit is 0, a scalar."""
    zero = tf.zeros([1])
    return len(game.adversarial_terms) * game.objective.loss.discriminator(zero, zero)


SCHEDULES = {
    "alternating": alternating,
    "simultaneous": simultaneous,
    "alternating_shared": alternating_shared,
    "simultaneous_shared": simultaneous_shared,
    "adaptive": adaptive,
}

# Those that compute each forward pass of an update once.
SHARED = (alternating_shared, simultaneous_shared)
