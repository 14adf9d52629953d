"""Pictures of tables."""


def bars(path, values, title, scale="linear"):
    """One bar per row at the mean of its numbers, and a dot for each number.

    Args:
        path: of the PNG.
        values: dict of row to a list of floats; rows without any are left out.
        title: str.
        scale: of the axis, "linear" or "log".
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

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
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
    pyplot.close(figure)
