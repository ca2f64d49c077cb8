// What the browser is kept from, and what a page does not say any more once it has been said.
// That no page breaks its own policy, every story sees to: a violation is a console error.
import type { Page } from "@playwright/test";
import { makeClient, makeOrganization } from "../directory";
import { enter, expect, owner, runsScript, test, visit } from "../support";

const CLIENTS = "/system/api-clients";

// A missing page and an ended session are answered so, which Chromium writes to the console.
test.use({ allowed: /status of (401|404)/ });

test("every page has a policy with a fresh nonce and nothing inline", async ({ page, server }) => {
  const organization = await makeOrganization(server, "City of Porto");
  const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
  const nonces = new Set<string>();
  const outside = [server.setupLink, "/system/sign-in"];
  const check = async (path: string) => {
    const answer = (await page.goto(path))!;
    const policy = Object.fromEntries(
      answer.headers()["content-security-policy"].split(";").map((part) => {
        const [name, ...sources] = part.trim().split(/\s+/);
        return [name, sources];
      }),
    );
    expect(policy["default-src"], path).toEqual(["'none'"]);
    expect(policy["style-src"], path).toEqual(["'self'"]);
    expect(policy["frame-ancestors"], path).toEqual(["'none'"]);
    expect(policy["form-action"], path).toEqual(["'self'"]);
    expect(policy["base-uri"], path).toEqual(["'none'"]);
    expect(Object.values(policy).flat(), path).not.toContain("'unsafe-inline'");
    expect(Object.values(policy).flat(), path).not.toContain("'unsafe-eval'");
    const nonce = policy["script-src"].find((source: string) => source.startsWith("'nonce-"));
    expect(nonce, path).toBeDefined();
    nonces.add(nonce!);

    const html = await answer.text();
    const inline = [...html.matchAll(/<script\b([^>]*)>/g)].filter(([, attributes]) => !/\bsrc=/.test(attributes));
    for (const [script] of inline) expect(script, path).toContain(`nonce="${nonce!.slice(7, -1)}"`);
    expect(html, path).not.toMatch(/<style\b|<[a-z][^>]*\s(style|on[a-z]+)=/i);
    expect(answer.headers(), path).toMatchObject({
      "cache-control": outside.includes(path) ? "no-store, no-transform" : "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "x-frame-options": "DENY",
    });
    if (runsScript()) await expect(page.locator("html[data-live]")).toBeAttached();
  };
  const inside = [
    "/system",
    CLIENTS,
    `${CLIENTS}/new`,
    `${CLIENTS}/${id}`,
    `${CLIENTS}/${id}/permissions`,
    `${CLIENTS}/${id}/revoke`,
    `${CLIENTS}/id_nobody`,
    "/system/organizations",
    "/system/organizations/new",
    "/system/organizations/1",
    "/system/organizations/1/host",
    "/system/organizations/1/rename",
    "/system/organizations/1/archive",
    "/system/catalogue",
    "/system/organizations/archived",
    "/system/nothing-here",
  ];
  for (const path of outside) await check(path);
  await enter(page, server);
  for (const path of inside) await check(path);
  expect(nonces.size).toBe(outside.length + inside.length);
});

test("a new secret is on one page, once", async ({ page, server }) => {
  await makeOrganization(server, "City of Porto");
  await enter(page, server);
  await visit(page, `${CLIENTS}/new`);
  await page.getByLabel("Name", { exact: true }).fill("Newsletter digest");
  await page.getByRole("checkbox", { name: /^Blogs/ }).check();
  await page.getByRole("button", { name: "Create client" }).click();
  await expect(page.getByRole("heading", { name: "Client created. Store its secret now." })).toBeVisible();
  const here = page.url();
  const secret = (await page.getByRole("group", { name: "Client secret" }).locator(".shown").textContent())!;
  expect(secret).toMatch(/^key_[\w-]{32}$/);
  expect(here).not.toContain(secret);
  expect(JSON.stringify(await page.context().cookies())).not.toContain(secret);

  await page.reload();
  await expect(page.getByRole("heading", { name: "Credentials" })).toBeVisible();
  expect(await page.content()).not.toContain(secret);
  expect(await (await page.request.get(here)).text()).not.toContain(secret);
  for (const path of [CLIENTS, `${here}/permissions`, `${here}/revoke`]) {
    expect(await (await page.request.get(path)).text()).not.toContain(secret);
  }
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]));
  expect(kept).not.toContain(secret);

  // Somebody may ask for it again, here and nowhere else, and it is gone with the page.
  await visit(page, here);
  await page.getByRole("button", { name: "Reveal" }).click();
  await expect(page.getByRole("group", { name: "Client secret" })).toHaveText(secret, { useInnerText: true });
  await page.reload();
  await expect(page.getByRole("button", { name: "Reveal" })).toBeVisible();
  expect(await page.content()).not.toContain(secret);
  expect(server.log()).not.toContain(secret);
});

test.describe("where secrets are shown once", () => {
  test.use({ settings: { CLAVIGER_SECRETS: "once" } });

  test("the page says so, and offers no second look", async ({ page, server }) => {
    await makeOrganization(server, "City of Porto");
    await enter(page, server);
    await visit(page, `${CLIENTS}/new`);
    await page.getByLabel("Name", { exact: true }).fill("Newsletter digest");
    await page.getByRole("checkbox", { name: /^Blogs/ }).check();
    await page.getByRole("button", { name: "Create client" }).click();
    await expect(page.getByRole("heading", { name: "Client created. Copy its secret now." })).toBeVisible();
    await page.getByRole("checkbox", { name: "Reveal client secret" }).check();
    const secret = await page.getByRole("group", { name: "Client secret" }).innerText();
    expect(secret).toMatch(/^key_[\w-]{32}$/);
    await page.reload();
    await expect(page.getByText("It cannot be shown again.")).toBeVisible();
    await expect(page.getByText("Reveal")).toBeHidden();
    expect(await page.content()).not.toContain(secret);
  });
});

test("after sign-out, the way back shows nothing", async ({ page, server }) => {
  const organization = await makeOrganization(server, "City of Porto");
  const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
  await enter(page, server);
  await visit(page, CLIENTS);
  await visit(page, `${CLIENTS}/${id}`);
  await expect(page.getByRole("heading", { name: "Newsletter digest", level: 1 })).toBeVisible();
  const [before] = (await page.context().cookies()).filter((cookie) => cookie.name === "claviger");
  expect(before).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/" });

  await page.getByRole("button", { name: owner.email }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/system/sign-in");
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/system/sign-in\\?next=/system/api-clients/${id}(&ended=1)?$`));
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect(page.getByText("Newsletter digest")).toBeHidden();
  await expect(page.getByText(owner.email)).toBeHidden();

  // The session itself is over, not the cookie alone.
  await page.context().addCookies([before]);
  await page.goto(CLIENTS);
  await expect(page).toHaveURL(/\/system\/sign-in\?next=/);
  await expect(page.getByRole("status")).toContainText("You were signed out.");
});

test("whoever was signed out meanwhile is led to the sign-in, and back", async ({ page, server }) => {
  const organization = await makeOrganization(server, "City of Porto");
  const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
  const here = `${CLIENTS}/${id}`;
  await enter(page, server);
  for (const [from, link] of [
    [here, /^Organizations/],
    [`${here}/permissions`, "API clients"],
    [CLIENTS, "New client"],
    [CLIENTS, "Newsletter digest"],
    [here, /^Permissions/],
    [`${here}/permissions`, "Credentials"],
    [here, "Revoke…"],
  ] as const) {
    await visit(page, from);
    // The cookie of a session that is over.
    const cookies = await page.context().cookies();
    await page.context().addCookies(cookies.map((cookie) => ({ ...cookie, value: "0".repeat(64) })));
    await page.getByRole("link", { name: link, exact: true }).first().click();
    await expect(page, `${link} on ${from}`).toHaveURL(/\/system\/sign-in\?next=\/system\/[^&]+&ended=1$/);
    await expect(page.getByRole("status")).toContainText("You were signed out.");
    const next = new URL(page.url()).searchParams.get("next")!;
    await page.getByLabel("Email").fill(owner.email);
    await page.getByLabel("Password").fill(owner.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(next);
  }
});

test.describe("the theme", () => {
  const shown = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  const served = async (page: Page) => {
    const answer = await page.request.get(page.url(), { headers: { accept: "text/html" } });
    return (await answer.text()).match(/<html[^>]*>/)![0];
  };

  test("that somebody chose comes with the page, so that nothing flashes", async ({ page, server }) => {
    await enter(page, server);
    await page.emulateMedia({ colorScheme: "light" });
    await visit(page, "/system/organizations?q=porto");
    expect(await served(page)).not.toContain("data-theme");
    const choose = async (theme: string) => {
      await page.getByRole("button", { name: owner.email }).click();
      if (runsScript()) {
        const kept = page.waitForResponse("**/system/do/theme");
        await page.getByRole("radio", { name: theme }).check();
        await kept;
      } else {
        await page.getByRole("radio", { name: theme }).check();
        await page.getByRole("group", { name: "Theme" }).getByRole("button", { name: "Apply" }).click();
      }
    };
    const html = page.locator("html");

    await choose("Dark");
    await expect(html).toHaveAttribute("data-theme", "dark");
    await expect(page).toHaveURL("/system/organizations?q=porto");
    expect(await served(page)).toContain('data-theme="dark"');
    expect(await shown(page)).toBe("dark");
    for (const path of [CLIENTS, "/system/nothing-here"]) {
      await visit(page, path);
      expect(await served(page)).toContain('data-theme="dark"');
      await expect(html).toHaveAttribute("data-theme", "dark");
    }

    // It outlives the session, and is nobody's secret.
    await visit(page, CLIENTS);
    await page.getByRole("button", { name: owner.email }).click();
    await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL("/system/sign-in");
    expect(await served(page)).toContain('data-theme="dark"');

    await page.getByLabel("Email").fill(owner.email);
    await page.getByLabel("Password").fill(owner.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL("/system");
    await choose("System");
    await expect(html).not.toHaveAttribute("data-theme");
    expect(await served(page)).not.toContain("data-theme");
    expect(await shown(page)).toBe("light dark");
  });
});
