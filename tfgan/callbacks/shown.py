"""The count that ticks, pictures and logs go by."""

import keras


def images_shown(game):
    """Real images that a game has seen, an int."""
    return int(keras.ops.convert_to_numpy(game.images_shown))
