"""Number of real images shown so far, the x-axis of logs and pictures."""

import keras


def images_shown(game):
    """Real images that a run has shown, with those of its earlier stages; an int."""
    return game.images_before + int(keras.ops.convert_to_numpy(game.images_shown))
