"""How long the pages about clients take, for one who is signed in."""

import http.client
import statistics
import time
import urllib.parse

ADMIN, PASSWORD = "bench@example.org", "a password for the benchmark"

PAGES = ["clients page", "search, common", "search, one name", "search, two letters", "search, id", "search, nothing found"]


def addresses(database):
    """The pages, each with a search that finds something there, but for the last."""
    name = database.ask("SELECT name FROM api_clients WHERE number = (SELECT max(number) / 2 FROM api_clients)")
    searches = ["", "data", name, name[:2], database.credentials[0][0][:8], "nowhere to be found"]
    return dict(zip(PAGES, ["/system/api-clients?" + urllib.parse.urlencode({"q": text}) for text in searches]))


def page_times(databases):
    """Seconds to each whole page of each database, the median of many, in turns."""
    visits = {clients: (signed_in(database), addresses(database)) for clients, database in databases.items()}
    taken = {clients: {what: [] for what in PAGES} for clients in databases}
    for _ in range(40):
        for clients, (get, pages) in visits.items():
            for what, address in pages.items():
                started = time.perf_counter()
                text = get(address)
                taken[clients][what].append(time.perf_counter() - started)
                if (b"<tr" in text) != (what != PAGES[-1]):
                    raise SystemExit(f"{address}: something was found, or nothing, and it should not")
    return {clients: {what: statistics.median(times) for what, times in pages.items()} for clients, pages in taken.items()}


def page_costs(database, times):
    """What each page costs the server, asked one after the other: milliseconds of processor, and bytes on the wire."""
    get = signed_in(database, {"Accept-Encoding": "gzip"})
    client = database.credentials[0][0]
    costs = {}
    for what, address in {
        "overview": "/system",
        "clients, 25 rows": "/system/api-clients",
        "one client": f"/system/api-clients/{client}",
        "its permissions": f"/system/api-clients/{client}/permissions",
        "organizations": "/system/organizations",
    }.items():
        length = len(get(address))
        before = database.server.processor_seconds()
        for _ in range(times):
            get(address)
        costs[what] = ((database.server.processor_seconds() - before) / times * 1e3, length)
    return costs


def signed_in(database, more=None):
    """Gets pages as an administrator."""
    if not database.ask("SELECT count(*) FROM admins"):
        database.run("admin", "create", "--email", ADMIN, feed=PASSWORD + "\n")
    connection = http.client.HTTPConnection(database.server.host, database.server.port)
    form = urllib.parse.urlencode({"form[email]": ADMIN, "password": PASSWORD})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://{database.server.host}:{database.server.port}",
        "Sec-Fetch-Site": "same-origin",
        "Accept": "text/html",
    }
    connection.request("POST", "/system/do/sign-in", form, headers)
    answer = connection.getresponse()
    answer.read()
    cookies = "; ".join(value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie")

    def get(address):
        connection.request("GET", address, headers={"Cookie": cookies, "Accept": "text/html", **(more or {})})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{address}: {answer.status}")
        return text

    return get
