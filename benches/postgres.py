"""A throwaway PostgreSQL cluster on a socket in a folder of its own. PostgreSQL refuses to run as root, so root starts
it as another user."""

import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

from machine import tree_seconds

# Distributions keep the server's programs off the PATH; where there are several versions, the newest will do.
FOLDERS = ["usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/local/pgsql/bin"]


def programs():
    """The folder of PostgreSQL's server programs; none when it is not installed."""
    if found := shutil.which("initdb"):
        return pathlib.Path(found).resolve().parent
    folders = [folder for pattern in FOLDERS for folder in pathlib.Path("/").glob(pattern)]
    version = lambda folder: [int(part) for part in folder.as_posix().replace("-", "/").split("/") if part.isdecimal()]
    return next((folder for folder in sorted(folders, key=version, reverse=True) if (folder / "initdb").exists()), None)


class Cluster:
    """With PostgreSQL's own settings: what is committed is on the disk."""

    def __init__(self, folder=None):
        self.programs = programs()
        # Not in the folder of the measurement, which only its owner may enter, and short: a socket's path has some
        # 100 bytes at most.
        self.socket = pathlib.Path(tempfile.mkdtemp(prefix="claviger-bench-", dir="/tmp"))
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="claviger-bench-postgres-", dir=folder))
        self.user = None
        if os.geteuid() == 0:
            names = [name for name in ("postgres", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()}]
            self.user = names[0]
            for path in (self.socket, self.data):
                shutil.chown(path, self.user, pwd.getpwnam(self.user).pw_gid)
        self.command("initdb", "-D", self.data / "cluster", "-U", "claviger", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.process = subprocess.Popen(
            [
                self.programs / "postgres", "-D", self.data / "cluster", "-k", self.socket,
                "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "max_wal_size=8GB",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.as_user(),
        )
        until = time.monotonic() + 60
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit("PostgreSQL did not start")
            time.sleep(0.1)

    def as_user(self):
        if not self.user:
            return {"cwd": self.data}
        group = pwd.getpwnam(self.user).pw_gid
        return {"cwd": self.data, "user": self.user, "group": group, "extra_groups": []}

    def command(self, name, *arguments):
        done = subprocess.run(
            [self.programs / name, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **self.as_user(),
        )
        if done.returncode:
            raise SystemExit(f"{name} failed: {done.stdout}")

    def is_ready(self):
        asked = subprocess.run([self.programs / "pg_isready", "-q", "-h", self.socket], check=False)
        return asked.returncode == 0

    def url(self, database):
        """The address of a database, which Claviger makes when it is not there."""
        return f"postgres://claviger@localhost:5432/{database}?host={self.socket}"

    def processor_seconds(self):
        """What all its processes have used, those of ended connections included."""
        return tree_seconds(self.process.pid)

    def settle(self):
        """Does now what the server would do by itself during the next measurement."""
        self.command("vacuumdb", "-h", self.socket, "-U", "claviger", "--all", "--analyze", "--quiet")
        self.command("psql", "-h", self.socket, "-U", "claviger", "-d", "postgres", "-qc", "CHECKPOINT")

    def stop(self):
        self.command("pg_ctl", "-D", self.data / "cluster", "-m", "immediate", "-w", "stop")
        self.process.wait()
        for path in (self.socket, self.data):
            shutil.rmtree(path, ignore_errors=True)
