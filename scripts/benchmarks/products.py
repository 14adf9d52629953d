"""Speed of the matrix products of W1's convolutions alone, in their own shapes.

A step cannot be faster than its products: their share of the peak of square products bounds its own.
"""

import time

from tables.markdown import Table

# Layers of the discriminator: height of the output, channels in and out. The generator's mirror them.
LAYERS = ((32, 3, 128), (16, 128, 256), (8, 256, 512), (4, 512, 1024))
KERNEL = 25
TURN = 0.5


def measure(values):
    """One result per batch: the share of the peak that each layer's three products reach, and all of them."""
    peak = max(_rate(2048, 2048, 2048) for _ in range(values.rounds))
    results = []
    for batch in (16, 64):
        operations = seconds = 0.0
        layers = []
        for height, channels, filters in LAYERS:
            m, k, n = batch * height**2, KERNEL * channels, filters
            # Forward, gradient by the input, gradient by the kernel.
            rates = [_rate(m, k, n), _rate(m, n, k, transpose_b=True), _rate(k, m, n, transpose_a=True)]
            operations += 3 * 2 * m * k * n
            seconds += sum(2 * m * k * n / rate / 1e9 for rate in rates)
            layers.append({"product": [m, k, n], "shares": [rate / peak for rate in rates]})
        share = operations / seconds / 1e9 / peak
        results.append({"workload": "W1", "batch": batch, "share": share, "layers": layers})
    return results


def page(results):
    lines = []
    for result in sorted(results, key=lambda result: result["batch"]):
        shares = "; ".join(
            " ".join(f"{share:.2f}" for share in layer["shares"]) for layer in result["layers"]
        )
        lines.append([str(result["batch"]), shares, f"{result['share']:.0%}"])
    return f"""\
The last column is the most that a step can reach: the convolutions of W1's discriminator as float32 products,
as shares of the peak of square products, weighted by their time.

{Table(["batch", "each layer: forward, gradient by the input, by the kernel", "all"], lines)}"""


def _rate(m, k, n, transpose_a=False, transpose_b=False):
    """GFLOP/s of [m, k] x [k, n]."""
    import tensorflow as tf

    one = tf.random.normal([k, m] if transpose_a else [m, k])
    other = tf.random.normal([n, k] if transpose_b else [k, n])
    product = tf.function(
        lambda: tf.matmul(one, other, transpose_a=transpose_a, transpose_b=transpose_b)
    )
    product()
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < TURN:
        product()
        count += 1
    return 2 * m * k * n * count / (time.perf_counter() - started) / 1e9
