"""Checks of the builders' shared arguments."""

from tfgan import errors
from tfgan.checks import whole_number


def image_shape_of_rank(image_shape, *ranks):
    """`image_shape` as a tuple of ints, if it has one of these ranks; else ValueError."""
    forms = {1: "(dims,)", 3: "(height, width, channels)"}
    if not isinstance(image_shape, (tuple, list)) or len(image_shape) not in ranks:
        expected = " or ".join(forms[rank] for rank in ranks)
        raise errors.invalid("image_shape", expected, image_shape)
    return tuple(whole_number("image_shape", side, 1) for side in image_shape)


def classes(num_classes):
    """`num_classes` as a tuple of ints >= 1, one per label; else ValueError."""
    if not isinstance(num_classes, (tuple, list)):
        raise errors.invalid(
            "num_classes", "a tuple of ints, one per label, such as (10,)", num_classes
        )
    return tuple(whole_number("num_classes", n, 1) for n in num_classes)


def packed(image_shape, packing):
    """The shape of `packing` images along the channels; ValueError if it is no whole number."""
    *sides, channels = image_shape
    return (*sides, channels * whole_number("packing", packing, 1))


def points_of(image_shape, dims):
    """`image_shape`, if it is that of points of so many dims; else ValueError."""
    if image_shape_of_rank(image_shape, 1) != (dims,):
        raise errors.invalid("image_shape", f"({dims},)", image_shape)
    return (dims,)
