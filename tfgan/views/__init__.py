"""Views: transformations of the discriminator's inputs, real and generated alike.

A view is `(parts, random, images_shown) -> parts`, with `parts` a list of tensors,
`random` a `tfgan.randomness.Random` and `images_shown` an int64 scalar. It acts on the
image parts of the examples, or on all parts if its attribute `joins` says that it joins
examples. The generator's gradient passes through views; penalties differentiate by the
images before them.
"""

import inspect

from tfgan import errors
from tfgan.views.noise import Noise
from tfgan.views.packing import Packing, pack

__all__ = ["VIEWS", "Noise", "Packing", "make_views", "pack"]


def make_views(views):
    """Makes views from their names and numbers.

    Args:
        views: dict of name in `VIEWS` to its argument, or to a tuple of arguments; or None.

    Returns:
        List of views, in the order in which they act, that of `VIEWS`.

    Raises:
        ValueError: an unknown name, or an argument out of range.
    """
    if not isinstance(views or {}, dict):
        raise errors.invalid("views", "a dict of name to number or numbers", views)
    for name, value in (views or {}).items():
        view = errors.lookup("views", name, VIEWS)
        try:
            inspect.signature(view).bind(*_arguments(value))
        except TypeError:
            expected = f"the numbers of {view.__name__}{inspect.signature(view)}"
            raise errors.invalid(f"views[{name!r}]", expected, value) from None
    chosen = [name for name in VIEWS if name in (views or {})]
    return [VIEWS[name](*_arguments(views[name])) for name in chosen]


def _arguments(value):
    return value if isinstance(value, (tuple, list)) else (value,)


# In the order in which they act.
VIEWS = {
    "noise": Noise,
    "packing": Packing,
}
