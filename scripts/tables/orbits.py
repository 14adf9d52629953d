"""Orbits of two-weight games: a table with a column per schedule, and a phase portrait per row."""

import numpy as np
from tables import pictures
from tables.markdown import Table

from tfgan.laboratory import orbits

COLUMNS = {
    "simultaneous": {"schedule": "simultaneous"},
    "alternating": {"schedule": "alternating"},
    "alternating, 5 discriminator steps": {"schedule": "alternating", "discriminator_steps": 5},
}
# Arrows of a portrait's grey field, along each axis.
PLACES = 17
CAPTION = """\
Orbits start at the dot; the grey lines show where one round of simultaneous steps leads from each place."""


def table(options, rows, columns, published, rate, rounds, start):
    """Plays every row under every schedule, and draws the orbits into `orbits.png`.

    Args:
        options: `Options`; the pictures go to its folder.
        rows: dict of row to the settings of the game, `batch_size` among them where
            it is not 1.
        columns: names in `COLUMNS`.
        published: dict of row to its published final norms, one per column.
        rate, rounds, start: learning rate, number of rounds, and first (theta, psi).

    Returns:
        `Table` of the last distances from the equilibrium, each followed by the published one.
    """
    lines, paths, fields = [], {}, {}
    for row, settings in rows.items():
        cells = []
        for i, column in enumerate(columns):
            game, batch_size = _game({**settings, **COLUMNS[column]}, rate, start)
            path = orbits.trajectory(game, rounds, batch_size)
            paths.setdefault(row, {})[column] = path
            cells.append(f"{np.linalg.norm(path[-1]):.6g}")
            cells.append(published[row][i] if row in published else "")
        lines.append([row, *cells])
        fields[row] = _field({**settings, **COLUMNS["simultaneous"]}, rate, paths[row].values())
    pictures.orbits(options.pictures / "orbits.png", paths, fields)
    return Table(["", *(name for column in columns for name in (column, "published"))], lines)


def body(options, table):
    """The Markdown of the table and its picture."""
    return f"{table}\n\n![orbits]({options.name}/orbits.png)\n\n{CAPTION}"


def found(table, start, share):
    """The result in words: which rows come nearer, and whether the published distances are met.

    Args:
        table: `Table`, as `table` makes it.
        start: the first (theta, psi).
        share: of the first distance; a row comes nearer when it ends within it.
    """
    groups = {"under every schedule": [], "under some schedules only": [], "under none": []}
    every, some, none = groups.values()
    for row, *cells in table.lines:
        near = [float(cell) < share * np.linalg.norm(start) for cell in cells[::2]]
        (every if all(near) else some if any(near) else none).append(row)
    rows = ". ".join(f"{name.capitalize()}: {'; '.join(of) or 'none'}" for name, of in groups.items())
    pairs = [pair for _, *cells in table.lines for pair in zip(cells[::2], cells[1::2]) if _is_exact(pair[1])]
    met = sum(abs(float(ours) / float(theirs) - 1) < 0.01 for ours, theirs in pairs)
    return (
        f"Games that end within {100 * share:g} % of their first distance from the equilibrium. {rows}.\n\n"
        f"Of the {len(pairs)} distances that are published exactly, {met} are met to within 1 %."
    )


def _is_exact(published):
    """Whether a published distance is there, without "~" or a note such as "(a)"."""
    return bool(published) and not set("~(") & set(published)


def _field(settings, rate, paths):
    """(places along each axis [n], changes [n, n, 2]) over the square that holds all paths."""
    reach = 1.1 * max(np.abs(path).max() for path in paths)
    axis = np.linspace(-reach, reach, PLACES)
    # Rows are those of psi, as pictures want them.
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    game, batch_size = _game(settings, rate, (0.0, 0.0))
    return axis, orbits.field(game, points, batch_size).reshape(PLACES, PLACES, 2)


def _game(settings, rate, start):
    """(the game, its batch size)."""
    settings = dict(settings)
    batch_size = settings.pop("batch_size", 1)
    return orbits.one_weight_game(rate, start, **settings), batch_size
