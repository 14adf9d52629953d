"""Number of real images shown so far, the x-axis of logs and pictures."""

import keras


def images_shown(game):
    """Number of real images that a run has shown, earlier stages included.

    Args:
        game: a `tfgan.GAN`.

    Returns:
        int.
    """
    return game.images_before + int(keras.ops.convert_to_numpy(game.images_shown))
