"""Servers to measure: the yardsticks and Claviger, each a process with a port of its own."""

import base64
import http.client
import json
import os
import pathlib
import re
import secrets
import signal
import socket
import sqlite3
import subprocess
import time

from machine import tree_seconds


class Server:
    """A server that runs until it is stopped."""

    def __init__(self, command, environment=None, log=None, cluster=None):
        self.cluster = cluster
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
        """What it has used, in user and kernel: all threads, and its database server's processes."""
        return tree_seconds(self.pid) + (self.cluster.processor_seconds() if self.cluster else 0)

    def resident_mib(self):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise SystemExit("the server is gone")

    def exchange(self, path, authorization, body, connection=None):
        """One request, and the text it is answered with."""
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
        return text

    def post(self, path, authorization, body, connection=None):
        """One request, and the JSON it is answered with."""
        return json.loads(self.exchange(path, authorization, body, connection))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.stdout:
            self.process.stdout.read()
        if self.process.wait(30) not in (0, -signal.SIGTERM):
            raise SystemExit(f"a server ended with {self.process.returncode}")


class Nginx(Server):
    """nginx that answers every request of a path with one text: the limit of HTTP itself."""

    def __init__(self, binary, folder, answers):
        folder.mkdir(parents=True, exist_ok=True)
        self.cluster = None
        self.host = "127.0.0.1"
        with socket.create_server((self.host, 0)) as free:
            self.port = free.getsockname()[1]
        places = "".join(f"location = {path} {{ return 200 '{text}'; }}" for path, text in answers.items())
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        # As root it would change to a user that may not exist here.
        user = "user root;" if os.geteuid() == 0 else ""
        settings = folder / "nginx.conf"
        settings.write_text(
            f"{user} worker_processes auto; daemon off; pid {folder}/pid; error_log stderr; events {{ worker_connections 4096; }}\n"
            f"http {{ access_log off; default_type application/json; keepalive_requests 1000000000; {temporary}\n"
            f"server {{ listen {self.host}:{self.port} reuseport; {places} }} }}\n"
        )
        self.started = time.perf_counter()
        self.process = subprocess.Popen([binary, "-p", folder, "-c", settings], stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection((self.host, self.port)).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise SystemExit("nginx did not start") from None
                time.sleep(0.02)


class Claviger:
    """A database of its own with clients in it, and the server over it."""

    def __init__(self, binary, folder, clients, used, cluster=None):
        self.binary = binary
        self.cluster = cluster
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "claviger.db"
        self.environment = {
            "DATABASE_URL": cluster.url(folder.name.replace("-", "_")) if cluster else f"sqlite://{self.file}",
            "CLAVIGER_ADDR": "127.0.0.1:0",
            "CLAVIGER_LOG": "error",
        }
        if cluster:
            # On SQLite it makes a file beside the database.
            self.environment["CLAVIGER_MASTER_KEY"] = secrets.token_hex(32)
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

    def create(self, identifier, secret, *more):
        """Makes a client with a chosen secret."""
        self.run(
            "create", "--id", identifier, "--secret", secret, "--organization-id", "1", "--scope", "public", *more,
            program=str(pathlib.Path(self.binary).with_name("api-client")),
        )

    def start(self, **more):
        log = more.pop("log", None)
        self.server = Server([self.binary, "serve"], {**self.environment, **more}, log, self.cluster)
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
        """The first value of a statement's answer, on SQLite."""
        with sqlite3.connect(self.file) as database:
            return database.execute(statement).fetchone()[0]


def basic(identifier, secret):
    return "Basic " + base64.b64encode(f"{identifier}:{secret}".encode()).decode()
