import os
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Two test processes share the cores: more threads of NumPy would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Never the user's own.
os.environ["TFGAN_CACHE"] = tempfile.mkdtemp(prefix="tfgan_tests_")

import gc

import keras
import pytest
from tensorflow.python.framework import ops

# Traces make millions of short-lived objects: Python's collector, as it is set by default, took a
# seventh of the tests' time.
gc.freeze()
gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def seeded():
    """Every test starts from the same weights, whatever ran before it."""
    keras.utils.set_random_seed(0)


@pytest.fixture(autouse=True)
def freed():
    """After every test, lets go of what TensorFlow holds of its graphs, and with them of all weights.

    `tf.custom_gradient`, which Keras uses, registers each gradient for as long as the process lives:
    a test process grew to 13 GB.
    """
    yield
    registered = ops.gradient_registry._registry
    for name in [name for name in registered if name.startswith("CustomGradient-")]:
        del registered[name]
