"""`--strategy`: the devices of this machine that a run trains on.

A game is built inside the scope of its strategy; its batch is the one that all devices
share, and its results do not depend on how many there are but for rounding. Checkpoints
pass between strategies.
"""

import functools

from tfgan import errors


def one():
    """The first GPU, or the processor where there is none: TensorFlow's default strategy."""
    import tensorflow as tf

    return tf.distribute.get_strategy()


def mirrored():
    """All GPUs, or all logical processors where there are none, with a copy of the game each."""
    import tensorflow as tf

    names = _names()
    # TensorFlow's own choice, collectives, is meant for GPUs.
    on_processors = tf.distribute.ReductionToOneDevice() if names[0].startswith("CPU") else None
    return tf.distribute.MirroredStrategy(names, cross_device_ops=on_processors)


def open_strategy(name=None):
    """The `tf.distribute.Strategy` of a name, and a line of text that says where it trains.

    Args:
        name: key of `STRATEGIES`; None: mirrored where there are several GPUs, else one.

    Returns:
        `(strategy, text)`. The strategy of a name is the same object throughout a process.
    """
    devices = _names()
    several = len(devices) > 1
    name = name or ("mirrored" if several and devices[0].startswith("GPU") else "one")
    strategy = _opened(name)
    replicas = strategy.num_replicas_in_sync
    used = ", ".join(devices[:replicas])
    if name == "mirrored" and replicas == 1:
        return strategy, f"trains on {used} (--strategy=mirrored finds one device)"
    return strategy, f"trains on {used} (--strategy={name})"


@functools.cache
def _opened(name):
    # Once per process: the collectives of two strategies would wait for each other.
    return errors.lookup("strategy", name, STRATEGIES)()


def _names():
    """Names of the devices to train on, such as ["GPU:0", "GPU:1"]."""
    import tensorflow as tf

    found = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
    return [device.name.removeprefix("/device:") for device in found]


STRATEGIES = {
    "one": one,
    "mirrored": mirrored,
}
