// Getting about: the page stays while what is on it changes, the focus follows, and keys do what they say.
import { furnish, makeClient, makeOrganization } from "../directory";
import { enter, expect, runsScript, SHELL_USER, test, visit } from "../support";

const CLIENTS = "/system/api-clients";

// What is refused on purpose, Chromium writes to the console.
test.use({ allowed: /status of (404|409|422)/ });

test("links lead on, and each page says where one is", async ({ page, server }) => {
  const { clients } = await furnish(server);
  const newsletter = clients.get("Newsletter digest")!;
  await enter(page, server);
  await visit(page, CLIENTS);
  const section = (name: RegExp) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name });

  await section(/^Organizations/).click();
  await expect(page).toHaveTitle("Organizations · Claviger");
  await expect(section(/^Organizations/)).toHaveAttribute("aria-current", "page");
  await page.getByRole("link", { name: "City of Porto", exact: true }).click();
  await expect(page).toHaveURL(/\/system\/organizations\/\d+$/);
  await page.getByRole("link", { name: "All clients" }).click();
  await expect(page).toHaveURL(/\/system\/api-clients\?organization=\d+$/);
  await page.getByRole("link", { name: "Newsletter digest" }).click();
  await expect(page).toHaveTitle("Newsletter digest · Claviger");
  await expect(section(/^API clients/)).toHaveAttribute("aria-current", "true");

  await page.getByRole("navigation", { name: "This client" }).getByRole("link", { name: /^Permissions/ }).click();
  await expect(page).toHaveTitle("Permissions of Newsletter digest · Claviger");
  await expect(page.getByRole("switch", { name: /blogs\.read$/ })).toBeChecked();
  await page.goBack();
  await expect(page).toHaveURL(`${CLIENTS}/${newsletter.id}`);
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "API clients" }).click();
  await expect(page).toHaveURL(CLIENTS);
  await page.getByRole("link", { name: "New client" }).click();
  await expect(page).toHaveTitle("New client · Claviger");

  await page.getByLabel("Name", { exact: true }).fill("Made on the way");
  await page.getByLabel("Organization", { exact: true }).selectOption("City of Porto");
  await page.getByRole("checkbox", { name: /^Pages/ }).check();
  await page.getByRole("button", { name: "Create client" }).click();
  await expect(page.getByRole("heading", { name: "Client created. Store its secret now." })).toBeVisible();
  await expect(section(/^API clients/)).toHaveText("API clients12");
});

test.describe("with script", { tag: "@with-wasm" }, () => {
  test("the slash leads to the search, unless somebody types", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
    await enter(page, server);
    await visit(page, `${CLIENTS}/${id}`);
    const search = page.getByRole("searchbox", { name: "Find a client by name or ID" });

    await page.keyboard.press("/");
    await expect(search).toBeFocused();
    await expect(search).toHaveValue("");
    await page.keyboard.type("news/letter");
    await expect(search).toHaveValue("news/letter");
    await search.fill("newsletter");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`${CLIENTS}?q=newsletter`);
    await expect(page.getByRole("link", { name: "Newsletter digest" })).toBeVisible();

    // Not above a dialog.
    await visit(page, `${CLIENTS}/${id}/revoke`);
    await expect(page.getByLabel("Type Newsletter digest to confirm")).toBeFocused();
    await page.getByRole("link", { name: "Keep client" }).focus();
    await page.keyboard.press("/");
    await expect(page.getByRole("link", { name: "Keep client" })).toBeFocused();
  });

  test("Escape closes a dialog, and the focus returns to what opened it", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
    await enter(page, server);
    await visit(page, `${CLIENTS}/${id}`);

    const revoke = page.getByRole("link", { name: "Revoke…" });
    await revoke.focus();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`${CLIENTS}/${id}/revoke`);
    await expect(page.getByLabel("Type Newsletter digest to confirm")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page).toHaveURL(`${CLIENTS}/${id}`);
    await expect(page.getByRole("dialog")).toBeHidden();
    await expect(revoke).toBeFocused();

    await revoke.click();
    await page.getByRole("link", { name: "Keep client" }).click();
    await expect(page).toHaveURL(`${CLIENTS}/${id}`);
    await expect(revoke).toBeFocused();

    const edit = page.getByRole("button", { name: "Edit details" });
    await edit.click();
    await expect(page.getByRole("dialog", { name: "Edit details" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog", { name: "Edit details" })).toBeHidden();
    await expect(edit).toBeFocused();

    await visit(page, "/system/organizations");
    const add = page.getByRole("link", { name: "Add organization" });
    await add.click();
    await expect(page.getByRole("dialog").getByLabel("Name", { exact: true })).toBeFocused();
    // The focus stays in the dialog.
    for (let step = 0; step < 6; step += 1) {
      await page.keyboard.press("Tab");
      const left = await page.evaluate(() => document.activeElement !== document.body && !document.activeElement?.closest("dialog"));
      expect(left).toBe(false);
    }
    await page.keyboard.press("Escape");
    await expect(page).toHaveURL("/system/organizations");
    await expect(add).toBeFocused();
  });

  test("what was done before the page was live is not lost", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
    await enter(page, server);
    let release = () => {};
    const held = new Promise<void>((go) => (release = go));
    await page.route("**/*.wasm", async (route) => {
      await held;
      await route.continue();
    });

    await page.goto(`${CLIENTS}/${id}/permissions`);
    const read = page.getByRole("switch", { name: /blogs\.read$/ });
    await read.check();
    await page.getByLabel("Filter permissions by label or string").fill("blogs");
    release();
    await expect(page.locator("html[data-live]")).toBeAttached();
    await expect(page.locator(".perm").filter({ has: read }).locator(".state")).toHaveText("Saved");
    await expect(read).toBeChecked();
    await expect(page.getByRole("switch")).toHaveCount(3);
    expect((await server.shell("api-client", "get", "--id", id))[0].permissions).toEqual(["blogs.read"]);
  });

  test("what is copied is what stands there", async ({ page, context, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id, secret } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.origin });
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await enter(page, server);
    await visit(page, `${CLIENTS}/${id}`);

    await page.getByRole("button", { name: "Copy client ID", exact: true }).first().click();
    await expect.poll(clipboard).toBe(id);
    await page.getByRole("button", { name: "Copy the token request" }).click();
    await expect.poll(clipboard).toContain("client_secret='<client secret>'");
    await page.getByRole("button", { name: "Reveal" }).click();
    await expect(page.getByRole("group", { name: "Client secret" })).toHaveText(secret, { useInnerText: true });
    await page.getByRole("button", { name: "Copy client secret" }).click();
    await expect.poll(clipboard).toBe(secret);
    await page.getByRole("radio", { name: "Python" }).check();
    await page.getByRole("button", { name: "Copy the token request" }).click();
    await expect.poll(clipboard).toContain(`"client_secret": "${secret}"`);
    await expect.poll(clipboard).toContain("import requests");
  });
});

test("details can be changed, and a change by somebody else is not overwritten", async ({ page, server }) => {
  const organization = await makeOrganization(server, "City of Porto");
  const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
  await enter(page, server);
  await visit(page, `${CLIENTS}/${id}`);
  const dialog = page.getByRole("dialog", { name: "Edit details" });
  const open = () => page.getByRole("button", { name: "Edit details" }).click();
  const save = () => dialog.getByRole("button", { name: "Save details" }).click();

  await open();
  await dialog.getByLabel("Name", { exact: true }).fill("Weekly digest");
  await dialog.getByRole("switch", { name: /^Allow login/ }).check();
  await save();
  await expect(page.getByRole("heading", { name: "Weekly digest", level: 1 })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Details saved." })).toBeVisible();
  await expect(page.getByText("Log in", { exact: true })).toBeVisible();
  await expect(dialog).toBeHidden();

  // What is refused is said where it was typed, or above it all when the dialog had to close; nothing typed is lost.
  await open();
  await dialog.getByLabel("Name", { exact: true }).fill("   ");
  await dialog.getByRole("switch", { name: /^Allow impersonation/ }).check();
  await save();
  await expect(page.getByRole("alert").filter({ visible: true })).toContainText("The details were not saved: one answer needs attention");
  if (!runsScript()) await open();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveAccessibleDescription("Give it a name.");
  await expect(dialog.getByRole("switch", { name: /^Allow impersonation/ })).toBeChecked();
  await dialog.getByText("Cancel").click();
  await expect(dialog).toBeHidden();

  await visit(page, `${CLIENTS}/${id}`);
  await server.shell("api-client", "grant", "--id", id, "--permission", "public.space.read");
  await open();
  await dialog.getByLabel("Name", { exact: true }).fill("Daily digest");
  await save();
  const news = page.getByRole("alert").filter({ hasText: "The details were not saved", visible: true });
  await expect(news).toContainText(`${SHELL_USER} changed this client`);
  expect((await server.shell("api-client", "get", "--id", id))[0].name).toBe("Weekly digest");
  if (!runsScript()) await open();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("Daily digest");
  await dialog.getByRole("link", { name: "Show the current details" }).click();
  await expect(dialog).toBeHidden();
  if (runsScript()) await expect(page.locator("html[data-live]")).toBeAttached();
  await open();
  await dialog.getByLabel("Name", { exact: true }).fill("Daily digest");
  await save();
  await expect(page.getByRole("heading", { name: "Daily digest", level: 1 })).toBeVisible();
});

test("an address that fits nothing answers 404 and offers a search", async ({ page, server }) => {
  await enter(page, server);
  for (const path of ["/system/nothing-here", "/system/api-clients/id_nobody", "/system/api-clients/id_nobody/permissions", "/system/api-clients/id_nobody/revoke"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "No page fits this address" })).toBeVisible();
    await expect(page.getByText(path, { exact: true })).toBeVisible();
  }
  await page.getByRole("searchbox", { name: "Name or client ID" }).fill("id_some");
  await page.getByRole("button", { name: "Find client" }).click();
  await expect(page).toHaveURL(`${CLIENTS}?q=id_some`);
});
