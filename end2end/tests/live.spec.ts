// What others do shows on a page that somebody looks at, and disturbs nobody.
import type { Route } from "@playwright/test";
import { makeClient, makeOrganization, passed } from "../directory";
import { askForToken } from "../oauth";
import { enter, expect, following, SHELL_USER, test, visit } from "../support";

const CLIENTS = "/system/api-clients";

// Two seconds are promised; the rest is patience for a machine that is busy elsewhere.
const SOON = { timeout: 6_000 };

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
    await following(page);

    await server.shell("api-client", "suspend", "--id", sync.id);
    await expect(row).toContainText("Suspended", SOON);
    await expect(page.getByText(`${SHELL_USER} changed Proposals sync`)).toBeVisible();
    await expect(rows.nth(1)).toContainText("Proposals sync");

    await makeClient(server, { name: "Made meanwhile", organization, scopes: ["public"] });
    await expect(page.getByText("There is a new client")).toBeVisible(SOON);
    await expect(rows).toHaveCount(2);
    await page.getByRole("link", { name: "Show", exact: true }).click();
    await expect(rows).toHaveCount(3);

    await following(page);
    await server.shell("api-client", "delete", "--id", sync.id);
    await expect(row).toHaveClass(/gone/, SOON);
  });

  test("what changes between a page and its stream shows, too", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const sync = await makeClient(server, { name: "Proposals sync", organization, scopes: ["public"] });
    await enter(page, server);
    for (const [address, act, state] of [
      [CLIENTS, "suspend", "Suspended"],
      [`${CLIENTS}/${sync.id}`, "resume", "Active"],
    ] as const) {
      await page.route(
        "**/system/live*",
        async (route) => {
          await server.shell("api-client", act, "--id", sync.id);
          await route.continue();
        },
        { times: 1 },
      );
      await visit(page, address);
      await following(page);
      const shown = address === CLIENTS ? page.locator("#results tbody tr") : page.locator(".page-head [data-part=status]");
      await expect(shown).toContainText(state, SOON);
      await expect(page.getByText(new RegExp(`^${SHELL_USER} changed`))).toBeVisible();
    }
  });

  test("the list shows how clients are used, and moves nothing", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const sync = await makeClient(server, { name: "Proposals sync", organization, scopes: ["public"] });
    const digest = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
    await enter(page, server);
    await visit(page, `${CLIENTS}?sort=name`);
    const rows = page.locator("#results tbody tr");
    const used = (name: string) => rows.filter({ hasText: name });
    const search = page.getByLabel("Search by name or client ID");
    await search.fill("s");
    await expect(rows).toHaveCount(1);
    await search.fill("");
    await expect(rows).toHaveCount(2);
    await following(page);

    await askForToken(server, sync);
    await expect(used("Proposals sync")).toContainText("Just now", SOON);
    await expect(used("Proposals sync").getByRole("img", { name: "1 token request in 14 days" })).toBeVisible();
    await expect(used("Newsletter digest")).toContainText("Never");
    await expect(rows.last()).toContainText("Proposals sync");
    await expect(search).toBeFocused();

    // What somebody selects stays until the selection is gone.
    await used("Newsletter digest").locator("[data-last-used]").selectText();
    await askForToken(server, digest);
    await askForToken(server, sync);
    await expect(used("Proposals sync").getByRole("img", { name: "2 token requests in 14 days" })).toBeVisible(SOON);
    expect(await page.evaluate(() => getSelection()?.toString().trim())).toBe("Never");
    await page.evaluate(() => getSelection()?.removeAllRanges());
    await expect(used("Newsletter digest")).toContainText("Just now", SOON);
  });

  test("switches follow what others grant, and what is moved here stays", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
    await enter(page, server);
    await visit(page, `${CLIENTS}/${id}/permissions`);
    const read = page.getByRole("switch", { name: /blogs\.read$/ });
    const write = page.getByRole("switch", { name: /blogs\.write$/ });
    await following(page);
    await write.check();
    await server.shell("api-client", "grant", "--id", id, "--permission", "blogs.read");
    await expect(read).toBeChecked(SOON);
    await expect(write).toBeChecked();
    await expect(page.getByText(`${SHELL_USER} changed this client`)).toBeVisible();
  });

  test("a client's secrets and notices follow, and what is typed stays", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
    await enter(page, server);
    await visit(page, `${CLIENTS}/${id}`);
    await following(page);
    await page.getByRole("radio", { name: "Python" }).check();

    await server.shell("api-client", "rotate", "--id", id);
    await expect(page.getByText("Client secret 2")).toBeVisible(SOON);
    const toast = page.getByRole("status").filter({ hasText: `${SHELL_USER} changed this client` });
    await expect(toast.last()).toBeVisible();
    await expect(page.getByText("Reload the page to see all of it")).toBeHidden();
    await expect(page.getByRole("radio", { name: "Python" })).toBeChecked();

    await server.shell("api-client", "suspend", "--id", id);
    await expect(page.getByText("This client is suspended")).toBeVisible(SOON);
    await expect(page.getByRole("button", { name: "Resume client" })).toBeVisible();

    await page.getByRole("button", { name: "Edit details" }).click();
    const name = page.getByLabel("Name", { exact: true });
    await name.fill("Half typed");
    await server.shell("api-client", "resume", "--id", id);
    await expect(page.getByText("Reload the page to see all of it")).toBeVisible(SOON);
    await expect(name).toHaveValue("Half typed");
    await expect(name).toBeFocused();

    // Once closed, the dialog begins with what the client is now.
    await page.keyboard.press("Escape");
    await server.shell("api-client", "suspend", "--id", id);
    await expect(page.getByText("This client is suspended")).toBeVisible(SOON);
    await page.getByRole("button", { name: "Edit details" }).click();
    await name.fill("Renamed");
    await page.getByRole("button", { name: "Save details" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Renamed");
  });

  test("tokens appear as they are issued", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const client = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
    await enter(page, server);
    await visit(page, `${CLIENTS}/${client.id}/tokens`);
    await following(page);
    const token = page.getByLabel("Token", { exact: true });
    await token.fill("half pasted");
    const top = async () => (await token.boundingBox())!.y;
    await expect(page.getByText("This client has asked for no token yet.")).toBeVisible();
    await askForToken(server, client);
    await expect(page.getByText("1 live")).toBeVisible(SOON);
    await expect(page.getByText("Issued 1", { exact: true })).toBeVisible();
    const before = await top();
    for (let count = 0; count < 5; count++) await askForToken(server, client);
    await expect(page.getByText("6 live")).toBeVisible(SOON);
    await expect(token).toHaveValue("half pasted");
    await expect(token).toBeFocused();
    await expect.poll(async () => Math.abs((await top()) - before)).toBeLessThan(2);
  });

  test("what happens between a filter and its new stream is shown", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const sync = await makeClient(server, { name: "Proposals sync", organization, scopes: ["public"] });
    await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
    await enter(page, server);
    await visit(page, CLIENTS);
    await following(page);
    const streams: Route[] = [];
    await page.route(/\/system\/live\?/, (route) => void streams.push(route));
    const rows = page.locator("#results tbody tr");
    await page.getByLabel("Search by name or client ID").fill("proposals");
    await expect(rows).toHaveCount(1);
    await expect.poll(() => streams.length).toBe(1);

    await server.shell("api-client", "suspend", "--id", sync.id);
    // Long enough for the server to see that the first stream is closed; the next one begins after this change.
    await passed(Date.now() + 1_500);
    await expect(rows).toContainText("Active");
    await streams[0].continue();
    await following(page);
    await expect(rows).toContainText("Suspended", SOON);
  });

  test("a part follows whatever its select shows, until somebody changes that", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
    await enter(page, server);
    await visit(page, `${CLIENTS}/${id}`);
    await following(page);
    const select = page.getByLabel("Sample unit");
    // The second option is the one that the page came with.
    const options = '<option value="1">seconds</option><option value="60" selected>minutes</option>';
    const addSelect = () =>
      page
        .locator('[data-part="suspension"]')
        .evaluate((part, options) => part.insertAdjacentHTML("beforeend", `<select aria-label="Sample unit">${options}</select>`), options);

    await addSelect();
    await server.shell("api-client", "suspend", "--id", id);
    await expect(page.getByRole("button", { name: "Resume client" })).toBeVisible(SOON);
    await expect(select).toHaveCount(0);
    await expect(page.getByText("Reload the page to see all of it")).toBeHidden();

    await addSelect();
    await select.selectOption("1");
    await server.shell("api-client", "resume", "--id", id);
    await expect(page.getByText("Reload the page to see all of it")).toBeVisible(SOON);
    await expect(select).toHaveValue("1");
  });

  test("a secret's use is shown once the selection that held it back is gone", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const client = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
    await enter(page, server);
    await visit(page, `${CLIENTS}/${client.id}`);
    await following(page);
    const used = page.locator(".page-head [data-last-used]");
    const secret = page.locator('[data-part="secrets"]');
    await expect(secret).toContainText("Never used");
    await used.selectText();
    await askForToken(server, client);
    // By then the stream has brought it.
    await passed(Date.now() + 3_000);
    await expect(used).not.toContainText("Just now");
    await page.evaluate(() => getSelection()?.removeAllRanges());
    await expect(used).toContainText("Just now", SOON);
    await expect(secret).toContainText("Last used", SOON);
  });
});
