"""Number of arithmetic operations of a training round, counted from the layers."""

from tfgan import cost


def per_round(generator, discriminator, critic_steps, penalty, schedule):
    """The operations per example of a round: critic updates and one generator update.

    A backward pass costs as much as a forward pass for the weights, and another for the
    inputs, which the first layer does not need. The gradient penalty costs four forward
    passes of D: forward, input gradient, and both again with respect to the weights.

    Args:
        schedule: name in `tfgan.training.SCHEDULES`. Those that end in "shared" save a
            forward pass of G; "simultaneous_shared" saves one of D too.
    """
    (g, g_first), (d, d_first) = (
        (sum(counts), counts[0])
        for counts in (cost.operations(generator), cost.operations(discriminator))
    )
    critic = g + 2 * d + 2 * (2 * d - d_first) + (4 * d if penalty else 0)
    update = g + d + d + (2 * g - g_first)
    saved = {"alternating_shared": g, "simultaneous_shared": g + d}.get(schedule, 0)
    return critic_steps * critic + update - saved
