"""What the parts share: the yardsticks, the load, and the databases that were made."""

import contextlib
import http.client
import shutil
import subprocess

import postgres
from load import Generator, Runs
from report import say
from servers import Claviger, Nginx, Server, basic

GRANT = "grant_type=client_credentials"
IN_USE = 10_000


class Bench:
    """The yardsticks, the load, and the databases that were made."""

    def __init__(self, options, folder, quietness):
        self.options = options
        self.folder = folder
        self.quietness = quietness
        self.load = Generator(options.wrk, folder, quietness)
        self.stack = contextlib.ExitStack()
        self.made = {}
        self.has_no_cluster = False
        self.cluster = None
        # The same handler on a runtime that moves work between its threads, and on a runtime for each core. Which is
        # the faster one depends on the load, so the better one counts.
        self.ceilings = {
            "shared": self.kept(Server([str(options.ceiling), "127.0.0.1:0"])),
            "per core": self.kept(Server([str(options.ceiling), "127.0.0.1:0", "per-core"])),
        }
        self.nginx = self.start_nginx()

    def kept(self, server):
        """Stops it at the end."""
        self.stack.callback(server.stop)
        return server

    def close(self):
        for made in self.made.values():
            if made.server:
                made.stop()
        self.stack.close()

    def start_nginx(self):
        """The limit of HTTP itself: constant texts, those of the ceiling. None when it is not installed."""
        binary = self.options.nginx and shutil.which(self.options.nginx)
        if not binary or subprocess.run([binary, "-v"], stderr=subprocess.DEVNULL, check=False).returncode:
            say("   nginx was not found, so that yardstick is left out")
            return None
        bodies = {"/oauth/token": GRANT, "/oauth/introspect": "token=some", "/oauth/revoke": "token=some"}
        ceiling = self.ceilings["shared"]
        answers = {path: ceiling.exchange(path, basic("some", "one"), body).decode() for path, body in bodies.items()}
        return self.kept(Nginx(binary, self.folder / "nginx", answers))

    def postgres(self):
        """A throwaway cluster; none, with a word, when PostgreSQL is not installed."""
        if not self.cluster and not self.has_no_cluster:
            self.has_no_cluster = not postgres.programs()
            if self.has_no_cluster:
                say("   PostgreSQL's programs were not found, so it is left out")
            else:
                self.cluster = postgres.Cluster(self.options.folder)
                self.stack.callback(self.cluster.stop)
        return self.cluster

    def database(self, clients, cluster=None):
        """A database with that many clients; 10,000 of them, or all, are in use."""
        name = f"postgres-{clients}" if cluster else str(clients)
        return self.made.get(name) or self.fresh(name, clients, cluster)

    def fresh(self, name, clients, cluster=None):
        """The same, that nothing has happened to."""
        say(f"   seeding {clients:,} clients" + (" in PostgreSQL" if cluster else ""))
        used = min(clients, IN_USE)
        self.made[name] = Claviger(str(self.options.claviger), self.folder / name, clients, used, cluster)
        return self.made[name]

    def running(self, clients, cluster=None):
        database = self.database(clients, cluster)
        if not database.server:
            database.start()
        return database

    def restarted(self, clients, cluster=None, **more):
        database = self.database(clients, cluster)
        if database.server:
            database.stop()
        database.start(**more)
        return database

    def grants(self, credentials):
        return self.load.file([("/oauth/token", basic(*pair), GRANT) for pair in credentials])

    def introspections(self, database, credentials):
        connection = http.client.HTTPConnection(database.server.host, database.server.port)
        requests = []
        for pair in credentials:
            token = database.server.post("/oauth/token", basic(*pair), GRANT, connection)["access_token"]
            requests.append(("/oauth/introspect", basic(*pair), f"token={token}"))
        path, authorization, body = requests[0]
        if not database.server.post(path, authorization, body, connection)["active"]:
            raise SystemExit("a token that was just issued is not live")
        return self.load.file(requests)

    def compare(self, compared, connections, rounds=None):
        """Runs everything that is compared once per round: name → (server, requests). Answers with the runs by name."""
        runs = {name: Runs() for name in compared}
        for _ in range(rounds or self.options.rounds):
            for name, (server, requests) in compared.items():
                runs[name].add(self.load.run(server, requests, connections, self.options.seconds))
        return runs
