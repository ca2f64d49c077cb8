// Several clients at once: chosen in the list, asked about on a page of their own, and changed together; the list as a file.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { furnish } from "../directory";
import { askForToken, post } from "../oauth";
import { axe, enter, expect, runsScript, test, visit } from "../support";

const CLIENTS = "/system/api-clients";

// A refused form answers with its page and the status of the refusal, which Chromium writes to the console.
test.use({ allowed: /status of (409|422)/ });

async function choose(page: Page, ...names: string[]): Promise<void> {
  for (const name of names) await page.getByRole("checkbox", { name: `Select ${name}` }).check();
}

function bar(page: Page) {
  return page.getByRole("group", { name: "Selected clients" });
}

test("several clients are revoked once their number is typed", async ({ page, server }) => {
  const { clients } = await furnish(server);
  await enter(page, server);
  await visit(page, CLIENTS);
  await expect(bar(page)).toBeHidden();
  await choose(page, "Newsletter digest", "Signature kiosk");
  await expect(bar(page)).toBeVisible();
  await bar(page).getByRole("button", { name: "Revoke…" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Revoke 2 clients?");
  await expect(page.getByRole("table", { name: "The chosen clients" }).getByRole("rowheader")).toHaveCount(2);
  await axe(page);
  const confirm = page.getByLabel("Type 2, the number of clients, to confirm");
  await confirm.fill("2");
  await page.getByRole("button", { name: "Revoke 2 clients" }).click();
  await expect(page.getByRole("status").filter({ hasText: "2 clients were revoked." })).toBeVisible();
  await expect(page.getByRole("link", { name: "Newsletter digest" })).toHaveCount(0);
  const refused = await post(server, "/oauth/token", clients.get("Newsletter digest")!, { grant_type: "client_credentials" });
  expect(refused.status).toBe(401);
  // With script the address forgets what was said.
  if (runsScript()) await expect(page).toHaveURL(CLIENTS);
});

test("what cannot be done is said, and the others are done", async ({ page, server }) => {
  await furnish(server);
  await enter(page, server);
  await visit(page, CLIENTS);
  await choose(page, "Survey kiosk, town hall", "Open data export");
  await bar(page).getByRole("button", { name: "Suspend…" }).click();
  await expect(page.getByRole("heading", { name: "1 client cannot be suspended" })).toBeVisible();
  await expect(page.getByText("It was suspended")).toBeVisible();
  await page.getByRole("button", { name: "Suspend 1 client" }).click();
  await expect(page.getByRole("status").filter({ hasText: "1 client was suspended." })).toBeVisible();

  await visit(page, `${CLIENTS}?status=suspended`);
  await choose(page, "Survey kiosk, town hall", "Open data export");
  await bar(page).getByRole("button", { name: "Resume…" }).click();
  await page.getByRole("button", { name: "Resume 2 clients" }).click();
  await expect(page.getByRole("status").filter({ hasText: "2 clients were resumed." })).toBeVisible();
});

test("one expiry is set, unless somebody was faster", async ({ page, server }) => {
  const { clients } = await furnish(server);
  await enter(page, server);
  await visit(page, `${CLIENTS}?q=kiosk`);
  await choose(page, "Signature kiosk", "Survey kiosk, town hall");
  await bar(page).getByRole("button", { name: "Set expiry…" }).click();
  await page.getByLabel("Expires on").fill("2099-06-01");
  await server.shell("api-client", "resume", "--id", clients.get("Survey kiosk, town hall")!.id);
  await page.getByRole("button", { name: "Set expiry of 2 clients" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Nothing was changed");
  await expect(alert).toContainText("Survey kiosk, town hall");
  await expect(page.getByLabel("Expires on")).toHaveValue("2099-06-01");
  await page.getByRole("button", { name: "Set expiry of 2 clients" }).click();
  await expect(page.getByRole("status").filter({ hasText: "2 clients have a new expiry." })).toBeVisible();
  await expect(page).toHaveURL(/[?&]q=kiosk/);
});

test("a list is sorted by its column headers", async ({ page, server }) => {
  const { clients } = await furnish(server);
  await askForToken(server, clients.get("Open data export")!);
  await enter(page, server);
  const names = page.getByRole("table").getByRole("rowheader").getByRole("link");
  await expect(async () => {
    await visit(page, `${CLIENTS}?sort=used`);
    await expect(names.first()).toHaveText("Open data export", { timeout: 100 });
  }).toPass();
  await expect(page.getByRole("columnheader", { name: /Last used/ })).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("link", { name: "Name and client ID" }).click();
  await expect(page).toHaveURL(`${CLIENTS}?sort=name`);
  await expect(names.first()).toHaveText("Budget vote 2025");
  await page.getByRole("link", { name: /Name and client ID/ }).click();
  await expect(page).toHaveURL(CLIENTS);
});

test("the list is a file, with the filters in force", async ({ page, server }) => {
  await furnish(server);
  await enter(page, server);
  await visit(page, `${CLIENTS}?status=suspended`);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^api-clients-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('"Survey kiosk, town hall"');
});

test.describe("with script", { tag: "@with-wasm" }, () => {
  test("all of a page are chosen at once, and stay so while they are shown", async ({ page, server }) => {
    await furnish(server);
    await enter(page, server);
    await visit(page, CLIENTS);
    const all = page.getByRole("checkbox", { name: "Select every client on this page" });
    await all.check();
    await expect(page.locator("tbody .check:checked")).toHaveCount(11);
    await bar(page).getByRole("button", { name: "Clear" }).click();
    await expect(bar(page)).toBeHidden();
    await expect(all).not.toBeChecked();
    await choose(page, "Signature kiosk", "Open data export");
    await page.getByLabel("Search by name or client ID").fill("kiosk");
    await expect(page.getByRole("link", { name: "Open data export" })).toHaveCount(0);
    await expect(page.locator("tbody .check:checked")).toHaveCount(1);
  });

  test("a page follows its file, and can end it", async ({ page, server }) => {
    await furnish(server);
    await enter(page, server);
    await visit(page, CLIENTS);
    const answers = [
      { rows: 1_250, thousandths: 400, state: "sending" },
      { rows: 2_500, thousandths: 800, state: "sending" },
      { rows: 2_500, thousandths: 800, state: "cancelled" },
    ];
    const methods: string[] = [];
    await page.route("**/system/transfers/*", async (route) => {
      methods.push(route.request().method());
      // It goes on until it is cancelled.
      const isCancelled = methods.includes("POST");
      await route.fulfill({ json: isCancelled ? answers[2] : answers[Math.min(methods.length - 1, 1)] });
    });
    await page.getByRole("button", { name: "Export CSV" }).click();
    const bar = page.getByRole("progressbar", { name: "Part of the file that was sent" });
    await expect(bar).toHaveJSProperty("value", 800);
    await expect(page.getByText("2,500 rows")).toBeVisible();
    await axe(page);
    await page.getByRole("button", { name: "Cancel export" }).click();
    await expect(page.getByText("What the browser has of the file is not whole.")).toBeVisible();
    await expect(bar).toBeHidden();
    expect(methods).toContain("POST");
  });

  test("a file that breaks off is said to", async ({ page, server }) => {
    await furnish(server);
    await enter(page, server);
    await visit(page, CLIENTS);
    const broken = { rows: 1, thousandths: 10, state: "broken" };
    await page.route("**/system/transfers/*", (route) => route.fulfill({ json: broken }));
    await page.getByRole("button", { name: "Export CSV" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "The export broke off" })).toContainText("The file is not whole: 1 row");
  });

  test.describe("while the server does not answer", () => {
    test.use({ allowed: /Failed to (load resource|fetch)|net::ERR/ });

    test("a failure leaves the files that are being sent where they are", async ({ page, server }) => {
      await furnish(server);
      await enter(page, server);
      await visit(page, CLIENTS);
      const sending = { rows: 1, thousandths: 10, state: "sending" };
      await page.route("**/system/transfers/*", (route) => route.fulfill({ json: sending }));
      const toasts = page.getByRole("region", { name: "Notifications" });
      const underWay = toasts.getByRole("group").filter({ hasText: "Exporting…" });
      for (const count of [1, 2, 3]) {
        await page.getByRole("button", { name: "Export CSV" }).click();
        await expect(underWay).toHaveCount(count);
      }
      await page.route(/\?q=/, (route) => route.abort());
      const search = page.getByLabel("Search by name or client ID");
      await search.fill("kiosk");
      await expect(toasts.getByRole("alert").filter({ hasText: "The list was not loaded" })).toBeVisible();
      await expect(underWay).toHaveCount(3);
    });
  });

  test("a whole file is said to be sent", async ({ page, server }) => {
    await furnish(server);
    await enter(page, server);
    await visit(page, "/system/audit/export");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export", exact: true }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
    const rows = `It has ${lines.length - 1} rows.`;
    await expect(page.getByRole("status").filter({ hasText: "The file was sent" })).toContainText(rows);
  });
});
