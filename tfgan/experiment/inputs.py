"""Inputs of samplers from a command line: labels and folders of images."""

from tfgan import errors
from tfgan.experiment.labels import conditions_for


def given_for(sampler, spec, labels=(), folders=(), count=None, columns=8):
    """Inputs of a sampler from labels and folders that a user names.

    Args:
        sampler: `tfgan.samplers.Sampler`.
        spec: dict of part to `Part` of the game's data.
        labels: as in `conditions_for`.
        folders: of images, "FOLDER" or "PART=FOLDER", for a sampler that is given some.
        count: samples; None: as many as there are images given, or 64.
        columns: of a grid whose columns are no classes.

    Returns:
        `(given, count, columns)`: dict of part to array, samples, columns of their grid.

    Raises:
        ValueError: labels or folders that the sampler is not given, or lacks.
    """
    found = _images(sampler, spec, folders)
    count = count or (len(next(iter(found.values()))) if found else 64)
    conditioned = "condition" in sampler.given and "condition" not in found
    condition, columns = conditions_for(spec if conditioned else {}, labels, count, columns)
    return ({**found, "condition": condition} if conditioned else found), count, columns


def _images(sampler, spec, folders):
    from tfgan import data

    wanted, found = list(sampler.images_given), {}
    for text in folders:
        part, equals, folder = text.rpartition("=")
        part = part if equals else next((name for name in wanted if name not in found), None)
        if part not in wanted:
            raise errors.invalid("input", f"images of {', '.join(wanted) or 'nothing'}", text)
        side = spec[part].shape[:2]
        found[part] = data.open_source(f"folder:{folder}", image_size=side).table("images")["images"]
    for part in wanted:
        if part not in found:
            raise errors.invalid("input", f"a folder of images for {part}", list(folders))
    return found
