"""Where the packs and schemas that ship with Signals are found."""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["rules", "schemas"]) -> Path:
    """Return the folder of the shipped packs (`rules`) or JSON Schemas (`schemas`).

    In a source checkout it is the folder beside the package, so that an edit is seen at once;
    in an installed wheel it is the copy inside the package.

    Raises:
        FileNotFoundError: Neither place has it, so the installation is damaged.
    """
    places = [_PACKAGE / "_data" / name]
    if (_PACKAGE.parent / "pyproject.toml").is_file():
        places.insert(0, _PACKAGE.parent / name)
    for place in places:
        if place.is_dir():
            return place
    looked = " and ".join(str(place) for place in places)
    raise FileNotFoundError(
        f"the folder '{name}' that ships with Signals is missing (looked at {looked}); "
        "install Signals again, or run it from a complete checkout"
    )
