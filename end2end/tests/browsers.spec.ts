// What browsers lack, break and add: no WebAssembly, an island that fails, a translator, hours on one page.
import type { Page, Route } from "@playwright/test";
import { makeClient, makeOrganization } from "../directory";
import { enter, expect, owner, test, visit, type Server } from "../support";

const CLIENTS = "/system/api-clients";

// What is refused on purpose, and what is kept back, Chromium writes to the console.
test.use({ allowed: /status of 422|was preloaded/ });

/** A client with twelve permissions to grant; its id. */
async function newsletter(server: Server): Promise<string> {
  const organization = await makeOrganization(server, "City of Porto");
  const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
  return id;
}

const permissionsOf = async (server: Server, id: string) => (await server.shell("api-client", "get", "--id", id))[0].permissions;

const toggle = (page: Page, name: string) => page.getByRole("switch", { name: new RegExp(`${name.replaceAll(".", "\\.")}$`) });

/** Replaces what people read, as a browser's translator does: each text by one in two elements of its own. */
async function translate(page: Page): Promise<void> {
  await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    for (const text of texts) {
      if (!text.data.trim() || text.parentElement?.closest("script, style, code, pre, select, textarea, font, [translate='no']")) continue;
      const outer = document.createElement("font");
      const inner = document.createElement("font");
      inner.textContent = `«${text.data}»`;
      outer.append(inner);
      text.replaceWith(outer);
    }
  });
}

test.describe("with script", { tag: "@with-wasm" }, () => {
  test.describe("without WebAssembly", () => {
    test.use({ allowed: /WebAssembly|was preloaded|status of 422/ });

    test("a page is forms, and never says that it is live", async ({ page, server }) => {
      const id = await newsletter(server);
      await enter(page, server);
      await page.addInitScript(() => delete (window as unknown as { WebAssembly?: unknown }).WebAssembly);
      await page.goto(CLIENTS);
      // The stand-ins appear once the bundle has had its time.
      await expect(page.getByRole("button", { name: "Apply" })).toBeVisible();
      await page.getByLabel("Search by name or client ID").fill("nothing like it");
      await page.getByRole("button", { name: "Apply" }).click();
      await expect(page.getByRole("heading", { name: "No client matches “nothing like it”" })).toBeVisible();

      await page.goto(`${CLIENTS}/${id}/permissions`);
      await toggle(page, "blogs.read").check();
      await page.getByRole("button", { name: "Save permissions" }).click();
      await expect(page.getByText("Permissions saved.")).toBeVisible();
      await expect(page.getByRole("button", { name: "Save permissions" })).toBeVisible();
      await expect(page.locator("[data-live]")).toHaveCount(0);
      await expect(page.getByRole("button", { name: /^Copy/ })).toHaveCount(0);
      expect(await permissionsOf(server, id)).toEqual(["blogs.read"]);
    });
  });

  test.describe("with an island that fails while it starts", () => {
    // After one that failed, the framework may complain of the next one, whose listeners are there by then.
    test.use({ allowed: /FormData is broken|panicked|unreachable|hydration error/ });

    test("the filters are a form, and the rest of the page is alive", async ({ page, context, server }) => {
      await newsletter(server);
      await enter(page, server);
      const failures: string[] = [];
      page.on("pageerror", (error) => failures.push(error.message));
      // Nothing but the filters reads a field by its name.
      await page.addInitScript(() => {
        FormData.prototype.get = () => {
          throw new Error("FormData is broken");
        };
      });
      await visit(page, CLIENTS);
      await expect.poll(() => failures.join()).toContain("FormData is broken");
      await expect(page.locator("#filters[data-live]")).toHaveCount(0);
      await page.keyboard.press("/");
      await expect(page.getByRole("searchbox", { name: "Find a client by name or ID" })).toBeFocused();
      await context.setOffline(true);
      await page.getByRole("button", { name: owner.email }).click();
      await page.getByRole("button", { name: "Sign out" }).click();
      const toast = page.getByRole("region", { name: "Notifications" }).getByRole("alert");
      await expect(toast).toContainText("Not sent");
      await context.setOffline(false);
      // It says what holds no longer.
      await expect(toast).toBeHidden();
      await page.keyboard.press("Escape");

      await page.getByLabel("Search by name or client ID").fill("nothing like it");
      await page.getByRole("button", { name: "Apply" }).click();
      await expect(page.getByRole("heading", { name: "No client matches “nothing like it”" })).toBeVisible();
    });

    test("the permissions are a form, and the rest of the page is alive", async ({ page, server }) => {
      const id = await newsletter(server);
      await enter(page, server);
      const failures: string[] = [];
      page.on("pageerror", (error) => failures.push(error.message));
      // The switches mount their question at the end of the body, which is not there while they start.
      await page.addInitScript(() => {
        const body = Object.getOwnPropertyDescriptor(Document.prototype, "body")!;
        Object.defineProperty(Document.prototype, "body", { ...body, get: () => null });
        Object.assign(window, { bringBodyBack: () => Object.defineProperty(Document.prototype, "body", body) });
      });
      await visit(page, `${CLIENTS}/${id}/permissions`);
      await expect.poll(() => failures.length).toBeGreaterThan(0);
      await page.evaluate(() => (window as unknown as { bringBodyBack: () => void }).bringBodyBack());
      await expect(page.locator("#permissions[data-live]")).toHaveCount(0);
      await page.keyboard.press("/");
      await expect(page.getByRole("searchbox", { name: "Find a client by name or ID" })).toBeFocused();
      await toggle(page, "blogs.read").check();
      await page.getByRole("button", { name: "Save permissions" }).click();
      await expect(page.getByText("Permissions saved.")).toBeVisible();
      expect(await permissionsOf(server, id)).toEqual(["blogs.read"]);
    });
  });

  for (const when of ["before it is live", "while it is live"]) {
    test(`counts and states of a page that is translated ${when} go on`, async ({ page, server }) => {
      const id = await newsletter(server);
      await enter(page, server);
      const crashes: string[] = [];
      page.on("pageerror", (error) => crashes.push(error.message));
      let release = () => {};
      const held = new Promise<void>((go) => (release = go));
      await page.route("**/*.wasm", async (route: Route) => {
        await held;
        await route.continue();
      });
      await page.goto(`${CLIENTS}/${id}/permissions`);
      if (when === "before it is live") await translate(page);
      release();
      await expect(page.locator("#permissions[data-live]")).toBeAttached();
      if (when === "while it is live") await translate(page);

      for (const [count, name] of [[1, "blogs.read"], [2, "blogs.write"]] as const) {
        const row = page.locator(".perm").filter({ has: toggle(page, name) });
        await toggle(page, name).check();
        await expect(row.locator(".state")).toHaveText("Saved");
        await expect(page.locator("#granted-count")).toHaveText(`${count}/12`);
        await expect(row.locator(".state")).toBeEmpty();
        // The translator goes over what was written since.
        await translate(page);
      }
      await page.route("**/system/do/permissions/set", (route) =>
        route.fulfill({ contentType: "application/json", status: 422, body: JSON.stringify({ reason: { Refused: { status: 422, code: "refused", detail: "Not this one.", errors: [] } }, typed: null }) }),
      );
      const row = page.locator(".perm").filter({ has: toggle(page, "blogs.read") });
      // Refused at once, it may be back before anybody could see it off.
      await toggle(page, "blogs.read").click();
      await expect(row.locator(".error")).toHaveText("Not saved. Not this one. This permission is still on.");
      await expect(page.locator("#granted-count")).toHaveText(/^«?2\/12»?$/);
      expect(crashes).toEqual([]);

      await visit(page, CLIENTS);
      await translate(page);
      await page.getByLabel("Search by name or client ID").fill("nothing like it");
      await expect(page.locator("#results h2")).toHaveText("No client matches “nothing like it”");
      expect(crashes).toEqual([]);
    });
  }
  test("a relative time goes on, but for one that is selected", async ({ page, server }) => {
    const id = await newsletter(server);
    await enter(page, server);
    await page.clock.install();
    await visit(page, `${CLIENTS}/${id}`);
    const created = page.locator(".facts time").first();
    await expect(created).toHaveText(/^(Just now|1 min ago)$/);
    await page.clock.fastForward("05:00");
    await expect(created).toHaveText(/^[56] min ago$/);
    await expect(page.locator("#announcements")).toBeEmpty();
    const words = await created.textContent();
    await created.selectText();
    await page.clock.fastForward("20:00");
    await expect(created).toHaveText(words!);
    await page.evaluate(() => getSelection()!.removeAllRanges());
    await page.clock.fastForward("20:00");
    await expect(created).toHaveText(/^4[5-7] min ago$/);
  });

  test.describe("while the server does not answer", () => {
    test.use({ allowed: /Failed to (load resource|fetch)|net::ERR/ });

    test("what is said of a list goes when the list comes", async ({ page, server }) => {
      await newsletter(server);
      await enter(page, server);
      await visit(page, CLIENTS);
      const search = page.getByLabel("Search by name or client ID");
      const toasts = page.getByRole("region", { name: "Notifications" }).getByRole("alert");
      await page.route(/\?q=/, (route) => route.abort());
      await search.fill("news");
      await expect(toasts).toHaveCount(1);
      await expect(toasts).toContainText("The list was not loaded");
      await search.fill("newsl");
      await expect(toasts).toHaveCount(1);
      await page.unroute(/\?q=/);
      await search.fill("newsletter");
      await expect(page).toHaveURL(`${CLIENTS}?q=newsletter`);
      await expect(toasts).toHaveCount(0);
    });
  });
});

test("the sign-in names the page that it leads back to", async ({ page, server }) => {
  await enter(page, server);
  await page.context().clearCookies();
  await page.context().addCookies([{ name: "claviger", value: "0".repeat(43), url: server.origin }]);
  await visit(page, "/system/organizations");
  await expect(page.getByRole("status")).toContainText("Sign in to go back to Organizations.");
  // Nobody's session, so nobody's address.
  await expect(page.getByLabel("Email")).toHaveValue("");
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/system/organizations");
});
