"""The count of images that ticks, pictures and logs go by."""

import keras


def images_shown(game):
    """Real images that a run has shown, with those of its earlier stages; an int."""
    return game.images_before + int(keras.ops.convert_to_numpy(game.images_shown))
