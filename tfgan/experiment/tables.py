"""Names in the library's tables, read from the source code, so that `--help` needs no TensorFlow."""

import ast
import functools
import sys
from pathlib import Path

from tfgan import errors


def table_keys(module, table):
    """Keys of a dictionary literal in the package's source, without importing it.

    Args:
        module: path of a module below `tfgan/`, such as "losses.py".
        table: name of the dictionary.

    Returns:
        List of str.
    """
    return list(_keys(module, table))


@functools.cache
def _keys(module, table):
    source = (Path(__file__).parents[1] / module).read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == table:
            return tuple(key.value for key in node.value.keys)
    raise errors.invalid("table", f"a dictionary literal in {module}", table)


def check_name(argument, name, table):
    """`name`, if it is a key of a table, which is given as for `table_keys`; else InputError.

    If the table's module has been imported, the table itself is asked, since a program may have
    added to it, as in `tfgan.models.GAMES["mine"] = MyGame`.
    """
    module = sys.modules.get(_module_name(table[0]))
    keys = getattr(module, table[1], None) or table_keys(*table)
    return errors.lookup(argument, name, {key: key for key in keys})


def _module_name(path):
    """The dotted name of a module from its path: "tfgan.models" of "models/__init__.py"."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return ".".join(["tfgan", *parts])
