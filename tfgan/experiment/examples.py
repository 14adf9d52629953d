"""Inputs of a game's samplers for grids and scores: real examples, or every class in turn."""

import numpy as np


def of_grid(stage, rows, columns):
    """Inputs of a stage's samplers for a sample grid, and the grid's columns.

    Args:
        stage: `Stage`.
        rows, columns: of the grid, as asked for.

    Returns:
        `(examples, columns)`: dict of part to array, and an int: one column per class
        where classes are all that is given.
    """
    from tfgan import pictures

    parts = _parts_given(stage.game)
    if not parts:
        return {}, columns
    condition = stage.spec.get("condition")
    if parts == ["condition"] and condition.kind == "classes":
        classes = condition.num_classes
        return {"condition": pictures.class_columns(classes, rows)}, classes[0]
    return chosen(stage.held_out, parts, rows * columns), columns


def chosen(source, parts, count):
    """Real examples chosen at random, as many as there are.

    Args:
        source: of data; parts that belong to one example keep together.
        parts: names of parts.
        count: examples, >= 1.

    Returns:
        Dict of part to array; images are uint8.
    """
    groups = [parts] if source.aligned(*parts) else [[part] for part in parts]
    found = {}
    for group in groups:
        if any(source.spec[part].kind == "points" for part in group):
            batch = next(iter(source.only(*group).batches(count)))
            found |= {part: tensor.numpy() for part, tensor in batch.items()}
        else:
            table = source.table(*group)
            some = np.random.default_rng(1).permutation(len(table[group[0]]))[:count]
            found |= {part: array[np.sort(some)] for part, array in table.items()}
    return found


def _parts_given(game):
    """Parts that any sampler is given, and the targets of those that have one."""
    parts = []
    for sampler in game.samplers().values():
        parts += [*sampler.given, *([sampler.compared_with] if sampler.paired else [])]
    return list(dict.fromkeys(parts))
