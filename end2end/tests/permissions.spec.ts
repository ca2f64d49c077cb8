// One switch for each permission: saved as it moves, set back when that fails, never in silence.
import type { Page, Route } from "@playwright/test";
import { makeClient, makeOrganization, type Client } from "../directory";
import { enter, expect, runsScript, SHELL_USER, test as base, visit } from "../support";

const TOGGLE = "**/system/do/permissions/set";

/** Opens the permissions of a new client with the scopes `public` and `blogs`. */
const test = base.extend<{ client: Client }>({
  client: async ({ page, server }, use) => {
    const organization = await makeOrganization(server, "City of Porto");
    const client = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
    await enter(page, server);
    await visit(page, `/system/api-clients/${client.id}/permissions`);
    await use(client);
  },
});

/** The switch of a permission, and what its row says. */
function permission(page: Page, name: string) {
  const toggle = page.getByRole("switch", { name: new RegExp(`${name.replaceAll(".", "\\.")}$`) });
  const row = page.locator(".perm").filter({ has: toggle });
  return {
    toggle,
    state: row.getByRole("status"),
    error: row.locator(".error"),
    retry: row.getByRole("button", { name: "Retry" }),
  };
}

const tab = (page: Page) => page.getByRole("navigation", { name: "This client" }).getByRole("link", { name: /^Permissions/ });

/** Holds every request that a route meets, until it is let go on, or all are. */
function holdRequests() {
  const arrived: Route[] = [];
  let isOpen = false;
  return {
    arrived,
    handler: (route: Route) => {
      arrived.push(route);
      return isOpen ? route.continue() : undefined;
    },
    wanted: (place: number) => new URLSearchParams(arrived[place].request().postData()!),
    open: async () => {
      isOpen = true;
      await Promise.all(arrived.map((route) => route.continue()));
    },
  };
}

/** A refusal, as the server words it. */
const refusal = (status: number, detail: string) =>
  JSON.stringify({ reason: { Refused: { status, code: "refused", detail, errors: [] } }, typed: null });

test.describe("with script", { tag: "@with-wasm" }, () => {
  // What fails on purpose, Chromium writes to the console.
  test.use({ allowed: /Failed to (load resource|fetch)|was preloaded/ });

  test("a switch says that it is being saved, that it was, and then nothing", async ({ page, client, server }) => {
    const { toggle, state } = permission(page, "blogs.read");
    const held = holdRequests();
    await page.route(TOGGLE, held.handler);
    await expect(tab(page)).toHaveText("Permissions 0/12");
    await toggle.click();
    await expect(state).toHaveText("Saving…");
    await expect(toggle).toBeChecked();
    // Nothing counts as granted before the server has said so.
    await expect(tab(page)).toHaveText("Permissions 0/12");
    await expect.poll(() => held.arrived.length).toBe(1);
    await held.arrived[0].continue();
    await expect(state).toHaveText("Saved");
    await expect(tab(page)).toHaveText("Permissions 1/12");
    await expect(state).toBeEmpty();

    expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toEqual(["blogs.read"]);
    await page.reload();
    await expect(toggle).toBeChecked();
    await expect(tab(page)).toHaveText("Permissions 1/12");
  });

  for (const { what, answer, sentence } of [
    {
      what: "refused",
      answer: { status: 422, body: refusal(422, "Not this one.") },
      sentence: "Not saved. Not this one. This permission is still off.",
    },
    {
      what: "met by a defect of the server",
      answer: { status: 500, body: refusal(500, "Something went wrong on the server. The log has the cause under a1b2c3.") },
      sentence: "Not saved. Something went wrong on the server. The log has the cause under a1b2c3. This permission is still off.",
    },
    {
      what: "answered by a broken proxy",
      answer: { status: 502, body: "<h1>Bad gateway</h1>" },
      sentence: "Not saved: the server did not answer. This permission is still off.",
    },
  ]) {
    test(`a change that is ${what} goes back, says why, and can be tried again`, async ({ page, client, server }) => {
      const { toggle, state, error, retry } = permission(page, "blogs.read");
      await page.route(TOGGLE, (route) => route.fulfill({ contentType: "application/json", ...answer }));
      await toggle.click();
      await expect(error).toHaveText(sentence);
      await expect(toggle).not.toBeChecked();
      await expect(toggle).toHaveAccessibleDescription(sentence);
      const toast = page.getByRole("alert").filter({ hasText: "One permission was not saved" });
      await expect(toast).toContainText("blogs.read is still off");
      await expect(toggle).toBeFocused();

      await page.unroute(TOGGLE);
      await retry.click();
      await expect(state).toHaveText("Saved");
      await expect(toggle).toBeChecked();
      await expect(error).toBeHidden();
      expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toEqual(["blogs.read"]);
    });
  }

  test("a toast retries what is out of sight, and can be dismissed", async ({ page, client }) => {
    const { toggle, state } = permission(page, "blogs.read");
    const toasts = page.getByRole("region", { name: "Notifications" }).getByRole("alert");
    await page.route(TOGGLE, (route) => route.abort());
    await toggle.click();
    await expect(toasts).toContainText("blogs.read is still off: the server did not answer.");
    await toasts.getByRole("button", { name: "Retry" }).click();
    await expect(toasts).toHaveCount(1);
    await expect(toggle).not.toBeChecked();

    await page.unroute(TOGGLE);
    await toasts.getByRole("button", { name: "Retry" }).click();
    await expect(state).toHaveText("Saved");
    await expect(toasts).toHaveCount(0);

    await page.route(TOGGLE, (route) => route.abort());
    await toggle.click();
    await expect(toasts).toContainText("blogs.read is still on: the server did not answer.");
    await expect(toggle).toBeChecked();
    await toasts.getByRole("button", { name: "Dismiss" }).click();
    await expect(toasts).toHaveCount(0);
    expect(client.permissions).toEqual([]);
  });

  test("keys move a switch and nothing else", async ({ page, client, server }) => {
    const { toggle, state } = permission(page, "blogs.read");
    const here = page.url();
    await page.evaluate(() => Object.assign(window, { still: "here" }));
    await toggle.focus();
    // Enter sends a form from its fields, and this form is not to be sent.
    await page.keyboard.press("Enter");
    await page.getByLabel("Filter permissions by label or string").press("Enter");
    await toggle.press("Space");
    await expect(state).toHaveText("Saved");
    await expect(toggle).toBeChecked();
    await expect(page).toHaveURL(here);
    expect(await page.evaluate(() => (window as unknown as { still?: string }).still)).toBe("here");
    expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toEqual(["blogs.read"]);
  });

  test("a page whose script never comes is saved as a form", async ({ page, client, server }) => {
    await page.route("**/*.wasm", (route) => route.abort());
    await page.reload();
    await permission(page, "blogs.read").toggle.check();
    await page.getByRole("button", { name: "Save permissions" }).click();
    await expect(page.getByText("Permissions saved.")).toBeVisible();
    await expect(tab(page)).toHaveText("Permissions 1/12");
    expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toEqual(["blogs.read"]);
  });

  test("a server that never answers is given up on", async ({ page, client }) => {
    await page.clock.install();
    await visit(page, page.url());
    const { toggle, state, error } = permission(page, "blogs.read");
    const held = holdRequests();
    await page.route(TOGGLE, held.handler);
    await toggle.click();
    await expect(state).toHaveText("Saving…");
    await page.clock.fastForward(10_000);
    await expect(error).toHaveText("Not saved: the server did not answer. This permission is still off.");
    await expect(toggle).not.toBeChecked();
    expect(client.permissions).toEqual([]);
  });

  test("offline, nothing is sent and nothing is queued", async ({ page, context, client, server }) => {
    const { toggle, state, error, retry } = permission(page, "blogs.read");
    let sent = 0;
    await page.route("**/system/do/**", (route) => {
      sent += 1;
      return route.continue();
    });
    await context.setOffline(true);
    const banner = page.getByRole("status").filter({ hasText: "You are offline." });
    await expect(banner).toBeVisible();
    await toggle.click();
    await expect(error).toHaveText("Not saved: you are offline. This permission is still off.");
    await expect(toggle).not.toBeChecked();
    expect(sent).toBe(0);

    // Forms refuse as well.
    await page.getByRole("button", { name: "Edit details" }).click();
    await page.getByRole("dialog", { name: "Edit details" }).getByRole("button", { name: "Save details" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "Not sent" })).toContainText("You are offline. Nothing was changed");
    await page.keyboard.press("Escape");
    expect(sent).toBe(0);

    await context.setOffline(false);
    await expect(banner).toBeHidden();
    expect(sent).toBe(0);
    await retry.click();
    await expect(state).toHaveText("Saved");
    expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toEqual(["blogs.read"]);
  });

  test("changes are sent one at a time, in order, each with the version of the answer before", async ({ page, client, server }) => {
    const [read, write, space] = ["blogs.read", "blogs.write", "public.space.read"].map((name) => permission(page, name));
    const held = holdRequests();
    await page.route(TOGGLE, held.handler);
    await read.toggle.click();
    await write.toggle.click();
    await space.toggle.click();
    for (const { state } of [read, write, space]) await expect(state).toHaveText("Saving…");
    for (const [place, name] of ["blogs.read", "blogs.write", "public.space.read"].entries()) {
      await expect.poll(() => held.arrived.length).toBe(place + 1);
      expect(held.wanted(place).get("permission")).toBe(name);
      await held.arrived[place].continue();
    }
    for (const { state, toggle } of [read, write, space]) {
      await expect(state).not.toHaveText("Saving…");
      await expect(toggle).toBeChecked();
    }
    const versions = [0, 1, 2].map((place) => Number(held.wanted(place).get("version")));
    expect(versions[1]).toBeGreaterThan(versions[0]);
    expect(versions[2]).toBeGreaterThan(versions[1]);
    expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toEqual([
      "blogs.read", "blogs.write", "public.space.read",
    ]);
  });

  test("a switch moved there and back ends where the hand left it", async ({ page, client, server }) => {
    const { toggle, state } = permission(page, "blogs.read");
    const held = holdRequests();
    await page.route(TOGGLE, held.handler);
    await toggle.click();
    await expect.poll(() => held.arrived.length).toBe(1);
    await toggle.click();
    await toggle.click();
    await toggle.click();
    await expect(toggle).not.toBeChecked();
    await held.open();
    await expect(state).not.toHaveText("Saving…");
    await expect(toggle).not.toBeChecked();
    await expect(tab(page)).toHaveText("Permissions 0/12");
    expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toEqual([]);
  });

  test("what somebody else changed is never overwritten", async ({ page, client, server }) => {
    await server.shell("api-client", "grant", "--id", client.id, "--permission", "blogs.write");
    const read = permission(page, "blogs.read");
    const write = permission(page, "blogs.write");
    await expect(write.toggle).not.toBeChecked();
    await read.toggle.click();
    const news = page.getByRole("status").filter({ hasText: "changed this client" });
    await expect(news).toContainText(SHELL_USER);
    await expect(news).toContainText("Nothing was saved.");
    await expect(read.toggle).not.toBeChecked();
    expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toEqual(["blogs.write"]);

    await page.evaluate(() => Object.assign(window, { still: "here" }));
    await news.getByRole("link", { name: "Show the current permissions" }).click();
    await expect(write.toggle).toBeChecked();
    await expect(read.toggle).not.toBeChecked();
    await expect(news).toBeHidden();
    await expect(page.locator("#main")).toBeFocused();
    expect(await page.evaluate(() => (window as unknown as { still?: string }).still)).toBe("here");

    await read.toggle.click();
    await expect(read.state).toHaveText("Saved");
    expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toEqual(["blogs.write", "blogs.read"]);
  });

  test("one client's switches are never taken for another's", async ({ page, client, server }) => {
    const other = await makeClient(
      server, { name: "Website", organization: 1, scopes: ["public", "blogs"] }, "--permission", "blogs.write",
    );
    const sent: string[] = [];
    page.on("request", (request) => void (request.url().includes("/permissions/") && sent.push(request.url())));
    await page.getByRole("link", { name: "API clients", exact: true }).click();
    await page.getByRole("link", { name: "Website" }).click();
    await tab(page).click();
    await expect(permission(page, "blogs.write").toggle).toBeChecked();

    // Straight from one to the other, as from the list under the browser's back button.
    await page.evaluate(() => history.go(-3));
    await expect(page).toHaveURL(`/system/api-clients/${client.id}/permissions`);
    await expect(page.getByRole("heading", { name: "Newsletter digest", level: 1 })).toBeVisible();
    await expect(permission(page, "blogs.write").toggle).not.toBeChecked();
    await page.evaluate(() => history.go(3));
    await expect(page.getByRole("heading", { name: "Website", level: 1 })).toBeVisible();
    await expect(permission(page, "blogs.write").toggle).toBeChecked();
    expect(sent).toEqual([]);
    expect((await server.shell("api-client", "get", "--id", other.id))[0].permissions).toEqual(["blogs.write"]);
  });

  test("a revocation from elsewhere is told, and nothing moves any more", async ({ page, client, server }) => {
    await server.shell("api-client", "delete", "--id", client.id);
    const { toggle } = permission(page, "blogs.read");
    await toggle.click();
    const news = page.getByRole("status").filter({ hasText: SHELL_USER });
    await expect(news).toBeVisible();
    await expect(toggle).not.toBeChecked();
    await news.getByRole("link", { name: "Show the current permissions" }).click();
    await expect(page.getByText("This client is revoked.", { exact: false })).toBeVisible();
    await expect(toggle).toBeDisabled();
    await expect(page.getByRole("link", { name: "Revoke…" })).toBeHidden();
  });

  test("a whole group at once, and a question before a high risk", async ({ page, client, server }) => {
    const held = async () => (await server.shell("api-client", "get", "--id", client.id))[0].permissions;
    const button = page.getByRole("button", { name: "in Blogs" });
    const dialog = page.getByRole("dialog", { name: "Grant all in Blogs?" });

    await expect(button).toHaveText("Grant all… in Blogs");
    await button.click();
    await expect(dialog).toContainText("This includes “Delete blog posts”. Grant it too?");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(button).toBeFocused();
    await button.click();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(dialog).toBeHidden();
    expect(await held()).toEqual([]);

    await button.click();
    await dialog.getByRole("button", { name: "Grant the other 2" }).click();
    await expect(permission(page, "blogs.write").state).toHaveText("Saved");
    await expect(permission(page, "blogs.destroy").toggle).not.toBeChecked();
    expect(await held()).toEqual(["blogs.read", "blogs.write"]);

    await button.click();
    await dialog.getByRole("button", { name: "Grant all 1" }).click();
    await expect(permission(page, "blogs.destroy").state).toHaveText("Saved");
    expect(await held()).toEqual(["blogs.read", "blogs.write", "blogs.destroy"]);

    // Nothing hurts in this group, so nothing is asked.
    const components = page.getByRole("button", { name: "in Components" });
    await expect(components).toHaveText(/^Grant all in Components/);
    await components.click();
    await expect(permission(page, "public.component.read").state).toHaveText("Saved");
    await expect(components).toHaveText(/^Remove all in Components/);
    await components.click();
    await expect(permission(page, "public.component.read").toggle).not.toBeChecked();
    await expect(components).toHaveText(/^Grant all in Components/);

    await expect(button).toHaveText("Remove all in Blogs");
    await button.click();
    await expect(button).toHaveText("Grant all… in Blogs");
    await expect.poll(held).toEqual([]);
  });

  test("a group that fails goes back as a whole, and comes back as a whole", async ({ page, client, server }) => {
    const SAVE = "**/system/do/permissions/save";
    await page.route(SAVE, (route) => route.abort());
    await page.getByRole("button", { name: /^Grant all in Components/ }).click();
    const toast = page.getByRole("alert").filter({ hasText: "3 permissions were not saved" });
    await expect(toast).toBeVisible();
    await expect(permission(page, "public.component.read").toggle).not.toBeChecked();
    await page.unroute(SAVE);
    await toast.getByRole("button", { name: "Retry" }).click();
    await expect(permission(page, "public.component.read").state).toHaveText("Saved");
    expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toHaveLength(3);
  });
});

test("the filter reads labels and names, and stands in the address", async ({ page, client }) => {
  const here = `/system/api-clients/${client.id}/permissions`;
  const box = page.getByLabel("Filter permissions by label or string");
  const filter = async () => {
    if (!runsScript()) await page.getByRole("button", { name: "Filter" }).click();
  };
  await expect(page.getByRole("switch")).toHaveCount(12);

  await box.fill("DELETE");
  await filter();
  await expect(page.getByRole("switch")).toHaveCount(1);
  await expect(permission(page, "blogs.destroy").toggle).toBeVisible();
  await expect(page).toHaveURL(`${here}?filter=DELETE&show=all`);
  await page.reload();
  await expect(box).toHaveValue("DELETE");
  await expect(page.getByRole("switch")).toHaveCount(1);

  await box.fill("nothing like it");
  await filter();
  await expect(page.getByRole("heading", { name: "No permission matches “nothing like it”" })).toBeVisible();
  await expect(page.getByRole("switch")).toHaveCount(0);
  await page.getByRole("link", { name: "Clear filter" }).click();
  await expect(page.getByRole("switch")).toHaveCount(12);
  await expect(page).toHaveURL(here);
  await expect(box).toHaveValue("");

  await page.getByLabel("Granted", { exact: true }).check();
  await filter();
  await expect(page.getByRole("heading", { name: "No permission is granted" })).toBeVisible();
  await page.getByLabel("Not granted").check();
  await filter();
  await expect(page.getByRole("switch")).toHaveCount(12);
});

test.describe("without script", { tag: "@without-js" }, () => {
  // A refused form answers with its page and the status of the refusal, which Chromium writes to the console.
  test.use({ allowed: /status of 409/ });

  test("the form is saved as a whole, and a filter leaves the rest alone", async ({ page, client, server }) => {
    const held = async () => (await server.shell("api-client", "get", "--id", client.id))[0].permissions;
    await permission(page, "blogs.read").toggle.check();
    await permission(page, "public.space.read").toggle.check();
    await page.getByRole("button", { name: "Save permissions" }).click();
    await expect(page.getByText("Permissions saved.")).toBeVisible();
    await expect(tab(page)).toHaveText("Permissions 2/12");
    expect(await held()).toEqual(["public.space.read", "blogs.read"]);

    await page.getByLabel("Filter permissions by label or string").fill("blog");
    await page.getByRole("button", { name: "Filter" }).click();
    await permission(page, "blogs.read").toggle.uncheck();
    await permission(page, "blogs.write").toggle.check();
    await page.getByRole("button", { name: "Save permissions" }).click();
    await expect(page.getByText("Permissions saved.")).toBeVisible();
    expect(await held()).toEqual(["public.space.read", "blogs.write"]);
  });

  test("a group's button grants what does not hurt, and removes everything", async ({ page, client, server }) => {
    const held = async () => (await server.shell("api-client", "get", "--id", client.id))[0].permissions;
    const button = page.getByRole("button", { name: "in Blogs" });
    await expect(button).toHaveText("Grant all but high risk in Blogs");
    await button.click();
    await expect(page.getByText("Permissions saved.")).toBeVisible();
    expect(await held()).toEqual(["blogs.read", "blogs.write"]);
    await permission(page, "blogs.destroy").toggle.check();
    await page.getByRole("button", { name: "Save permissions" }).click();
    await expect(permission(page, "blogs.destroy").toggle).toBeChecked();
    await expect(button).toHaveText("Remove all in Blogs");
    await button.click();
    await expect(tab(page)).toHaveText("Permissions 0/12");
    expect(await held()).toEqual([]);
  });

  test("what somebody else changed is never overwritten", async ({ page, client, server }) => {
    await server.shell("api-client", "grant", "--id", client.id, "--permission", "blogs.write");
    await permission(page, "blogs.read").toggle.check();
    await page.getByRole("button", { name: "Save permissions" }).click();
    const news = page.getByRole("alert").filter({ hasText: "The permissions were not saved." });
    await expect(news).toContainText(`${SHELL_USER} changed this client`);
    await expect(permission(page, "blogs.write").toggle).toBeChecked();
    await expect(permission(page, "blogs.read").toggle).not.toBeChecked();
    expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toEqual(["blogs.write"]);
  });
});
