"""Inception networks, as used for published scores, loaded from local files."""

import hashlib
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tfgan import errors
from tfgan.features.extractor import Extractor, Features

# Images per batch, and the sides of Keras's InceptionV3 in pixels.
BATCH = 50
SIZE = (299, 299)
GRAPH = (
    "classify_image_graph_def.pb, from inside "
    "http://download.tensorflow.org/models/image/imagenet/inception-2015-12-05.tgz"
)
WEIGHTS = (
    "inception_v3_weights_tf_dim_ordering_tf_kernels.h5, from "
    "https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/"
)


def open_inception_tf2015(path=None, data_dir=None):
    """TensorFlow's Inception network of 2015, which FID and the Inception score are defined by.

    Features are `pool_3` (2,048); probabilities (1,008) are the softmax of `pool_3`
    times the last layer's weights, without its bias, as in the code of the Inception
    score. The graph gets images as floats in 0..255 and resizes them itself; grey
    images get three equal channels. No image is left out: the last batch may be smaller.

    Args:
        path: the frozen graph, `classify_image_graph_def.pb`.
        data_dir: not used.

    Returns:
        `Extractor` of images of any size, with 1 or 3 channels.

    Raises:
        FileNotFoundError: no such file.
        ValueError: a file that is no such graph.

    Reference:
        Szegedy et al. 2015, https://arxiv.org/abs/1512.00567; Heusel et al. 2017,
        https://arxiv.org/abs/1706.08500; Salimans et al. 2016,
        https://arxiv.org/abs/1606.03498
    """
    content = _read(path, GRAPH)
    graph = tf.compat.v1.GraphDef()
    try:
        graph.ParseFromString(content)
        function = _graph_function(graph)
    except Exception as error:  # protobuf's error is no public name
        raise errors.invalid("extractor", GRAPH, f"{path}: {error}") from error
    return Extractor("inception_tf2015", _fingerprint(content), _in_batches(function))


def open_inception_keras(path=None, data_dir=None):
    """Keras's InceptionV3 (2,048 features, 1,000 classes), whose weights are not those of FID.

    Images are scaled to 299x299 (bilinear, antialiased) in [-1, 1].

    Args:
        path: weights of `keras.applications.InceptionV3` with its top, `.h5`.
        data_dir: not used.

    Returns:
        `Extractor` of images of any size, with 1 or 3 channels.

    Raises:
        FileNotFoundError: no such file.
        ValueError: a file that holds no such weights.

    Reference:
        Szegedy et al. 2015, https://arxiv.org/abs/1512.00567
    """
    content = _read(path, WEIGHTS)
    try:
        network = keras.applications.InceptionV3(weights=str(Path(path).expanduser()))
    except (OSError, ValueError) as error:
        raise errors.invalid("extractor", WEIGHTS, f"{path}: {error}") from error
    both = keras.Model(network.inputs, [network.get_layer("avg_pool").output, network.output])

    @tf.function(reduce_retracing=True, autograph=False)
    def function(images):
        resized = tf.image.resize(images, SIZE, antialias=True)
        return both(resized / 127.5 - 1, training=False)

    return Extractor("inception_keras", _fingerprint(content), _in_batches(function))


def _graph_function(graph):
    """float32 images [b, h, w, 3] of 0 to 255 -> (pool_3, softmax without the bias)."""

    def inception(images):
        pool, product = tf.graph_util.import_graph_def(
            graph,
            input_map={"ExpandDims:0": images},
            return_elements=["pool_3:0", "softmax/logits/MatMul"],
            name="",
        )
        weights = product.inputs[1]
        # The graph's own shape is that of a batch of one image.
        pool = tf.reshape(pool, [-1, weights.shape[0]])
        return pool, tf.nn.softmax(tf.matmul(pool, weights))

    signature = tf.TensorSpec([None, None, None, 3], tf.float32)
    return tf.compat.v1.wrap_function(inception, [signature])


def _in_batches(function):
    def extract(images):
        channels = images.shape[-1]
        if channels not in (1, 3):
            raise errors.invalid("images", "1 or 3 channels", channels)
        found = []
        for start in range(0, len(images), BATCH):
            batch = images[start : start + BATCH].astype(np.float32)
            found.append(function(tf.constant(np.repeat(batch, 3 // channels, axis=-1))))
        return Features(*(np.concatenate(parts) for parts in zip(*found)))

    return extract


def _read(path, expected):
    if path is None or not Path(path).expanduser().is_file():
        raise errors.missing("extractor", expected, path)
    return Path(path).expanduser().read_bytes()


def _fingerprint(content):
    return hashlib.sha256(content).hexdigest()[:16]
