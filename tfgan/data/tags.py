"""`tags.csv`: a table of the labels of a folder's images, one row per file."""

import csv
from pathlib import Path, PurePosixPath

from tfgan import errors
from tfgan.data.conditions import encode

NAME = "tags.csv"


class Tags:
    """The table in a folder's `tags.csv`.

    Its first column, `file`, holds paths relative to the folder; every other
    column is a label whose classes are its sorted distinct values.

    Args:
        folder: path of the folder.

    Attributes:
        columns: list of str, the names of the labels.

    Raises:
        ValueError: no table in UTF-8, another first column, two columns of one name, a row
            of another length, or a file named twice.
        FileNotFoundError: a row names a file that is not there.
    """

    def __init__(self, folder):
        self._path = Path(folder) / NAME
        header, *rows = _rows(self._path) or [[]]
        if header[:1] != ["file"]:
            raise errors.invalid(str(self._path), "a first column named file", header)
        if len(set(header)) < len(header):
            raise errors.invalid(str(self._path), "columns of different names", header)
        self.columns = header[1:]
        self._rows = {}
        for row in rows:
            self._add(row, Path(folder))

    def column(self, name, files):
        """(class numbers, names of the classes) of `files`, relative paths.

        Raises:
            ValueError: a file has no row.
        """
        place = 1 + self.columns.index(name)
        codes, names = encode([row[place] for row in self._rows.values()])
        code = dict(zip(self._rows, codes))
        for file in files:
            if file not in code:
                raise errors.invalid(str(self._path), "a row for every image", f"none for {file}")
        return [code[file] for file in files], names

    def _add(self, row, folder):
        file = str(PurePosixPath(row[0]))
        where = f"{self._path}, file {file}"
        if len(row) != 1 + len(self.columns):
            raise errors.invalid(where, f"{1 + len(self.columns)} values", row)
        if file in self._rows:
            raise errors.invalid(where, "one row per file", "a second row")
        if not (folder / file).is_file():
            raise errors.missing(where, "a file in the folder", file)
        self._rows[file] = row


def _rows(path):
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            return [row for row in csv.reader(file) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise errors.invalid(str(path), "a table in UTF-8, separated by commas", str(error)) from error
