// Administrators: invited by a link, disabled, and asked for the password before what matters.
import type { Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeClient, makeOrganization } from "../directory";
import { axe, enter, expect, owner, test, visit } from "../support";

const ADMINS = "/system/administrators";
const CHOSEN = "another sentence altogether";

// A link that was used, a refused guess, and the page that asks for the password are answered so.
test.use({ allowed: /status of (403|404|409|422)/ });

/** A server whose database the test can write to, since nobody waits ten minutes. */
const later = test.extend<{ database: string }>({
  database: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "claviger-proofs-"));
    await use(join(folder, "claviger.db"));
    rmSync(folder, { recursive: true, force: true });
  },
  settings: async ({ database }, use) => use({ DATABASE_URL: `sqlite://${database}` }),
});

/** Makes the passwords of all sessions as old as if they had been typed long ago. */
function ageProofs(database: string): void {
  const script = `import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=10) as database:
    database.execute("UPDATE admin_sessions SET proved_at = '2020-01-01T00:00:00+00:00'")`;
  execFileSync("python3", ["-c", script, database]);
}

async function invite(page: Page, email: string, role: string): Promise<string> {
  await visit(page, `${ADMINS}/invite`);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByLabel("Role").selectOption(role);
  await dialog.getByRole("button", { name: "Make invitation link" }).click();
  await expect(page.getByRole("heading", { name: `Link for ${email} made. Copy it now.` })).toBeVisible();
  const link = await page.getByRole("group", { name: "One-time link" }).textContent();
  return link!.trim();
}

test("an invited administrator joins, works, and is out when disabled", async ({ page, server, browser }) => {
  await enter(page, server);
  const link = await invite(page, "bea@example.org", "auditor");
  expect(link).toContain(`${server.origin}/system/invitation?code=`);
  await visit(page, ADMINS);
  await expect(page.getByText(link)).toHaveCount(0);
  await expect(page.getByRole("row", { name: /bea@example.org.*Joining as auditor/ })).toBeVisible();

  const context = await browser.newContext(test.info().project.use);
  const guest = await context.newPage();
  await visit(guest, link);
  await expect(guest.getByRole("heading", { name: "Join as an administrator" })).toBeVisible();
  await axe(guest);
  await guest.getByLabel("Password").fill("short");
  await guest.getByRole("button", { name: "Join" }).click();
  await expect(guest.getByRole("alert")).toBeVisible();
  expect(guest.url()).not.toContain("code=");
  await guest.getByLabel("Password").fill(CHOSEN);
  await guest.getByRole("button", { name: "Join" }).click();
  await expect(guest.getByRole("button", { name: "bea@example.org" })).toBeVisible();
  expect(guest.url()).not.toContain("code=");
  await visit(guest, link);
  await expect(guest.getByRole("heading", { name: "This link does not work" })).toBeVisible();

  await visit(guest, ADMINS);
  await expect(guest.getByRole("link", { name: "Invite administrator" })).toHaveCount(0);
  await expect(guest.getByRole("link", { name: owner.email })).toBeVisible();
  await visit(guest, "/system/account");
  await expect(guest.getByText("This session")).toBeVisible();

  await visit(page, ADMINS);
  await page.getByRole("link", { name: "bea@example.org" }).click();
  await page.getByRole("combobox", { name: "Role" }).selectOption("manager");
  await page.getByRole("button", { name: "Save role" }).click();
  await expect(page.getByText("Done.", { exact: true })).toBeVisible();
  await visit(guest, "/system/organizations/new");
  await expect(guest.getByRole("dialog")).toBeVisible();

  await page.getByRole("button", { name: "Disable administrator" }).click();
  await expect(page.getByRole("button", { name: "Enable administrator" })).toBeVisible();
  await visit(guest, "/system/account");
  await expect(guest.getByText("You were signed out.")).toBeVisible();
  await guest.getByLabel("Email").fill("bea@example.org");
  await guest.getByLabel("Password").fill(CHOSEN);
  await guest.getByRole("button", { name: "Sign in" }).click();
  await expect(guest.getByRole("alert")).toContainText("do not match");
  await context.close();
});

test("the last owner stays, and says why", async ({ page, server }) => {
  await enter(page, server);
  await visit(page, `${ADMINS}/1`);
  await expect(page.getByText("The last owner who can sign in cannot be disabled.")).toBeVisible();
  await page.getByRole("combobox", { name: "Role" }).selectOption("auditor");
  await page.getByRole("button", { name: "Save role" }).click();
  await expect(page.getByRole("alert")).toContainText("This is the last owner who can sign in.");
});

test("an account changes its password and ends its other sessions", async ({ page, server, browser }) => {
  await enter(page, server);
  const context = await browser.newContext(test.info().project.use);
  const other = await context.newPage();
  await visit(other, "/system/sign-in");
  await other.getByLabel("Email").fill(owner.email);
  await other.getByLabel("Password").fill(owner.password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByRole("button", { name: owner.email })).toBeVisible();

  await visit(page, "/system/account");
  await page.getByRole("button", { name: /^End the session of Chrome/ }).click();
  await expect(page.getByText("Whoever used it has to sign in again.")).toBeVisible();
  await visit(other, "/system/account");
  await expect(other.getByText("You were signed out.")).toBeVisible();
  await context.close();

  await page.getByLabel("Current password").fill("not the sentence");
  await page.getByLabel("New password").fill(CHOSEN);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("alert")).toContainText("That is not your password.");
  await page.getByLabel("Current password").fill(owner.password);
  await page.getByLabel("New password").fill(CHOSEN);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("The password was changed.")).toBeVisible();
});

later("what matters needs the password again, and is then done", async ({ page, server, database }) => {
  const organization = await makeOrganization(server, "City of Porto");
  const { id, secret } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
  await enter(page, server);
  ageProofs(database);

  await visit(page, `/system/api-clients/${id}`);
  await page.getByRole("button", { name: "Reveal", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Confirm it is you" })).toBeVisible();
  await axe(page);
  await page.getByLabel("Password").fill("not the sentence");
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("That is not your password.")).toBeVisible();
  await expect(page.getByText(secret)).toHaveCount(0);
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { name: "Newsletter digest", level: 1 })).toBeVisible();
  await expect(page.getByText(secret).first()).toBeVisible();
});
