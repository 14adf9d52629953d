import os
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Two test processes share the cores: more threads of NumPy would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Never the user's own.
os.environ["TFGAN_CACHE"] = tempfile.mkdtemp(prefix="tfgan_tests_")

import keras
import pytest


@pytest.fixture(autouse=True)
def seeded():
    """Every test starts from the same weights, whatever ran before it."""
    keras.utils.set_random_seed(0)
