"""Cached features of real data."""

import json

import numpy as np

from tfgan.features import cache
from tfgan.features.extractor import Features, as_bytes


def real_features(extractor, images, protocol):
    """`extractor(images)`, read from the cache if it was computed before.

    Args:
        extractor: `Extractor`.
        images: as in `Extractor.__call__`.
        protocol: str for people, such as "mnist train[50000:]", stored with the features.

    Returns:
        `Features`.
    """
    images = as_bytes("images", images)
    if extractor.fingerprint is None:
        return extractor(images)
    key = cache.digest(extractor.name, extractor.fingerprint, str(images.shape), images)
    path = cache.folder() / f"features_{extractor.name}_{key}"
    if not path.exists():
        found = extractor(images)
        with cache.keeping(path) as beside:
            arrays = {name: array for name, array in found._asdict().items() if array is not None}
            np.savez(beside / "features.npz", **arrays)
            about = {
                "data": protocol,
                "images": list(images.shape),
                "extractor": extractor.name,
                "fingerprint": extractor.fingerprint,
                "note": extractor.note,
            }
            (beside / "protocol.json").write_text(json.dumps(about, indent=1))
        return found
    with np.load(path / "features.npz") as kept:
        return Features(**kept)
