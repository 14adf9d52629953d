"""Checks of the arguments that all builders share."""

from tfgan import errors
from tfgan.checks import whole_number
from tfgan.networks.conditioning import Tags


def image_shape_of_rank(image_shape, *ranks):
    """Checks that `image_shape` has one of these ranks; returns it as a tuple of ints."""
    forms = {1: "(dims,)", 3: "(height, width, channels)"}
    if not isinstance(image_shape, (tuple, list)) or len(image_shape) not in ranks:
        expected = " or ".join(forms[rank] for rank in ranks)
        raise errors.invalid("image_shape", expected, image_shape)
    return tuple(whole_number("image_shape", side, 1) for side in image_shape)


def halvings(image_shape):
    """How often both sides of an image can be halved and stay whole and at least 4; at least twice."""
    sides = image_shape[:2]
    n = 0
    while not any(side % 2 ** (n + 1) for side in sides) and min(sides) >> (n + 1) >= 4:
        n += 1
    if n < 2:
        raise errors.invalid(
            "image_shape", "sides that divide by 4 and are at least 16", image_shape
        )
    return n


def classes(num_classes):
    """Checks `num_classes`; returns a tuple of ints >= 1, one per label, or `Tags`."""
    if isinstance(num_classes, Tags):
        return Tags(whole_number("num_classes", num_classes.count, 1))
    if not isinstance(num_classes, (tuple, list)):
        raise errors.invalid(
            "num_classes", "a tuple of ints, one per label, such as (10,), or Tags", num_classes
        )
    return tuple(whole_number("num_classes", n, 1) for n in num_classes)


def packed(image_shape, packing):
    """The shape of `packing` images joined along the channels; checks `packing`."""
    *sides, channels = image_shape
    return (*sides, channels * whole_number("packing", packing, 1))


def points_of(image_shape, dims):
    """Checks that `image_shape` is (dims,); returns it as a tuple."""
    if image_shape_of_rank(image_shape, 1) != (dims,):
        raise errors.invalid("image_shape", f"({dims},)", image_shape)
    return (dims,)
