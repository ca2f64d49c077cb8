"""Servers to measure: the yardstick and Claviger, each a process with a port of its own."""

import base64
import http.client
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A server that runs until it is stopped."""

    def __init__(self, command, environment=None, log=None):
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=log or subprocess.DEVNULL,
            text=True,
        )
        for line in self.process.stdout:
            found = re.search(r"listening on http://([\d.]+):(\d+)", line)
            if found:
                self.host, self.port = found[1], int(found[2])
                return
        raise SystemExit(f"{command[0]} did not start")

    @property
    def pid(self):
        return self.process.pid

    def processor_seconds(self):
        """What the process has used, in user and kernel, all threads."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_mib(self):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise SystemExit("the server is gone")

    def post(self, path, authorization, body, connection=None):
        """One request, and the JSON it is answered with."""
        connection = connection or http.client.HTTPConnection(self.host, self.port, timeout=30)
        headers = {
            "Authorization": authorization,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {text}")
        return json.loads(text)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.read()
        if self.process.wait(30) not in (0, -signal.SIGTERM):
            raise SystemExit(f"a server ended with {self.process.returncode}")


class Claviger:
    """A database of its own with clients in it, and the server over it."""

    def __init__(self, binary, folder, clients, used):
        self.binary = binary
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "claviger.db"
        self.environment = {
            "DATABASE_URL": f"sqlite://{self.file}",
            "CLAVIGER_ADDR": "127.0.0.1:0",
            "CLAVIGER_LOG": "error",
        }
        self.clients = clients
        listed = folder / "credentials.tsv"
        if not listed.exists():
            self.run("demo", "--clients", str(clients), "--credentials", str(listed), "--credentials-count", str(used))
        self.credentials = [line.split("\t") for line in listed.read_text().splitlines()]
        self.server = None

    def run(self, *arguments, program=None, feed=None):
        done = subprocess.run(
            [program or self.binary, *arguments],
            env={**os.environ, **self.environment},
            input=feed,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def start(self, **more):
        log = more.pop("log", None)
        self.server = Server([self.binary, "serve"], {**self.environment, **more}, log)
        return self.server

    def stop(self):
        self.server.stop()
        self.server = None

    def pages(self):
        """Pages of the database file, everything written ahead included."""
        return self.ask("PRAGMA page_count")

    def rows(self, table):
        return self.ask(f"SELECT count(*) FROM {table}")

    def ask(self, statement):
        with sqlite3.connect(self.file) as database:
            return database.execute(statement).fetchone()[0]


def basic(identifier, secret):
    return "Basic " + base64.b64encode(f"{identifier}:{secret}".encode()).decode()
