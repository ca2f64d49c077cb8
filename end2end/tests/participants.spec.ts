// Participants of an organization: added, changed, blocked, imported, and reached by clients.
import { addParticipant, makeClient, makeOrganization } from "../directory";
import { enter, expect, runsScript, test, visit } from "../support";

const PARTICIPANTS = "/system/participants";

// A refused form answers with its page and the status of the refusal, which Chromium writes to the console.
test.use({ allowed: /status of (404|409|422)/ });

test.beforeEach(async ({ page, server }) => {
  await enter(page, server);
});

test("a participant is added, and a taken nickname is said where it was typed", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto");
  await addParticipant(server, porto, "ada");
  await visit(page, PARTICIPANTS);
  await page.getByRole("link", { name: "Add participant" }).click();
  await page.getByLabel("Nickname").fill("ADA");
  await page.getByLabel("Email").fill("second@example.org");
  await page.getByLabel("Password (optional)").fill("a sentence works well here");
  await page.getByRole("button", { name: "Add participant" }).click();
  await expect(page.getByRole("alert")).toContainText("Another participant has the nickname");
  await expect(page.getByLabel("Nickname")).toHaveValue("ADA");
  await expect(page.getByLabel("Email")).toHaveValue("second@example.org");
  await expect(page.getByLabel("Password (optional)")).toHaveValue("");
  await page.getByRole("link", { name: /^Nickname: / }).click();
  await expect(page.getByLabel("Nickname")).toBeFocused();
  await page.getByLabel("Nickname").fill("bea_maria");
  await page.getByRole("button", { name: "Add participant" }).click();
  await expect(page.getByRole("heading", { name: "Bea Maria", level: 1 })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "was added" })).toBeVisible();
  // The password was not repeated, so it was not sent again.
  await expect(page.getByText("No password")).toBeVisible();
});

test("details and a password are changed", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto");
  const ada = await addParticipant(server, porto, "ada");
  await visit(page, `${PARTICIPANTS}/${ada}`);
  await page.getByLabel("Email").fill("countess@example.org");
  await page.getByRole("button", { name: "Save details" }).click();
  await expect(page.getByRole("status").filter({ hasText: "was saved" })).toBeVisible();
  await page.getByRole("textbox", { name: /password/i }).fill("short");
  await page.getByRole("button", { name: /(Set|Replace) password/ }).click();
  await expect(page.getByRole("alert")).toContainText("The password was not set");
  await page.getByRole("textbox", { name: /password/i }).fill("a sentence works well here");
  await page.getByRole("button", { name: /(Set|Replace) password/ }).click();
  await expect(page.getByRole("status").filter({ hasText: "has a new password" })).toBeVisible();
  const [shown] = await server.shell("claviger", "participant", "list", "--organization-id", String(porto));
  expect(shown).toMatchObject({ email: "countess@example.org", has_password: true });
});

test("a block says what it ends, and can be taken back", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto");
  const ada = await addParticipant(server, porto, "ada");
  await visit(page, `${PARTICIPANTS}/${ada}`);
  await page.getByRole("link", { name: "Block…" }).click();
  const dialog = page.getByRole("dialog", { name: "Block Ada?" });
  await expect(dialog).toContainText("Every token issued for them stops working at once");
  await dialog.getByRole("link", { name: "Keep participant" }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole("link", { name: "Block…" }).click();
  await dialog.getByRole("button", { name: "Block participant" }).click();
  await expect(page.getByRole("status").filter({ hasText: "is blocked" })).toBeVisible();
  const blocked = async () => {
    const [shown] = await server.shell("claviger", "participant", "list", "--organization-id", String(porto));
    return shown.blocked;
  };
  expect(await blocked()).toBe(true);
  await page.getByRole("button", { name: "Unblock participant" }).click();
  await expect(page.getByRole("status").filter({ hasText: "is no longer blocked" })).toContainText("do not work again");
  expect(await blocked()).toBeUndefined();
});

test("a list is previewed, corrected and imported", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto");
  await visit(page, `${PARTICIPANTS}?organization=${porto}`);
  await page.getByRole("link", { name: "Import participants" }).click();
  const list = page.getByLabel("List");
  await list.fill("nickname,email,name\nada,ada@example.org,Ada\nnot one,bea@example.org,\n");
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("alert")).toContainText("Line 3, nickname:");
  await expect(list).toHaveValue(/not one/);
  await list.fill("nickname,email,name\nada,ada@example.org,Ada\nbea,bea@example.org,\n");
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("row", { name: /bea@example\.org/ })).toBeVisible();
  await page.getByRole("button", { name: "Import 2 participants" }).click();
  await expect(page.getByRole("status").filter({ hasText: "2 participants were imported." })).toBeVisible();
  await expect(page.getByRole("row", { name: /ada@example\.org/ })).toBeVisible();
});

test("a search finds by nickname, name and address, while it is typed where scripts run", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto");
  await addParticipant(server, porto, "ada");
  await addParticipant(server, porto, "bea");
  await visit(page, `${PARTICIPANTS}?organization=${porto}`);
  const search = page.getByRole("searchbox", { name: "Search by nickname, name or email" });
  const type = async (text: string) => {
    await search.fill(text);
    if (!runsScript()) await search.press("Enter");
  };
  await type("be");
  await expect(page.getByRole("row", { name: /ada@/ })).toHaveCount(0);
  await expect(page.getByRole("row", { name: /bea@/ })).toBeVisible();
  await expect(page).toHaveURL(`${PARTICIPANTS}?organization=${porto}&q=be`);
  await type("nobody");
  await expect(page.getByRole("heading", { name: "No participant matches “nobody”" })).toBeVisible();
  await page.getByRole("link", { name: "Clear search" }).click();
  await expect(page.getByRole("row", { name: /ada@/ })).toBeVisible();
});

test("an organization is chosen, and a client leads to those whom it reaches", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto");
  const ovar = await makeOrganization(server, "District of Ovar");
  await addParticipant(server, ovar, "bea");
  await visit(page, PARTICIPANTS);
  await expect(page.getByRole("heading", { name: "Choose an organization" })).toBeVisible();
  await page.getByRole("combobox", { name: "Organization" }).selectOption("District of Ovar");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("row", { name: /bea@/ })).toBeVisible();
  await addParticipant(server, porto, "ada");
  const client = await makeClient(server, { name: "Mobile app", organization: porto, scopes: ["public"] }, "--allow-login");
  await visit(page, `/system/api-clients/${client.id}`);
  await page.getByRole("region", { name: "Participants" }).getByRole("link", { name: "1 participant" }).click();
  await expect(page.getByRole("row", { name: /ada@/ })).toBeVisible();
});

test("an unknown participant has a page that says so", async ({ page }) => {
  await visit(page, `${PARTICIPANTS}/99`);
  await expect(page.getByRole("heading", { name: "No page fits this address" })).toBeVisible();
});
