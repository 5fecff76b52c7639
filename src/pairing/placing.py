"""Files put in their places as wholes: several of a folder, or one, all or none."""

import csv
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import chain

__all__ = ["fault_of", "placed", "saved"]


def fault_of(error: Exception) -> str:
    """Return what the system, or a library, says of a failure, without the values that it names.

    >>> fault_of(PermissionError(13, "no", "secret")), fault_of(ValueError("secret"))
    ("the error 'Permission denied'", "the error 'ValueError'")
    """
    number = getattr(error, "errno", None)
    return f"the error {os.strerror(number) if number else type(error).__name__!r}"


def placed(folder: str, files: Mapping[str, Sequence[Sequence[str]]]) -> str:
    """Write the files and move them into the folder, all or none; return what failed, or nothing."""
    fresh = not os.path.lexists(folder)
    # Within the folder, if there is one: so both are on one file system even where the folder is a mount point.
    aside = os.path.join(os.path.dirname(folder) if fresh else folder, f".pairing-{secrets.token_hex(8)}")
    undo: list[tuple[str, str]] = []
    fault, done = "", False
    try:
        os.mkdir(aside)
        for file, columns in files.items():
            with open(os.path.join(aside, file), "w", encoding="utf-8-sig", newline="") as stream:
                csv.writer(stream, lineterminator="\r\n").writerows(zip(*columns, strict=True))
                stream.flush()
                os.fsync(stream.fileno())
        _flush(aside)
        if fresh:
            os.rename(aside, folder)
        for file in () if fresh else chain.from_iterable((file, f"{file}.gz") for file in files):
            new, target, old = (os.path.join(*at) for at in ((aside, file), (folder, file), (aside, f"old-{file}")))
            if os.path.lexists(target):
                shutil.copy2(target, old, follow_symlinks=False)
            undo.append((target, old))
            if os.path.lexists(new):
                os.replace(new, target)
            elif os.path.lexists(target):
                os.unlink(target)
        done = True
    except (OSError, ValueError) as error:
        fault = fault_of(error)
    finally:
        for target, old in () if done else reversed(undo):
            with suppress(OSError):
                os.replace(old, target) if os.path.lexists(old) else os.unlink(target)
        shutil.rmtree(aside, ignore_errors=True)
    _flush(os.path.dirname(folder) if fresh else folder)
    return fault


def saved(path: str, data: bytes) -> str:
    """Write a file as a whole, or not at all; return what failed, or nothing."""
    aside = os.path.join(os.path.dirname(path), f".pairing-{secrets.token_hex(8)}")
    fault = ""
    try:
        with open(aside, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(aside, path)
    except (OSError, ValueError) as error:
        fault = fault_of(error)
    finally:
        with suppress(OSError, ValueError):
            os.unlink(aside)
    _flush(os.path.dirname(path))
    return fault


def _flush(folder: str) -> None:
    with suppress(OSError):  # not every system opens folders
        opened = os.open(folder, os.O_RDONLY)
        with suppress(OSError):
            os.fsync(opened)
        os.close(opened)
