// One switch for each permission: saved as it moves, set back when that fails, never in silence.
import type { Page, Route } from "@playwright/test";
import { makeClient, makeOrganization, type Client } from "../directory";
import { enter, expect, owner, runsScript, test as base, visit, type Server } from "../support";

const SWITCH = "**/system/do/permissions/set";

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
    state: row.locator(".state"),
    error: row.locator(".error"),
    retry: row.getByRole("button", { name: "Retry" }),
  };
}

const tab = (page: Page) => page.getByRole("navigation", { name: "This client" }).getByRole("link", { name: /^Permissions/ });

/** Holds every request that a route meets, until it is let go on, or all are. */
function holdRequests() {
  const arrived: Route[] = [];
  const goneOn = new Set<number>();
  let isOpen = false;
  return {
    arrived,
    handler: (route: Route) => {
      arrived.push(route);
      return isOpen ? route.continue() : undefined;
    },
    /** The names that a request switches, and whether on. */
    wanted: (place: number) =>
      [...new URLSearchParams(arrived[place].request().postData()!)].filter(([name]) => name.startsWith("switches[")).map(([, value]) => value),
    letGo: async (place: number) => {
      goneOn.add(place);
      await arrived[place].continue();
    },
    open: async () => {
      isOpen = true;
      await Promise.all(arrived.map((route, place) => (goneOn.has(place) ? undefined : route.continue())));
    },
  };
}

/** A refusal, as the server words it. */
const refusal = (status: number, detail: string) =>
  JSON.stringify({ reason: { Refused: { status, code: "refused", detail, errors: [] } }, typed: null });

test.describe("with script", { tag: "@with-wasm" }, () => {
  // What fails on purpose, Chromium writes to the console.
  test.use({ allowed: /Failed to (load resource|fetch)|was preloaded|Error while trying|net::ERR/ });

  const UNKNOWN = "It is not known whether this was saved.";
  const permissions = async (server: Server, client: Client) =>
    (await server.shell("api-client", "get", "--id", client.id))[0].permissions;
  const toasts = (page: Page) => page.getByRole("region", { name: "Notifications" });

  test("a switch says that it is being saved, that it was, and then nothing", async ({ page, client, server }) => {
    const { toggle, state } = permission(page, "blogs.read");
    const held = holdRequests();
    await page.route(SWITCH, held.handler);
    await expect(tab(page)).toHaveText("Permissions 0/12");
    await toggle.click();
    await expect(state).toHaveText("Saving…");
    await expect(toggle).toBeChecked();
    // Nothing counts as granted before the server has said so.
    await expect(tab(page)).toHaveText("Permissions 0/12");
    await expect.poll(() => held.arrived.length).toBe(1);
    await held.open();
    await expect(state).toHaveText("Saved");
    await expect(page.locator("#announcements")).toHaveText("Read blog posts: granted.");
    await expect(tab(page)).toHaveText("Permissions 1/12");
    await expect(state).toBeEmpty();

    expect(await permissions(server, client)).toEqual(["blogs.read"]);
    await page.reload();
    await expect(toggle).toBeChecked();
    await expect(tab(page)).toHaveText("Permissions 1/12");
  });

  for (const { what, status, detail } of [
    { what: "refused", status: 422, detail: "Not this one." },
    { what: "met by a defect of the server", status: 500, detail: "Something went wrong on the server. The log has the cause under a1b2c3." },
  ]) {
    test(`a change that is ${what} goes back, says why, and can be tried again`, async ({ page, client, server }) => {
      const { toggle, state, error, retry } = permission(page, "blogs.read");
      await page.route(SWITCH, (route) => route.fulfill({ contentType: "application/json", status, body: refusal(status, detail) }));
      await toggle.click();
      await expect(error).toHaveText(`Not saved. ${detail} This permission is still off.`);
      await expect(error).toHaveRole("alert");
      await expect(toggle).not.toBeChecked();
      await expect(toggle).toHaveAccessibleDescription(`Not saved. ${detail} This permission is still off.`);
      await expect(toggle).toBeFocused();

      await page.unroute(SWITCH);
      await retry.click();
      await expect(state).toHaveText("Saved");
      await expect(toggle).toBeChecked();
      await expect(error).toBeHidden();
      expect(await permissions(server, client)).toEqual(["blogs.read"]);
    });
  }

  for (const { what, fail } of [
    { what: "a broken proxy answers", fail: (route: Route) => route.fulfill({ status: 502, body: "<h1>Bad gateway</h1>" }) },
    { what: "nobody answers", fail: (route: Route) => route.abort() },
    // The server has acted, and its answer is lost.
    { what: "the answer is lost", fail: async (route: Route) => void (await route.fetch(), await route.abort()) },
  ]) {
    test(`when ${what}, the switch says that it does not know, and asks again`, async ({ page, client, server }) => {
      const { toggle, state, error } = permission(page, "blogs.read");
      await page.route(SWITCH, fail);
      await toggle.click();
      await expect(error).toHaveText(UNKNOWN);
      await expect(toggle).toBeChecked();
      await page.unroute(SWITCH);
      await expect(state).toHaveText("Saved");
      await expect(error).toBeHidden();
      await expect(toggle).toBeChecked();
      await expect(tab(page)).toHaveText("Permissions 1/12");
      expect(await permissions(server, client)).toEqual(["blogs.read"]);
    });
  }

  test("several failures are one toast, which retries them and goes with them", async ({ page, client, server }) => {
    await page.route(SWITCH, (route) => route.fulfill({ contentType: "application/json", status: 422, body: refusal(422, "Not these.") }));
    await page.getByRole("button", { name: /^Grant all in Components/ }).click();
    const toast = toasts(page).getByRole("alert");
    await expect(toast).toContainText("3 permissions were not saved");
    await expect(toast).toContainText("public.component.read");
    await expect(permission(page, "public.component.read").toggle).not.toBeChecked();
    await toast.getByRole("button", { name: "Dismiss" }).click();
    await expect(toast).toHaveCount(0);

    await page.getByRole("button", { name: /^Grant all in Components/ }).click();
    await expect(toast).toHaveCount(1);
    await page.unroute(SWITCH);
    await toast.getByRole("button", { name: "Retry" }).click();
    await expect(permission(page, "public.component.read").state).toHaveText("Saved");
    await expect(toast).toHaveCount(0);
    expect(await permissions(server, client)).toHaveLength(3);
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
    expect(await permissions(server, client)).toEqual(["blogs.read"]);
  });

  test("a server that never answers is not waited for", async ({ page, client }) => {
    await page.clock.install();
    await visit(page, page.url());
    const { toggle, state, error } = permission(page, "blogs.read");
    const held = holdRequests();
    await page.route(SWITCH, held.handler);
    await toggle.click();
    await expect(state).toHaveText("Saving…");
    await page.clock.fastForward(10_000);
    await expect(error).toHaveText(UNKNOWN);
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
    expect(await permissions(server, client)).toEqual(["blogs.read"]);
  });

  test("different switches are saved side by side, the same one request after the other", async ({ page, client, server }) => {
    const [read, write, space] = ["blogs.read", "blogs.write", "public.space.read"].map((name) => permission(page, name));
    const held = holdRequests();
    await page.route(SWITCH, held.handler);
    for (const { toggle } of [read, write, space]) await toggle.click();
    await expect.poll(() => held.arrived.length).toBe(3);
    for (const [place, name] of ["blogs.read", "blogs.write", "public.space.read"].entries()) {
      expect(held.wanted(place)).toEqual([name, "true"]);
    }
    // The answers come in another order than the moves.
    await read.toggle.click();
    for (const place of [2, 1, 0]) await held.letGo(place);
    await expect.poll(() => held.arrived.length).toBe(4);
    expect(held.wanted(3)).toEqual(["blogs.read", "false"]);
    await held.open();
    await expect(tab(page)).toHaveText("Permissions 2/12");
    await expect(read.toggle).not.toBeChecked();
    for (const { toggle } of [write, space]) await expect(toggle).toBeChecked();
    expect(await permissions(server, client)).toEqual(expect.arrayContaining(["blogs.write", "public.space.read"]));
  });

  test("a switch moved there and back ends where the hand left it", async ({ page, client, server }) => {
    const { toggle, state } = permission(page, "blogs.read");
    const held = holdRequests();
    await page.route(SWITCH, held.handler);
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
    expect(await permissions(server, client)).toEqual([]);
  });

  test("two people on one client undo nothing of each other, and see it", async ({ page, client, server }) => {
    await server.shell("api-client", "grant", "--id", client.id, "--permission", "blogs.write");
    const read = permission(page, "blogs.read");
    const write = permission(page, "blogs.write");
    await expect(write.toggle).not.toBeChecked();
    await read.toggle.click();
    await expect(read.state).toHaveText("Saved");
    await expect(write.toggle).toBeChecked();
    await expect(tab(page)).toHaveText("Permissions 2/12");
    expect(await permissions(server, client)).toEqual(["blogs.write", "blogs.read"]);
  });

  test("a revocation from elsewhere is told, and the switch goes back", async ({ page, client, server }) => {
    await server.shell("api-client", "delete", "--id", client.id);
    const { toggle, error } = permission(page, "blogs.read");
    await toggle.click();
    await expect(error).toContainText("Not saved.");
    await expect(error).toContainText("revoked");
    await expect(toggle).not.toBeChecked();
    await page.reload();
    await expect(page.getByText("This client is revoked.", { exact: false })).toBeVisible();
    await expect(toggle).toBeDisabled();
  });

  test("who leaves with changes under way is asked, and none is lost", async ({ page, client, server }) => {
    const { toggle } = permission(page, "blogs.read");
    await page.route(SWITCH, (route) => route.abort());
    await toggle.click();
    await expect(permission(page, "blogs.read").error).toHaveText(UNKNOWN);
    const asked = page.waitForEvent("dialog");
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("link", { name: "Credentials" }).click();
    expect((await asked).type()).toBe("beforeunload");
    await expect(page).toHaveURL(`/system/api-clients/${client.id}`);

    await page.unroute(SWITCH);
    await tab(page).click();
    await expect(toggle).toBeChecked();
    await expect(tab(page)).toHaveText("Permissions 1/12");
    expect(await permissions(server, client)).toEqual(["blogs.read"]);
  });

  test("a session that ended meanwhile keeps the change until somebody signs in", async ({ page, context, client, server }) => {
    const here = page.url();
    const { toggle } = permission(page, "blogs.read");
    await context.clearCookies();
    await toggle.click();
    const toast = toasts(page).getByRole("alert");
    await expect(toast).toContainText("Your session has ended");
    await toast.getByRole("link", { name: "Sign in again" }).click();
    await page.getByLabel("Email").fill(owner.email);
    await page.getByLabel("Password").fill(owner.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(here);
    await expect(toggle).toBeChecked();
    await expect(tab(page)).toHaveText("Permissions 1/12");
    expect(await permissions(server, client)).toEqual(["blogs.read"]);
  });

  test("a whole group at once, and a question before a high risk", async ({ page, client, server }) => {
    const held = () => permissions(server, client);
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

  test("what somebody else changed meanwhile stays", async ({ page, client, server }) => {
    await server.shell("api-client", "grant", "--id", client.id, "--permission", "blogs.write");
    await permission(page, "blogs.read").toggle.check();
    await page.getByRole("button", { name: "Save permissions" }).click();
    await expect(page.getByText("Permissions saved.")).toBeVisible();
    for (const name of ["blogs.read", "blogs.write"]) await expect(permission(page, name).toggle).toBeChecked();
    expect((await server.shell("api-client", "get", "--id", client.id))[0].permissions).toEqual(["blogs.write", "blogs.read"]);
  });
});
