"""The machine: processor and versions, peak speed of matrix products, and other load."""

import os
import platform
import sys
import time
from importlib import metadata
from pathlib import Path

PACKAGES = ("tensorflow", "keras", "numpy", "torch")


def facts():
    """Processor, cores, versions: a dict of str."""
    return {
        "processor": _cpuinfo("model name") or platform.processor(),
        "cores": str(os.cpu_count()),
        "bfloat16": ", ".join(f for f in ("avx512_bf16", "amx_bf16") if has(f)) or "no",
        "python": platform.python_version(),
        **{name: version for name in PACKAGES if (version := _version(name))},
    }


def has(feature):
    """Whether the processor lists a feature, such as "avx512_bf16"."""
    return feature in _cpuinfo("flags").split()


def warn_if_busy():
    """Warns on standard error if other processes use the processor."""
    before = _busy_seconds()
    time.sleep(0.5)
    used = (_busy_seconds() - before) / 0.5
    if used > 0.3:
        print(
            f"warning: other processes keep {used:.1f} cores busy; the figures will be too slow",
            file=sys.stderr,
        )


def product_peak(dtype, size=2048, seconds=0.5):
    """GFLOP/s of square matrix products."""
    import tensorflow as tf

    factor = tf.cast(tf.random.normal([size, size]), dtype)
    tf.matmul(factor, factor)
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        tf.matmul(factor, factor)
        count += 1
    return count * 2 * size**3 / (time.perf_counter() - started) / 1e9


def _busy_seconds():
    """Processor seconds that all processes have used so far; 0 if the system does not tell."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    user, nice, system = map(int, stat.read_text().split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def _cpuinfo(key):
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")


def _version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
