// A page meets what people's browsers do to it: programs that add to it, bundles that never come, answers that are lost.
import type { Page, Route } from "@playwright/test";
import { makeClient, makeOrganization } from "../directory";
import { enter, expect, owner, runsScript, test, visit } from "../support";

const CLIENTS = "/system/api-clients";

// What is refused on purpose, and what is kept back, Chromium writes to the console.
test.use({ allowed: /status of (401|409|422)|Failed to (load resource|fetch)|was preloaded|net::ERR|is not a function/ });

/** Holds the bundle back until it is let go. */
async function holdBundle(page: Page): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>((go) => (release = go));
  await page.route("**/*.wasm", async (route: Route) => {
    await held;
    await route.continue();
  });
  return release;
}

const isLive = (page: Page) => expect(page.locator("html[data-live]")).toBeAttached();

test.describe("with script", { tag: "@with-wasm" }, () => {
  test("elements of other programs, put anywhere before the page is live, break nothing", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
    await enter(page, server);
    const crashes: string[] = [];
    page.on("pageerror", (error) => crashes.push(error.message));
    for (const path of [CLIENTS, `${CLIENTS}/new`, `${CLIENTS}/${id}`, `${CLIENTS}/${id}/permissions`, `${CLIENTS}/${id}/revoke`, "/system/organizations", "/system/organizations/new"]) {
      const release = await holdBundle(page);
      await page.goto(path);
      await page.evaluate(() => {
        // As password managers, translators and note takers do: inside, before and after whatever there is.
        for (const element of [...document.body.querySelectorAll("*")]) {
          if (element.closest("svg, select, script")) continue;
          element.prepend(document.createElement("x-first"));
          element.append(document.createTextNode(""), document.createElement("x-last"));
          element.before(document.createElement("x-before"));
        }
        document.body.prepend(document.createElement("x-bar"));
      });
      release();
      await isLive(page);
      await page.unroute("**/*.wasm");
    }
    expect(crashes).toEqual([]);

    await visit(page, `${CLIENTS}/${id}/permissions`);
    await page.evaluate(() => document.querySelectorAll(".perm").forEach((row) => row.prepend(document.createElement("x-first"))));
    await page.getByRole("switch", { name: /blogs\.read$/ }).check();
    await expect.poll(async () => (await server.shell("api-client", "get", "--id", id))[0].permissions).toEqual(["blogs.read"]);
  });

  test("an island that cannot start leaves the others alive, and its form a form", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
    await enter(page, server);
    const release = await holdBundle(page);
    await page.goto(`${CLIENTS}/${id}/permissions`);
    const failures: string[] = [];
    page.on("console", (message) => void (message.type() === "error" && failures.push(message.text())));
    await page.evaluate(() => {
      for (const island of document.querySelectorAll<HTMLElement>("leptos-island")) {
        if (island.dataset.component?.startsWith("Toasts")) island.dataset.component = "gone";
      }
    });
    release();
    await isLive(page);
    await page.getByRole("switch", { name: /blogs\.read$/ }).check();
    await expect(page.locator("#granted-count")).toHaveText("1/12");
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox", { name: "Find a client by name or ID" })).toBeFocused();
    expect(failures.join()).toContain("is not a function");
  });

  test("a page whose bundle never comes is a page of forms, and says nothing else", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
    await enter(page, server);
    await page.route("**/*.wasm", (route) => route.abort());
    await page.goto(`${CLIENTS}/${id}/permissions`);
    await page.getByRole("switch", { name: /blogs\.read$/ }).check();
    await page.getByRole("button", { name: "Save permissions" }).click();
    await expect(page.getByText("Permissions saved.")).toBeVisible();
    await expect(page.locator("html[data-live]")).toHaveCount(0);
    await expect(page.getByRole("button", { name: /^Copy/ })).toHaveCount(0);
    expect((await server.shell("api-client", "get", "--id", id))[0].permissions).toEqual(["blogs.read"]);

    await page.goto(CLIENTS);
    await page.getByLabel("Search by name or client ID").fill("nothing like it");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(page.getByRole("heading", { name: "No client matches “nothing like it”" })).toBeVisible();
  });

  test("a form is under way once, and says so", async ({ page, server }) => {
    await makeOrganization(server, "City of Porto");
    await enter(page, server);
    await visit(page, `${CLIENTS}/new`);
    await page.getByLabel("Name", { exact: true }).fill("Newsletter digest");
    await page.getByRole("checkbox", { name: /^Blogs/ }).check();
    let sent = 0;
    await page.route(/\/system\/do\/clients\/create/, (route) => {
      sent += 1;
      return route.continue();
    });
    // Both presses before anything is sent.
    const label = await page.getByRole("button", { name: "Create client" }).evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
      return button.textContent;
    });
    expect(label).toBe("Creating…");
    await expect(page.getByRole("heading", { name: "Client created. Store its secret now." })).toBeVisible();
    expect(sent).toBe(1);
  });

  test("the list loads while one types, keeps the focus, and a row can be opened at once", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    for (const name of ["Newsletter digest", "Minutes archive"]) await makeClient(server, { name, organization, scopes: ["public"] });
    await enter(page, server);
    await visit(page, CLIENTS);
    await page.evaluate(() => Object.assign(window, { still: "here" }));
    const search = page.getByLabel("Search by name or client ID");
    await search.pressSequentially("minutes", { delay: 20 });
    await expect(page.getByRole("link", { name: "Newsletter digest" })).toBeHidden();
    await expect(search).toBeFocused();
    await expect(page).toHaveURL(`${CLIENTS}?q=minutes`);
    await expect(page.locator("#announcements")).toHaveText("Showing 1 client");
    expect(await page.evaluate(() => (window as unknown as { still?: string }).still)).toBe("here");
    await page.getByRole("link", { name: "Minutes archive" }).click();
    await expect(page.getByRole("heading", { name: "Minutes archive", level: 1 })).toBeVisible();
    await page.goBack();
    await expect(search).toHaveValue("minutes");
  });

  test("a filter chosen before the page is live is applied", async ({ page, server }) => {
    await makeOrganization(server, "City of Porto");
    const neuchatel = await makeOrganization(server, "Canton of Neuchâtel");
    await makeClient(server, { name: "Newsletter digest", organization: 1, scopes: ["public"] });
    await enter(page, server);
    const release = await holdBundle(page);
    await page.goto(CLIENTS);
    await page.getByLabel("Organization", { exact: true }).selectOption(String(neuchatel));
    release();
    await expect(page).toHaveURL(`${CLIENTS}?organization=${neuchatel}`);
    await expect(page.getByLabel("Organization", { exact: true })).toHaveValue(String(neuchatel));
    await expect(page.getByRole("heading", { name: "No client fits these filters" })).toBeVisible();
  });

  test("where the clipboard is refused, the value is selected", async ({ page, server }) => {
    const { id } = await makeClient(server, { name: "Platform provisioning", scopes: ["system"] });
    await enter(page, server);
    await page.addInitScript(() => {
      Object.defineProperty(navigator.clipboard, "writeText", { value: () => Promise.reject(new Error("refused")) });
    });
    await visit(page, `${CLIENTS}/${id}`);
    await page.getByRole("button", { name: "Copy client ID" }).first().click();
    await expect.poll(() => page.evaluate(() => String(getSelection()).trim())).toBe(id);
    await page.getByRole("button", { name: "Copy the token request" }).first().click();
    await expect.poll(() => page.evaluate(() => String(getSelection()))).toContain("curl -X POST");
  });

  test("details that were typed and not saved are not saved later", async ({ page, server }) => {
    const { id } = await makeClient(server, { name: "Platform provisioning", scopes: ["system"] });
    await enter(page, server);
    await visit(page, `${CLIENTS}/${id}`);
    const dialog = page.getByRole("dialog", { name: "Edit details" });
    for (const leave of [() => dialog.getByRole("button", { name: "Cancel" }).click(), () => page.keyboard.press("Escape")]) {
      await page.getByRole("button", { name: "Edit details" }).click();
      await dialog.getByRole("switch", { name: /^Allow login/ }).check();
      await leave();
      await expect(dialog).toBeHidden();
    }
    await page.getByRole("button", { name: "Edit details" }).click();
    await expect(dialog.getByRole("switch", { name: /^Allow login/ })).not.toBeChecked();
    await dialog.getByLabel("Name", { exact: true }).fill("Renamed");
    await dialog.getByRole("button", { name: "Save details" }).click();
    await expect(page.getByRole("heading", { name: "Renamed", level: 1 })).toBeVisible();
    expect((await server.shell("api-client", "get", "--id", id))[0].permissions).toEqual([]);
  });
});

test("what was typed while the session ended is there after the sign-in", async ({ page, context, server }) => {
  await makeOrganization(server, "City of Porto");
  await enter(page, server);
  await visit(page, `${CLIENTS}/new`);
  await page.getByLabel("Name", { exact: true }).fill("Newsletter digest");
  await page.getByRole("checkbox", { name: /^Blogs/ }).check();
  await context.clearCookies();
  await page.getByRole("button", { name: "Create client" }).click();
  await expect(page.getByText("what you typed is there again", { exact: false })).toBeVisible();
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Newsletter digest");
  await expect(page.getByRole("checkbox", { name: /^Blogs/ })).toBeChecked();
  await page.getByRole("button", { name: "Create client" }).click();
  await expect(page.getByRole("heading", { name: "Newsletter digest", level: 1 })).toBeVisible();
});

test("a form that is sent again after its answer was lost makes one thing", async ({ page, server }) => {
  await makeOrganization(server, "City of Porto");
  await enter(page, server);
  await visit(page, `${CLIENTS}/new`);
  await page.getByLabel("Name", { exact: true }).fill("Newsletter digest");
  await page.getByRole("checkbox", { name: /^Blogs/ }).check();
  const fields = await page.locator("form.body").evaluate((form: HTMLFormElement) => Object.fromEntries(new FormData(form) as unknown as Iterable<[string, string]>));
  // The first answer goes nowhere.
  const lost = await page.request.post("/system/do/clients/create", { headers: { origin: server.origin }, form: fields });
  expect(lost.ok()).toBe(true);
  await page.getByRole("button", { name: "Create client" }).click();
  await expect(page.getByRole("heading", { name: "Client created. Store its secret now." })).toBeVisible();
  await visit(page, CLIENTS);
  await expect(page.getByRole("link", { name: "Newsletter digest" })).toHaveCount(1);
});

test("the longest names fit the narrowest window", async ({ page, server }) => {
  const organization = await makeOrganization(server, "ö".repeat(120));
  const { id } = await makeClient(server, { name: "W".repeat(120), organization, scopes: ["public"] });
  const arabic = await makeClient(server, { name: "بوابة المشاركة (بورتو)", organization, scopes: ["public"] });
  await enter(page, server);
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of [CLIENTS, `${CLIENTS}/${id}`, `${CLIENTS}/${id}/permissions`, `${CLIENTS}/${id}/revoke`, `${CLIENTS}/${arabic.id}`, "/system/organizations", `${CLIENTS}/new`]) {
    await visit(page, path);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(beyond, path).toBe(0);
  }
  if (!runsScript()) return;
  await visit(page, `${CLIENTS}/${arabic.id}`);
  await expect(page.locator("h1 bdi")).toHaveText("بوابة المشاركة (بورتو)");
});

test.describe("with script", { tag: "@with-wasm" }, () => {
  test("nothing moves while a page comes to life", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    for (let number = 1; number <= 25; number += 1) await makeClient(server, { name: `Client ${number}`, organization, scopes: ["public", "blogs"] });
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
    await page.goto("/system/sign-in");
    const shift = () =>
      page.evaluate(
        () =>
          new Promise<number>((found) => {
            let sum = 0;
            new PerformanceObserver((list) => {
              for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value;
            }).observe({ type: "layout-shift", buffered: true });
            setTimeout(() => found(sum), 300);
          }),
      );
    expect(await shift(), "/system/sign-in").toBeLessThanOrEqual(0.01);
    await enter(page, server);
    for (const path of [CLIENTS, `${CLIENTS}/new`, `${CLIENTS}/${id}`, `${CLIENTS}/${id}/permissions`, `${CLIENTS}/${id}/revoke`, "/system/organizations", "/system/organizations/new", "/system/organizations/archived"]) {
      await visit(page, path);
      expect(await shift(), path).toBeLessThanOrEqual(0.01);
    }
  });

  test("the key of the search can be switched off", async ({ page, server }) => {
    await enter(page, server);
    await visit(page, CLIENTS);
    const search = page.getByRole("searchbox", { name: "Find a client by name or ID" });
    await page.getByRole("button", { name: owner.email }).click();
    await page.getByRole("checkbox", { name: "The key / leads to the search" }).uncheck();
    await visit(page, CLIENTS);
    await page.keyboard.press("/");
    await expect(search).not.toBeFocused();
    await page.getByRole("button", { name: owner.email }).click();
    await page.getByRole("checkbox", { name: "The key / leads to the search" }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { level: 1 }).click();
    await page.keyboard.press("/");
    await expect(search).toBeFocused();
  });
});
