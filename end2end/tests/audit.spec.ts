// The audit log: filtered, verified and exported; and what was done to one client.
import { readFileSync } from "node:fs";
import { makeClient, makeOrganization } from "../directory";
import { enter, expect, owner, runsScript, SHELL_USER, test, visit } from "../support";

const AUDIT = "/system/audit";

test.beforeEach(async ({ page, server }) => {
  const organization = await makeOrganization(server, "City of Porto");
  await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] }, "--permission", "blogs.read");
  await enter(page, server);
});

test("filters find what was done, by whom and to what", async ({ page }) => {
  await visit(page, AUDIT);
  const row = (name: RegExp) => page.getByRole("row", { name });
  await expect(row(/Created client/)).toContainText("Newsletter digest");
  await expect(row(/Created client/)).toContainText(SHELL_USER);
  await expect(row(/Created administrator/)).toContainText(owner.email);
  const apply = async () => {
    if (!runsScript()) await page.getByRole("button", { name: "Apply" }).click();
  };
  await page.getByRole("combobox", { name: "Action" }).selectOption("clients");
  await apply();
  await expect(row(/Created organization/)).toHaveCount(0);
  await expect(row(/Created client/)).toBeVisible();
  await expect(page).toHaveURL(/[?&]action=clients/);
  await page.getByLabel("From").fill("2999-01-01");
  await apply();
  await expect(page.getByRole("heading", { name: "No entry fits these filters" })).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(row(/Created organization/)).toBeVisible();
});

test("the chain is verified, and the file has what the filters choose", async ({ page }) => {
  await visit(page, AUDIT);
  await page.getByRole("button", { name: "Verify now" }).click();
  await expect(page.getByText(/Verified up to entry \d+/)).toBeVisible();
  await visit(page, `${AUDIT}?action=clients`);
  await page.getByRole("link", { name: "Export…" }).click();
  await expect(page.getByRole("definition")).toHaveText("Clients: anything");
  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const download = await started;
  expect(download.suggestedFilename()).toMatch(/^claviger-audit-\d{4}-\d\d-\d\d\.csv$/);
  const lines = readFileSync(await download.path(), "utf8").trimEnd().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain("created client Newsletter digest");
  await visit(page, AUDIT);
  await expect(page.getByRole("row", { name: /Exported log/ })).toContainText("Clients: anything");
});

test("a client shows its activity", async ({ page }) => {
  await visit(page, "/system/api-clients");
  await page.getByRole("link", { name: "Newsletter digest" }).click();
  await page.getByRole("link", { name: "Activity" }).click();
  const entry = page.getByRole("listitem").filter({ hasText: "created this client" });
  await expect(entry).toContainText(SHELL_USER);
  await expect(entry.locator("ins", { hasText: "blogs.read" })).toBeVisible();
  await page.getByRole("link", { name: "Permissions", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Nothing of this kind" })).toBeVisible();
});
