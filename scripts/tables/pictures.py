"""Pictures of results pages: bars, orbits, scatter plots and curves."""

from itertools import cycle

import numpy as np

COLOURS = ("#2b4a6f", "#c44e52", "#55a868", "#dd8452", "#8172b3", "#937860")


def bars(path, values, title, scale="linear"):
    """Draws a bar per row, as long as the mean of its numbers, and a dot for each number.

    Args:
        path: of the PNG.
        values: dict of row to a list of floats; rows without any are left out.
        title: str, of the axis.
        scale: of the axis, "linear" or "log".
    """
    pyplot = _pyplot()
    shown = {row: numbers for row, numbers in values.items() if numbers}
    figure, axes = pyplot.subplots(figsize=(7, 0.35 * len(shown) + 1), layout="constrained")
    places = range(len(shown))
    axes.barh(places, [sum(n) / len(n) for n in shown.values()], color="#9ab7d3")
    for place, numbers in zip(places, shown.values()):
        axes.plot(numbers, [place] * len(numbers), "o", color="#2b4a6f", markersize=4)
    axes.set_yticks(places, shown)
    axes.set_xscale(scale)
    axes.invert_yaxis()
    axes.set_xlabel(title)
    _save(figure, path)


def orbits(path, paths, fields, columns=4):
    """Draws a phase portrait per row: a curve per schedule, which starts at a dot.

    Args:
        path: of the PNG.
        paths: dict of row to a dict of name to float [steps, 2].
        fields: dict of row to (places along each axis [n], changes [n, n, 2], second axis first).
        columns: number of portraits beside each other.
    """
    figure, places = _panels(paths, columns, (2.6, 2.7))
    for place, (row, curves) in zip(places, paths.items()):
        axis, changes = fields[row]
        place.streamplot(
            axis, axis, *np.moveaxis(changes, -1, 0), color="#c8c8c8", linewidth=0.5, density=0.7, arrowsize=0.6
        )
        for (name, points), colour in zip(curves.items(), cycle(COLOURS)):
            place.plot(*points.T, color=colour, linewidth=0.8, label=name)
        place.plot(*points[0], "ko", markersize=3)
        place.plot(0, 0, "k+", markersize=6)
        place.set_title(row, fontsize=8)
        place.tick_params(labelsize=6)
        place.set_aspect("equal", adjustable="datalim")
    figure.legend(*places[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8)
    _save(figure, path)


def scatters(path, clouds, centres, columns=4):
    """Draws samples over the centres of a mixture, a panel per name.

    Args:
        path: of the PNG.
        clouds: dict of name to float [n, 2].
        centres: float [modes, 2].
        columns: number of panels beside each other.
    """
    figure, places = _panels(clouds, columns, (2.2, 2.4))
    limit = 1.35 * abs(centres).max()
    for place, (name, points) in zip(places, clouds.items()):
        place.plot(*centres.T, "o", color="#c44e52", markersize=5, markerfacecolor="none")
        place.plot(*points.T, ".", color="#2b4a6f", markersize=1)
        place.set_title(name, fontsize=8)
        place.set(xlim=(-limit, limit), ylim=(-limit, limit), xticks=[], yticks=[], aspect="equal")
    _save(figure, path)


def curves(path, panels, columns=2):
    """Draws panels of curves.

    Args:
        path: of the PNG.
        panels: dict of title to a dict with `x` and `y`, the axes' names, `curves`, a
            dict of name to (xs, ys); and, if wanted, `log`, which makes both axes
            logarithmic (the first is linear up to 1), or `top`, the end of the second axis.
        columns: number of panels beside each other.
    """
    figure, places = _panels(panels, columns, (4.2, 3.2))
    for place, (title, panel) in zip(places, panels.items()):
        for (name, (xs, ys)), colour in zip(panel["curves"].items(), cycle(COLOURS)):
            place.plot(xs, ys, color=colour, linewidth=1.2, label=name)
        if panel.get("log"):
            place.set_xscale("symlog", linthresh=1, linscale=0.3)
            place.set_yscale("log")
        if "top" in panel:
            place.set_ylim(0, panel["top"])
        place.set(xlabel=panel["x"], ylabel=panel["y"])
        place.set_title(title, fontsize=9)
        place.legend(fontsize=7)
    _save(figure, path)


def _panels(shown, columns, size):
    """(figure, its axes), with axes of (width, height) inches for each thing shown."""
    # At least one, for a table of which every row failed.
    columns = min(columns, max(1, len(shown)))
    rows = max(1, -(-len(shown) // columns))
    width, height = size
    figure, axes = _pyplot().subplots(
        rows, columns, figsize=(width * columns, height * rows), layout="constrained", squeeze=False
    )
    for place in list(axes.flat)[len(shown) :]:
        place.axis("off")
    return figure, axes.flat


def _pyplot():
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    return pyplot


def _save(figure, path):
    from matplotlib import pyplot

    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
    pyplot.close(figure)
