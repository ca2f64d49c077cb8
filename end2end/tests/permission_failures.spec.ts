// A switch that was not saved: set back with the reason, or asked for again, and never in silence.
import type { Page, Route } from "@playwright/test";
import { expect, owner, visit } from "../support";
import { FAILED, holdRequests, permission, permissions, SWITCH, tab, test } from "../switches";

const UNKNOWN = "It is not known whether this was saved.";

const toasts = (page: Page) => page.getByRole("region", { name: "Notifications" });

/** A refusal, as the server words it. */
const refusal = (status: number, detail: string) =>
  JSON.stringify({ reason: { Refused: { status, code: "refused", detail, errors: [] } }, typed: null });

test.describe("with script", { tag: "@with-wasm" }, () => {
  test.use({ allowed: FAILED });

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
});
