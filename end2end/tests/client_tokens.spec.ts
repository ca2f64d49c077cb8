// The tokens of a client: revoked one by one and all at once, what a token is, and why requests were refused.
import type { Page } from "@playwright/test";
import { makeClient, makeOrganization, type Client } from "../directory";
import { askForToken, introspect, post } from "../oauth";
import { enter, expect, test, visit, type Server } from "../support";

// A token that cannot be read is answered with 422, which Chromium writes to the console.
test.use({ allowed: /status of 422/ });

test.beforeEach(async ({ page, server }) => {
  await enter(page, server);
});

async function newsletter(server: Server): Promise<Client> {
  const porto = await makeOrganization(server, "City of Porto");
  return makeClient(server, { name: "Newsletter digest", organization: porto, scopes: ["public", "blogs"] });
}

const tokensOf = (client: Client) => `/system/api-clients/${client.id}/tokens`;

/** Waits until what was counted is written, once a second. */
async function shows(page: Page, address: string, text: string | RegExp): Promise<void> {
  await expect(async () => {
    await visit(page, address);
    await expect(page.getByText(text).first()).toBeVisible({ timeout: 200 });
  }).toPass();
}

test("one token is revoked at once, and the others go on", async ({ page, server }) => {
  const client = await newsletter(server);
  const first = await askForToken(server, client);
  const second = await askForToken(server, client);
  await shows(page, tokensOf(client), "2 live");
  const revoke = page.getByRole("button", { name: /^Revoke token …/ });
  await expect(revoke).toHaveCount(2);
  await revoke.first().click();
  const notice = page.getByRole("status").filter({ hasText: /^Token …[0-9a-f]{8} revoked\./ });
  await expect(notice).toContainText("Its next request gets a 401. The client keeps working.");
  await expect(revoke).toHaveCount(1);
  await expect(page.getByText("1 live")).toBeVisible();
  const live = [await introspect(server, client, first), await introspect(server, client, second)];
  expect(live.filter((token) => token.active)).toHaveLength(1);
});

test("all tokens are revoked after a question, and new ones work", async ({ page, server }) => {
  const client = await newsletter(server);
  const token = await askForToken(server, client);
  await shows(page, tokensOf(client), "1 live");
  await page.getByRole("link", { name: "Revoke all…" }).click();
  const dialog = page.getByRole("dialog", { name: "Revoke all tokens of Newsletter digest?" });
  await expect(dialog).toContainText("The client keeps working and can ask for new ones.");
  await dialog.getByRole("link", { name: "Keep tokens" }).click();
  await expect(dialog).toHaveCount(0);
  expect((await introspect(server, client, token)).active).toBe(true);
  await page.getByRole("link", { name: "Revoke all…" }).click();
  await dialog.getByRole("button", { name: "Revoke all tokens" }).click();
  await expect(page.getByRole("status").filter({ hasText: "All tokens issued so far are revoked." })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Revoke token/ })).toHaveCount(0);
  expect((await introspect(server, client, token)).active).toBe(false);
  const next = await askForToken(server, client);
  expect((await introspect(server, client, next)).active).toBe(true);
});

test("a pasted token says what it is, also on the page of another client, and is in no address", async ({ page, server }) => {
  const client = await newsletter(server);
  const other = await makeClient(server, { name: "Platform provisioning", scopes: ["system"] });
  const token = await askForToken(server, client);
  await visit(page, tokensOf(other));
  const field = page.getByLabel("Token", { exact: true });
  await field.fill(token.slice(1));
  await page.getByRole("button", { name: "Examine token" }).click();
  await expect(page.getByText("This is not a token of this server")).toBeVisible();
  await expect(field).toHaveValue("");
  await field.fill(token);
  await page.getByRole("button", { name: "Examine token" }).click();
  await expect(page.getByText("It is not a token of this client.")).toBeVisible();
  await expect(page.getByText(/^It works for another/)).toBeVisible();
  expect(page.url()).not.toContain(token);
  expect(await page.content()).not.toContain(token);
  await page.getByRole("button", { name: "Revoke this token" }).click();
  await expect(page.getByRole("heading", { name: "Newsletter digest", level: 1 })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "revoked." })).toBeVisible();
  expect((await introspect(server, client, token)).active).toBe(false);
});

test("a refused request is told with its reason, and on the client's page in a line", async ({ page, server }) => {
  const client = await newsletter(server);
  const [rotated] = await server.shell("api-client", "rotate", "--id", client.id, "--keep-old", "0");
  const refused = await post(server, "/oauth/token", client, { grant_type: "client_credentials" });
  expect(refused.status).toBe(401);
  const hint = client.secret.slice(-4);
  await shows(page, tokensOf(client), new RegExp(`Wrong secret: …${hint} was rotated out on`));
  await visit(page, `/system/api-clients/${client.id}`);
  await expect(page.getByText(/Refused in the last 24 hours/)).toContainText("a secret that was rotated out");
  await page.getByRole("link", { name: "See why" }).click();
  await expect(page.getByRole("heading", { name: "Refused requests" })).toBeVisible();
  expect(await page.content()).not.toContain(String(rotated.secret));
});
