"""Inputs of a game's samplers from a command line: labels, folders of images, options."""

from tfgan import errors
from tfgan.experiment.kinds import options
from tfgan.experiment.labels import conditions_for


def given_for(sampler, spec, labels=(), folders=(), count=None, columns=8):
    """Inputs of a sampler from labels and folders that a user names.

    Args:
        sampler: `tfgan.samplers.Sampler`.
        spec: dict of part to `Part` of the game's data.
        labels: as in `conditions_for`.
        folders: of images, "FOLDER" or "PART=FOLDER", for a sampler that is given some.
        count: samples to make; None: as many as there are images given, or 64.
        columns: columns of a grid that does not have one per class.

    Returns:
        `(given, count, columns)`: dict of part to array, number of samples, columns of their grid.

    Raises:
        ValueError: labels or folders that the sampler does not take, or none where it needs some.
    """
    found = _images(sampler, spec, folders)
    count = count or (len(next(iter(found.values()))) if found else 64)
    conditioned = "condition" in sampler.given and "condition" not in found
    condition, columns = conditions_for(spec if conditioned else {}, labels, count, columns)
    return ({**found, "condition": condition} if conditioned else found), count, columns


def options_for(sampler, text):
    """Options of a sampler from text such as "scale=0.8", a dict.

    Raises:
        ValueError: options that the sampler does not have, or no numbers for those that are.
    """
    found = options("").parse("options", text)
    for name, value in found.items():
        default = errors.lookup("options", name, sampler.options)
        if _is_number(default) and not _is_number(value):
            raise errors.invalid("options", f"a number for {name}", value)
    return found


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


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
