// What others do shows on a page that somebody looks at, and disturbs nobody.
import { makeClient, makeOrganization } from "../directory";
import { enter, expect, SHELL_USER, test, visit } from "../support";

const CLIENTS = "/system/api-clients";

test.describe("with script", { tag: "@with-wasm" }, () => {
  test("the list shows what others change, in place", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const sync = await makeClient(server, { name: "Proposals sync", organization, scopes: ["public"] });
    await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
    await enter(page, server);
    await visit(page, CLIENTS);
    const rows = page.locator("#results tbody tr");
    const row = rows.filter({ hasText: "Proposals sync" });
    await expect(row).toContainText("Active");
    // The stream has to be open before something happens.
    await page.waitForTimeout(1_500);

    await server.shell("api-client", "suspend", "--id", sync.id);
    await expect(row).toContainText("Suspended", { timeout: 4_000 });
    await expect(page.getByText(`${SHELL_USER} changed Proposals sync`)).toBeVisible();
    await expect(rows.nth(1)).toContainText("Proposals sync");

    await makeClient(server, { name: "Made meanwhile", organization, scopes: ["public"] });
    await expect(page.getByText("There is a new client")).toBeVisible({ timeout: 4_000 });
    await expect(rows).toHaveCount(2);
    await page.getByRole("link", { name: "Show", exact: true }).click();
    await expect(rows).toHaveCount(3);

    await page.waitForTimeout(1_500);
    await server.shell("api-client", "delete", "--id", sync.id);
    await expect(row).toHaveClass(/gone/, { timeout: 4_000 });
  });

  test("switches follow what others grant, and what is moved here stays", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
    await enter(page, server);
    await visit(page, `${CLIENTS}/${id}/permissions`);
    const read = page.getByRole("switch", { name: /blogs\.read$/ });
    const write = page.getByRole("switch", { name: /blogs\.write$/ });
    await page.waitForTimeout(1_500);
    await write.check();
    await server.shell("api-client", "grant", "--id", id, "--permission", "blogs.read");
    await expect(read).toBeChecked({ timeout: 4_000 });
    await expect(write).toBeChecked();
    await expect(page.getByText(`${SHELL_USER} changed this client`)).toBeVisible();
  });
});
