// Several secrets of one client: a rotation that finishes itself, secrets that are ended, and the client's own settings.
import { makeClient, makeOrganization, type Client } from "../directory";
import { askForToken, introspect, post } from "../oauth";
import { enter, expect, test, visit, type Server } from "../support";

const CLIENTS = "/system/api-clients";

async function digest(server: Server): Promise<Client> {
  const organization = await makeOrganization(server, "City of Porto");
  return makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
}

async function status(server: Server, client: Pick<Client, "id" | "secret">): Promise<number> {
  return (await post(server, "/oauth/token", client, { grant_type: "client_credentials" })).status;
}

test("a new secret waits for its first use, and the old one then ends by itself", async ({ page, server }) => {
  const client = await digest(server);
  const token = await askForToken(server, client);
  await enter(page, server);
  await visit(page, `${CLIENTS}/${client.id}`);
  await page.getByRole("link", { name: "New secret…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("End after the first use of the new one")).toBeChecked();
  await dialog.getByLabel("Label").fill("x".repeat(10));
  await dialog.getByLabel("The older secrets go on for").selectOption("1 hour");
  await dialog.getByRole("button", { name: "Make secret" }).click();

  await expect(page.getByText("A new secret was made, and works.")).toBeVisible();
  await expect(page.getByText("Secret 2 has not been used yet.")).toBeVisible();
  await expect(page.getByText("Not used yet", { exact: true })).toBeVisible();
  const shown = await page.getByText(/^key_/).first().textContent();
  // What was counted is written once a second.
  await expect(async () => {
    await visit(page, `${CLIENTS}/${client.id}`);
    await expect(page.getByText("Secret 1 is still used: last just now from 127.0.0.0/24.")).toBeVisible({ timeout: 100 });
  }).toPass();

  expect(await status(server, client)).toBe(200);
  expect(await status(server, { id: client.id, secret: shown!.trim() })).toBe(200);
  await visit(page, `${CLIENTS}/${client.id}`);
  await expect(page.getByText("has not been used yet")).toBeHidden();
  await expect(page.getByText("Ending", { exact: true })).toBeVisible();
  expect(await status(server, client)).toBe(200);

  // Ending it takes its tokens along.
  expect(await introspect(server, client, token)).toMatchObject({ active: true });
  await page.getByRole("link", { name: "Label or end… secret 1" }).click();
  await expect(page.getByText("Every token made with it stops working at once")).toBeVisible();
  await page.getByRole("button", { name: "End secret" }).click();
  await expect(page.getByText("The secret was ended.")).toBeVisible();
  expect(await status(server, client)).toBe(401);
  expect(await introspect(server, { id: client.id, secret: shown!.trim() }, token)).toEqual({ active: false });

  // The last one stays.
  await page.getByRole("link", { name: "Label or end… secret 2" }).click();
  await expect(page.getByText("is the only one of this client that works")).toBeVisible();
  await expect(page.getByRole("button", { name: "End secret" })).toHaveCount(0);
});

test("a rotation is cancelled, and the old secret goes on", async ({ page, server }) => {
  const client = await digest(server);
  await server.shell("api-client", "rotate", "--id", client.id, "--pending");
  await enter(page, server);
  await visit(page, `${CLIENTS}/${client.id}`);
  await page.getByRole("button", { name: "Cancel rotation" }).click();
  await expect(page.getByText("The rotation was cancelled.")).toBeVisible();
  expect(await status(server, client)).toBe(200);
});

test("a client is suspended and resumed, and its tokens get a lifetime of their own", async ({ page, server }) => {
  const client = await digest(server);
  await enter(page, server);
  await visit(page, `${CLIENTS}/${client.id}`);
  await page.getByRole("button", { name: "Suspend client" }).click();
  await expect(page.getByText("The client was suspended.")).toBeVisible();
  expect(await status(server, client)).toBe(401);
  await page.getByRole("button", { name: "Resume client" }).click();
  await expect(page.getByText("The client was resumed.")).toBeVisible();

  await page.getByRole("button", { name: "Edit details" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit details" });
  await dialog.getByLabel("Tokens live for").fill("90");
  await dialog.getByLabel("Unit").selectOption("minutes");
  await dialog.getByRole("button", { name: "Save details" }).click();
  await expect(page.getByText("Details saved.")).toBeVisible();
  const answer = await post(server, "/oauth/token", client, { grant_type: "client_credentials" });
  expect(await answer.json()).toMatchObject({ expires_in: 5_400 });
});
