"""Another process on an SQLite file: does what it is told by lines on its standard input, and answers each with a line."""

import sqlite3
import sys

RAISE = "UPDATE directory_version SET version = version + 1"
FILL = "INSERT INTO filler SELECT randomblob(3000) FROM (VALUES (1), (2), (3), (4), (5), (6), (7), (8))"


def connect():
    connection = sqlite3.connect(sys.argv[1], timeout=10, isolation_level=None)
    # A transaction that does not fit writes to the log before it commits.
    connection.execute("PRAGMA cache_size = 4")
    return connection


def say(answer):
    print(answer, flush=True)


connection = connect()
say("ready")
for line in sys.stdin:
    act, *argument = line.split()
    if act == "raise":
        connection.execute(RAISE)
    elif act == "fill":
        connection.execute(FILL)
    elif act == "empty":
        connection.execute("DELETE FROM filler")
    elif act == "change":
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(RAISE)
        connection.execute(FILL)
        connection.execute("COMMIT")
    elif act in ("rollback", "stay"):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(RAISE)
        connection.execute(FILL)
        if act == "rollback":
            connection.execute("ROLLBACK")
    elif act == "checkpoint":
        connection.execute(f"PRAGMA wal_checkpoint({argument[0]})").fetchall()
    elif act == "vacuum":
        connection.execute("VACUUM")
    elif act == "reopen":
        connection.close()
        connection = connect()
    elif act == "run":
        # Commits until it is killed, and says each version after its commit.
        while True:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(RAISE)
            version = connection.execute("SELECT version FROM directory_version").fetchone()[0]
            connection.execute("COMMIT")
            say(version)
            if version % 50 == 0:
                connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
    else:
        sys.exit(f"cannot {act}")
    say("done")
