"""What to type in place of backup and restore where the database is PostgreSQL."""

from __future__ import annotations

import shlex
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# What PostgreSQL's own tools know of a URL's options; no secret is among them.
_OPTIONS = {"host", "port", "user", "dbname", "sslmode", "sslcert", "sslkey", "sslrootcert"}


def instead_of(command: str, url: str, file: str) -> str:
    """A sentence, and below it the command to type, without the password."""
    database, name = shlex.quote(without_password(url)), shlex.quote(file)
    if command == "backup":
        tool = f"pg_dump --format=custom --file={name} --dbname={database}"
        what = "copy a PostgreSQL database with its own tool"
    else:
        options = "--clean --if-exists --no-owner --single-transaction"
        tool = f"pg_restore {options} --dbname={database} {name}"
        what = "stop the bot and restore a PostgreSQL database with its own tool"
    return f"{what} (the password goes into PGPASSWORD or ~/.pgpass):\n  {tool}"


def without_password(url: str) -> str:
    """The URL as it may be shown, and as libpq takes it."""
    parts = urlsplit(url)
    user, _, place = parts.netloc.rpartition("@")
    user = user.partition(":")[0]
    options = [(key, value) for key, value in parse_qsl(parts.query) if key in _OPTIONS]
    place = f"{user}@{place}" if user else place
    return urlunsplit(parts._replace(netloc=place, query=urlencode(options, safe="/"), fragment=""))
