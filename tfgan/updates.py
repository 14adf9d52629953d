"""Schedules: in what order, and from which point, the two sides move.

A schedule is `(game, slices, random) -> None`. It sees a game only through

* `game.update(side, batch, random)`: one step of one side;
* `game.gradients(side, batch, random)` and `game.apply(side, gradients)`: the
  two halves of that step.

The `shared` schedules play the round's last two updates with the same noise and
compute each forward pass once, which saves up to a fifth of the arithmetic: the
generator's images serve both sides. That does no harm on MNIST; on a ring of
Gaussians some seeds fail with it, and all with a simultaneous schedule
(docs/results/settings.md).

An update rule that finds gradients another way (extragradient, consensus ...)
stands in for `game.gradients`; no schedule knows which one it is.
"""

from tfgan import passes


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
    """Both sides move from the same point.

    With several `discriminator_steps` the last of them is the simultaneous one.
    """
    steps = game.discriminator_steps
    for i in range(steps - 1):
        game.update("discriminator", slices[i], random.fold(i))
    gradients = {"generator": game.gradients("generator", slices[-1], random.fold(steps))}
    if steps:
        last = random.fold(steps - 1)
        gradients["discriminator"] = game.gradients("discriminator", slices[-1], last)
    for side, gradient in gradients.items():
        game.apply(side, gradient)


def alternating_shared(game, slices, random):
    """`alternating`, with one generator forward for the last two updates.

    Reference:
        As in PyTorch's DCGAN example.
    """
    steps = game.discriminator_steps
    for i in range(steps - 1):
        game.update("discriminator", slices[i], random.fold(i))
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
    steps = game.discriminator_steps
    for i in range(steps - 1):
        game.update("discriminator", slices[i], random.fold(i))
    noise = random.fold(steps)
    with passes.shared():
        sides = ("discriminator", "generator") if steps else ("generator",)
        gradients = {side: game.gradients(side, slices[-1], noise) for side in sides}
        for side, gradient in gradients.items():
            game.apply(side, gradient)


SCHEDULES = {
    "alternating": alternating,
    "simultaneous": simultaneous,
    "alternating_shared": alternating_shared,
    "simultaneous_shared": simultaneous_shared,
}
