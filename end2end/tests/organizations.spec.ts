// An organization's host: given, refused, taken away; and an archived organization that comes back.
import { makeClient, makeOrganization } from "../directory";
import { askForToken } from "../oauth";
import { enter, expect, runsScript, test, visit } from "../support";

const ORGANIZATIONS = "/system/organizations";

// A refused form answers with its page and the status of the refusal, which Chromium writes to the console.
test.use({ allowed: /status of 422/ });

test.beforeEach(async ({ page, server }) => {
  await enter(page, server);
});

test("a host is changed, and what cannot be one is said", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto", "porto.example");
  await visit(page, ORGANIZATIONS);
  const row = page.getByRole("row", { name: /City of Porto/ });
  await row.getByRole("link", { name: /host/i }).click();
  const host = page.getByRole("textbox", { name: "Host optional" });
  await expect(host).toHaveValue("porto.example");
  await host.fill("participa.porto.example:8443");
  await page.getByRole("button", { name: "Save host" }).click();
  await expect(page.getByRole("alert")).toContainText("without a port");
  await expect(host).toHaveValue("participa.porto.example:8443");
  await host.fill("Participa.PORTO.example.");
  await page.getByRole("button", { name: "Save host" }).click();
  await expect(row).toContainText("participa.porto.example");
  const [shown] = (await server.shell("claviger", "organization", "list")).filter(({ id }) => id === porto);
  expect(shown.host).toBe("participa.porto.example");
});

test("a search finds by name and host, while it is typed where scripts run", async ({ page, server }) => {
  await makeOrganization(server, "City of Porto", "participa.porto.example");
  await makeOrganization(server, "Canton of Neuchâtel");
  await visit(page, ORGANIZATIONS);
  const search = page.getByRole("searchbox", { name: "Search by name, host or ID" });
  const porto = page.getByRole("row", { name: /City of Porto/ });
  const neuchatel = page.getByRole("row", { name: /Canton of Neuchâtel/ });
  const type = async (text: string) => {
    await search.fill(text);
    if (!runsScript()) await search.press("Enter");
  };
  await type("participa");
  await expect(neuchatel).toHaveCount(0);
  await expect(porto).toBeVisible();
  await expect(page).toHaveURL(`${ORGANIZATIONS}?q=participa`);
  await type("nowhere");
  await expect(page.getByRole("heading", { name: "No organization matches “nowhere”" })).toBeVisible();
  await page.getByRole("link", { name: "Clear search" }).click();
  await expect(porto).toBeVisible();
  await expect(neuchatel).toBeVisible();
});

test("an archived organization is restored, and its clients work again", async ({ page, server }) => {
  const ovar = await makeOrganization(server, "District of Ovar", "ovar.example");
  const client = await makeClient(server, { name: "Ovar site", organization: ovar, scopes: ["blogs"] });
  await server.shell("claviger", "organization", "archive", "--id", String(ovar));
  await visit(page, ORGANIZATIONS);
  await page.getByRole("link", { name: /archived/i }).click();
  await page.getByRole("link", { name: "Restore… District of Ovar" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore organization" }).click();
  await expect(page.getByRole("status").filter({ hasText: "District of Ovar" })).toContainText("was restored");
  await visit(page, ORGANIZATIONS);
  await expect(page.getByRole("row", { name: /District of Ovar/ })).toBeVisible();
  await askForToken(server, client);
});
