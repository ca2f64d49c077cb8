// The list of clients: what it shows stands in its address, so that it can be kept, shared and gone back to.
import type { Page } from "@playwright/test";
import { furnish, makeClient, makeOrganization } from "../directory";
import { askForToken } from "../oauth";
import { enter, expect, runsScript, test, visit } from "../support";

const CLIENTS = "/system/api-clients";

/** Waits for the list to hold exactly these clients, in this order. */
async function shows(page: Page, names: string[]): Promise<void> {
  await expect(page.getByRole("table").getByRole("rowheader").getByRole("link")).toHaveText(names);
}

function filters(page: Page) {
  const form = page.getByRole("form", { name: "Filter clients" });
  const status = form.getByRole("group", { name: "Status" });
  return {
    search: form.getByLabel("Search by name or client ID"),
    organization: form.getByLabel("Organization", { exact: true }),
    scope: form.getByLabel("Scope"),
    status: (word: string) => status.getByRole("link", { name: new RegExp(`^${word}( |$)`) }),
    /** Without script a button applies what was chosen. */
    apply: async () => {
      if (!runsScript()) await form.getByRole("button", { name: "Apply" }).click();
    },
  };
}

test("filters narrow the list, together and one by one", async ({ page, server }) => {
  const { porto, clients } = await furnish(server);
  await enter(page, server);
  await visit(page, CLIENTS);
  const { search, organization, scope, status, apply } = filters(page);

  const everyone = [
    "Staging crawler",
    "Survey kiosk, town hall",
    "Translation bridge",
    "Open data export",
    "Signature kiosk",
    "Minutes archive",
    "Newsletter digest",
    "Participa mobile app",
    "Website search index",
    "Platform provisioning",
    "Budget vote 2025",
  ];
  await shows(page, everyone);
  for (const [word, count] of [["All", 11], ["Active", 9], ["Expiring", 2], ["Expired", 1], ["Suspended", 1], ["Revoked", 1]]) {
    await expect(status(word as string)).toHaveText(`${word} ${count}`);
  }
  await expect(status("All")).toHaveAttribute("aria-current", "true");

  await status("Expiring").click();
  await expect(page).toHaveURL(`${CLIENTS}?status=expiring`);
  await shows(page, ["Translation bridge", "Signature kiosk"]);
  await expect(page.getByRole("row", { name: /Translation bridge/ })).toContainText("3 days left");
  await expect(page.getByRole("row", { name: /Signature kiosk/ })).toContainText("12 days left");
  await status("Expired").click();
  await shows(page, ["Budget vote 2025"]);
  await status("Suspended").click();
  await shows(page, ["Survey kiosk, town hall"]);
  await status("Revoked").click();
  await shows(page, ["Old mobile app"]);
  await status("Active").click();
  await expect(page).toHaveURL(`${CLIENTS}?status=active`);

  // The beginning of a word, or of an id. Under such a filter nothing is counted.
  await search.fill("KIOSK");
  await apply();
  await expect(page).toHaveURL(/[?&]q=KIOSK/);
  await shows(page, ["Signature kiosk"]);
  await expect(status("All")).toHaveText("All");
  await status("All").click();
  await shows(page, ["Survey kiosk, town hall", "Signature kiosk"]);
  await organization.selectOption("City of Porto");
  await apply();
  await expect(page).toHaveURL(new RegExp(`[?&]organization=${porto}(&|$)`));
  await shows(page, ["Survey kiosk, town hall"]);
  await search.fill("");
  await scope.selectOption("proposals");
  await apply();
  await shows(page, ["Participa mobile app"]);
  await expect(search).toHaveValue("");
  await expect(organization).toHaveValue(String(porto));
  await expect(scope).toHaveValue("proposals");

  await organization.selectOption("Any organization");
  await scope.selectOption("Any scope");
  await search.fill(clients.get("Minutes archive")!.id.slice(0, 9));
  await apply();
  await shows(page, ["Minutes archive"]);
  // What means something in a pattern means itself in a search.
  await search.fill("%");
  await apply();
  await expect(page.getByRole("heading", { name: "No client matches “%”" })).toBeVisible();
  await search.fill("kiosk, town");
  await apply();
  await shows(page, ["Survey kiosk, town hall"]);
});

test("what lets nothing through is named and can be cleared", async ({ page, server }) => {
  const { neuchatel } = await furnish(server);
  await enter(page, server);

  await visit(page, `${CLIENTS}?q=nothing+like+it&status=revoked&organization=${neuchatel}&scope=surveys`);
  await expect(page.getByRole("heading", { name: "No client matches “nothing like it”" })).toBeVisible();
  await expect(page.getByText("status revoked, organization Canton of Neuchâtel, scope surveys")).toBeVisible();
  await expect(filters(page).search).toHaveValue("nothing like it");
  await expect(filters(page).organization).toHaveValue(String(neuchatel));
  await expect(filters(page).scope).toHaveValue("surveys");
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(CLIENTS);
  await expect(filters(page).search).toHaveValue("");
  await expect(page.getByRole("table").getByRole("rowheader")).toHaveCount(11);

  await visit(page, `${CLIENTS}?status=expired&scope=surveys`);
  await expect(page.getByRole("heading", { name: "No client fits these filters" })).toBeVisible();
  await expect(page.getByText("In force: status expired, scope surveys.")).toBeVisible();
});

test("the list tells how much a client is used, and when it was last", async ({ page, server }) => {
  const busy = await makeClient(server, { name: "Newsletter digest", scopes: ["system"] });
  await makeClient(server, { name: "Minutes archive", scopes: ["system"] });
  for (let count = 0; count < 3; count += 1) await askForToken(server, busy);
  await enter(page, server);
  const row = (name: string) => page.getByRole("row", { name: new RegExp(name) });
  const requests = (name: string, count: number) =>
    row(name).getByRole("img", { name: `${count} token requests in 14 days`, exact: true });

  // What was counted is written once a second.
  await expect(async () => {
    await visit(page, CLIENTS);
    expect(await requests("Newsletter digest", 3).isVisible()).toBe(true);
  }).toPass();
  await expect(row("Newsletter digest")).toContainText("Just now");
  await expect(requests("Minutes archive", 0)).toBeVisible();
  await expect(row("Minutes archive")).toContainText("Never");

  await page.getByRole("link", { name: "Newsletter digest" }).click();
  await expect(page.getByText("Last used just now from 127.0.0.0/24.")).toBeVisible();
  await page.getByRole("link", { name: "Revoke…" }).click();
  await expect(page.getByText("It is in use: last used just now, 3 requests in 14 days.")).toBeVisible();
});

test("before the first client, the page says what one is", async ({ page, server }) => {
  await enter(page, server);
  await visit(page, CLIENTS);
  await expect(page.getByRole("heading", { name: "No API clients yet" })).toBeVisible();
  await expect(page.getByRole("form", { name: "Filter clients" })).toBeHidden();
  await page.getByRole("link", { name: "New client" }).click();
  await expect(page).toHaveURL(`${CLIENTS}/new`);
});

test("when every client is revoked, the page does not speak of filters", async ({ page, server }) => {
  const only = await makeClient(server, { name: "The only one", scopes: ["system"] });
  await server.shell("api-client", "delete", "--id", only.id);
  await enter(page, server);
  await visit(page, CLIENTS);
  await expect(page.getByRole("link", { name: /^Revoked 1$/ })).toBeVisible();
  await expect(page.getByText("In force:")).toBeHidden();
});

test("pages are cut by key, and the address keeps the place", async ({ page, server }) => {
  const organization = await makeOrganization(server, "City of Porto");
  const name = (number: number) => `Client ${String(number).padStart(2, "0")}`;
  for (let number = 1; number <= 30; number += 1) {
    const scopes = number % 10 === 0 ? ["public", "blogs"] : ["public"];
    await makeClient(server, { name: name(number), organization, scopes });
  }
  const span = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, step) => name(from - step));
  await enter(page, server);
  await visit(page, CLIENTS);
  const pager = page.getByRole("navigation", { name: "Pages of clients" });
  const newer = pager.getByText("Newer");
  const older = pager.getByText("Older");

  await shows(page, span(30, 6));
  await expect(pager).toContainText("Showing 25 of 30 clients");
  await expect(newer).toHaveAttribute("aria-disabled", "true");
  await older.click();
  await expect(page).toHaveURL(/\?after=\d+$/);
  await shows(page, span(5, 1));
  await expect(pager).toContainText("Showing 5 of 30 clients");
  await expect(older).toHaveAttribute("aria-disabled", "true");
  const second = page.url();

  await page.reload();
  await shows(page, span(5, 1));
  await page.goBack();
  await expect(page).toHaveURL(CLIENTS);
  await shows(page, span(30, 6));
  await page.goForward();
  await expect(page).toHaveURL(second);
  await shows(page, span(5, 1));
  await newer.click();
  await expect(page).toHaveURL(/\?before=\d+$/);
  await shows(page, span(30, 6));

  // A new client moves nobody from one page to the next.
  await visit(page, second);
  await makeClient(server, { name: "Latecomer", organization, scopes: ["public"] });
  await page.reload();
  await shows(page, span(5, 1));

  // A filter begins at the first page again; the pager keeps the filter.
  const { search, scope, status, apply } = filters(page);
  await scope.selectOption("blogs");
  await apply();
  await expect(page).toHaveURL(/[?&]scope=blogs(&|$)/);
  await expect(page).not.toHaveURL(/after=/);
  await shows(page, ["Client 30", "Client 20", "Client 10"]);
  await scope.selectOption("Any scope");
  await search.fill("client");
  await apply();
  await shows(page, span(30, 6));
  await older.click();
  await expect(page).toHaveURL(/q=client.*after=\d+$/);
  await shows(page, span(5, 1));
  await expect(pager).toContainText("Showing 5 clients");

  // Back from a client, the list is where it was.
  await page.getByRole("link", { name: "Client 03" }).click();
  await expect(page.getByRole("heading", { name: "Client 03", level: 1 })).toBeVisible();
  await page.goBack();
  await shows(page, span(5, 1));
  await expect(search).toHaveValue("client");
  await status("Revoked").click();
  await expect(page).toHaveURL(/q=client&status=revoked$/);
  await page.goBack();
  await shows(page, span(5, 1));
});
