"""Databases for tests: a PostgreSQL server of one's own, in a folder that goes with it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path

_PROGRAMS = ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"]


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, or None where it is not installed."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else [Path(path) for pattern in _PROGRAMS for path in sorted(glob(pattern))]
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a server, which listens on a socket in a folder alone, and give the URL of its database."""
    folder = programs()
    assert folder is not None
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    as_other: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        as_other = ["runuser", "-u", "postgres", "--"]
        shutil.chown(home, "postgres")
    data = home / "data"

    def run(program: str, *arguments: str) -> None:
        command = [*as_other, str(folder / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=home)

    try:
        run("initdb", "-D", str(data), "-U", "pairing", "-A", "trust", "-E", "UTF8", "--no-sync")
        listen = f"-c listen_addresses='' -c unix_socket_directories='{home}'"
        run("pg_ctl", "-D", str(data), "-w", "-l", str(home / "log"), "-o", listen, "start")
        yield f"postgresql+psycopg://pairing@/postgres?host={home}"
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
