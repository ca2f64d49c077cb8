// An organization's own page: renamed, given a host, archived with its name typed, and restored.
import { makeClient, makeOrganization } from "../directory";
import { askForToken, post } from "../oauth";
import { enter, expect, test, visit } from "../support";

const ORGANIZATIONS = "/system/organizations";

// A refused form answers with its page and the status of the refusal, which Chromium writes to the console.
test.use({ allowed: /status of 422/ });

test.beforeEach(async ({ page, server }) => {
  await enter(page, server);
});

test("an organization is found in the list, renamed, and given a host on its page", async ({ page, server }) => {
  const porto = await makeOrganization(server, "Porto", "porto.example");
  await makeClient(server, { name: "Newsletter", organization: porto, scopes: ["blogs"] });
  await visit(page, ORGANIZATIONS);
  await page.getByRole("link", { name: "Porto", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Porto" })).toBeVisible();
  await expect(page.getByRole("row", { name: /Newsletter/ })).toBeVisible();
  await page.getByRole("link", { name: "Rename" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("City of Porto");
  await dialog.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "City of Porto" })).toBeVisible();
  await page.getByRole("link", { name: "Change host" }).click();
  await dialog.getByLabel("Host optional").fill("Participa.PORTO.example.");
  await dialog.getByRole("button", { name: "Save host" }).click();
  await expect(page).toHaveURL(new RegExp(`${ORGANIZATIONS}/${porto}`));
  await expect(page.getByRole("main")).toContainText("participa.porto.example");
});

test("archiving says what stops and takes the name; restoring brings it back", async ({ page, server }) => {
  const ovar = await makeOrganization(server, "District of Ovar", "ovar.example");
  const client = await makeClient(server, { name: "Ovar site", organization: ovar, scopes: ["blogs"] });
  await askForToken(server, client);
  const dialog = page.getByRole("dialog");
  await expect(async () => {
    await visit(page, `${ORGANIZATIONS}/${ovar}/archive`);
    await expect(dialog).toContainText("One client was used in the last 14 days", { timeout: 100 });
  }).toPass();
  await expect(dialog).toContainText("Ovar site");
  await dialog.getByLabel(/^Type District of Ovar/).fill("District of Ovar");
  await dialog.getByRole("button", { name: "Archive organization" }).click();
  await expect(page.getByRole("status").filter({ hasText: "was archived" })).toBeVisible();
  const refused = await post(server, "/oauth/token", client, { grant_type: "client_credentials" });
  expect(refused.status).toBe(401);
  await page.getByRole("link", { name: "Restore…" }).click();
  await expect(dialog).toContainText("One client works again");
  await dialog.getByRole("button", { name: "Restore organization" }).click();
  await expect(page.getByRole("status").filter({ hasText: "was restored" })).toBeVisible();
  await askForToken(server, client);
});
