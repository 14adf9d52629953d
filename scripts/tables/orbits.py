"""What the tables of orbits share: a column per schedule, a portrait per row."""

import numpy as np
from tables import markdown, pictures

from tfgan.laboratory import orbits

COLUMNS = {
    "simultaneous": {"schedule": "simultaneous"},
    "alternating": {"schedule": "alternating"},
    "alternating, 5 discriminator steps": {"schedule": "alternating", "discriminator_steps": 5},
}
# Of a portrait's field, by axis.
PLACES = 17


def table(options, rows, columns, published, rate, rounds, start):
    """Plays every row under every column.

    Args:
        options: `Options`; the pictures go to its folder.
        rows: dict of row to the settings of the game, `batch_size` among them where
            it is not 1.
        columns: names in `COLUMNS`.
        published: dict of row to its published final norms, one per column.
        rate, rounds, start: learning rate, length and (theta, psi).

    Returns:
        Markdown: a table of final norms, and a picture.
    """
    lines, paths, fields = [], {}, {}
    for row, settings in rows.items():
        cells = []
        for i, column in enumerate(columns):
            game, batch_size = _game({**settings, **COLUMNS[column]}, rate, start)
            path = orbits.trajectory(game, rounds, batch_size)
            paths.setdefault(row, {})[column] = path
            norm = np.linalg.norm(path[-1])
            cells.append(f"{norm:.6g}")
            cells.append(published[row][i] if row in published else "")
        lines.append([row, *cells])
        fields[row] = _field({**settings, **COLUMNS["simultaneous"]}, rate, paths[row].values())
    header = ["", *(name for column in columns for name in (column, "published"))]
    portrait = options.pictures / "orbits.png"
    pictures.orbits(portrait, paths, fields)
    return f"""\
{markdown.rows(header, lines)}

![orbits]({options.name}/{portrait.name})

The orbits from the dot on; in grey where one round of simultaneous steps leads, begun at each place."""


def _field(settings, rate, paths):
    """(places by axis [n], changes [n, n, 2]) over the square that holds all paths."""
    reach = 1.1 * max(np.abs(path).max() for path in paths)
    axis = np.linspace(-reach, reach, PLACES)
    # Rows are those of psi, as pictures want them.
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    game, batch_size = _game(settings, rate, (0.0, 0.0))
    return axis, orbits.field(game, points, batch_size).reshape(PLACES, PLACES, 2)


def _game(settings, rate, start):
    settings = dict(settings)
    batch_size = settings.pop("batch_size", 1)
    return orbits.one_weight_game(rate, start, **settings), batch_size
