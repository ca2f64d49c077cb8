// The catalogue, the list that it leads to, and permissions compared, copied and exercised.
import { makeClient, makeOrganization } from "../directory";
import { askForToken } from "../oauth";
import { enter, expect, runsScript, test, visit } from "../support";

const CLIENTS = "/system/api-clients";

test.beforeEach(async ({ page, server }) => {
  await enter(page, server);
});

test("the catalogue says what a permission means and leads to who holds it", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto");
  await makeClient(server, { name: "Newsletter", organization: porto, scopes: ["blogs"] }, "--permission", "blogs.read");
  await makeClient(server, { name: "Archive", organization: porto, scopes: ["blogs"] });
  await visit(page, CLIENTS);
  await page.getByRole("link", { name: "Catalogue" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Catalogue" })).toBeVisible();
  const row = page.getByRole("listitem").filter({ has: page.getByText("blogs.read", { exact: true }) });
  await row.getByRole("link", { name: "1 client" }).click();
  await expect(page.getByRole("row", { name: /Newsletter/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /Archive/ })).toHaveCount(0);
  await page.getByRole("combobox", { name: "Permission" }).selectOption("");
  if (!runsScript()) await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("row", { name: /Archive/ })).toBeVisible();
});

test("permissions are compared with another client and copied from it", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto");
  const scopes = ["blogs"];
  const old = await makeClient(
    server, { name: "Old site", organization: porto, scopes }, "--permission", "blogs.read,blogs.destroy",
  );
  const site = await makeClient(server, { name: "New site", organization: porto, scopes });
  await visit(page, `${CLIENTS}/${site.id}/permissions`);
  await page.getByLabel("Compare with").fill("old site");
  await page.getByRole("button", { name: "Compare" }).click();
  const card = page.getByRole("region", { name: /^Compared with Old site/ });
  await expect(card).toContainText("2 differences");
  await expect(card).toContainText("Of high risk");
  await card.getByRole("button", { name: "Copy permissions" }).click();
  await expect(page.getByText("Permissions saved.")).toBeVisible();
  await expect(card).toContainText("No difference");
  await expect(page.getByRole("switch", { name: /blogs\.destroy/ })).toBeChecked();
  expect(old.permissions).toEqual(["blogs.read", "blogs.destroy"]);
});

test("a row says when its permission was exercised", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto");
  const client = await makeClient(
    server, { name: "Reader", organization: porto, scopes: ["blogs"] }, "--permission", "blogs.read,blogs.write",
  );
  const here = `${CLIENTS}/${client.id}/permissions`;
  await visit(page, here);
  await expect(page.getByText(/exercised/i)).toHaveCount(0);
  const token = await askForToken(server, client);
  const answer = await fetch(`${server.origin}/oauth/verify?permission=blogs.read`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(204);
  await expect(async () => {
    await visit(page, here);
    await expect(page.getByText(/^Last exercised/)).toHaveCount(1, { timeout: 100 });
  }).toPass();
  await expect(page.getByText(/^Not exercised since it was granted on/)).toHaveCount(1);
});
