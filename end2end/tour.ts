// A walk past every page in every state that it can be in, for whoever wants to look at them all.
import type { Page } from "@playwright/test";
import { addParticipant, furnish, makeOrganization, type Client } from "./directory";
import { askForToken, post } from "./oauth";
import { expect, owner, runsScript, setUp, visit, type Server } from "./support";

const OVERVIEW = "/system";
const CLIENTS = "/system/api-clients";
const ORGANIZATIONS = "/system/organizations";
const ADMINS = "/system/administrators";
const PARTICIPANTS = "/system/participants";
const AUDIT = "/system/audit";

/** Looks at the page as it stands. What lies over a page is best seen in the window, not on the whole sheet. */
export type Look = (name: string, how?: { isOver?: boolean }) => Promise<void>;

/** Walks from an empty database to a busy one, and stops wherever there is something new to see. */
export async function tour(page: Page, server: Server, look: Look): Promise<void> {
  await beforeSetUp(page, server, look);
  await setUp(page, server);
  await emptyDirectory(page, look);
  const { porto, clients } = await furnish(server);
  await someUse(page, server, clients);
  await lists(page, server, porto, look);
  await newClient(page, porto, look);
  await participants(page, server, porto, look);
  const id = (name: string) => clients.get(name)!.id;
  await tokensOfClient(page, server, clients.get("Newsletter digest")!, look);
  await oneClient(page, id("Newsletter digest"), look);
  await compared(page, id("Newsletter digest"), id("Platform provisioning"), look);
  for (const [name, state] of [["Survey kiosk, town hall", "suspended"], ["Budget vote 2025", "expired"], ["Old mobile app", "revoked"]]) {
    await visit(page, `${CLIENTS}/${id(name)}`);
    await look(`client-${state}`);
  }
  await visit(page, `${CLIENTS}/${id("Old mobile app")}/permissions`);
  await look("client-permissions-revoked");
  await visit(page, `${CLIENTS}/${id("Old mobile app")}/revoke`);
  await look("client-revoke-again", { isOver: true });
  await visit(page, `${CLIENTS}/${id("Platform provisioning")}/permissions`);
  await look("client-permissions-system");

  await auditLog(page, look);

  await administrators(page, look);
  await visit(page, `${CLIENTS}/id_nobody-has-this`);
  await look("client-unknown");
  await visit(page, "/system/nothing-here");
  await look("not-found");
  await visit(page, "/docs/api");
  await look("api-for-programs");
  await signedOut(page, look);
}

async function beforeSetUp(page: Page, server: Server, look: Look): Promise<void> {
  await visit(page, "/system/sign-in");
  await expect(page.getByText("There is no administrator yet.")).toBeVisible();
  await look("sign-in-unset");
  await visit(page, server.setupLink);
  await look("setup");
  await page.getByLabel("Set-up code").fill("2345-6789");
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look("setup-errors");
}

async function emptyDirectory(page: Page, look: Look): Promise<void> {
  await visit(page, OVERVIEW);
  await look("overview-empty");
  await visit(page, ORGANIZATIONS);
  await look("organizations-empty");
  await visit(page, PARTICIPANTS);
  await look("participants-no-organization");
  await visit(page, CLIENTS);
  await look("clients-empty");
  await visit(page, `${CLIENTS}/new`);
  await look("client-new-no-organization");
}

async function someUse(page: Page, server: Server, clients: Map<string, Client>): Promise<void> {
  const uses = { "Newsletter digest": 40, "Participa mobile app": 12, "Staging crawler": 1 };
  for (const [name, times] of Object.entries(uses)) {
    for (let time = 0; time < times; time += 1) await askForToken(server, clients.get(name)!);
  }
  // What was counted is written once a second.
  await expect(async () => {
    await visit(page, `${CLIENTS}?q=staging`);
    await expect(page.getByRole("img", { name: "1 token request in 14 days" })).toBeVisible({ timeout: 100 });
  }).toPass();
}

async function lists(page: Page, server: Server, porto: number, look: Look): Promise<void> {
  await visit(page, OVERVIEW);
  await look("overview");
  await visit(page, `${OVERVIEW}?range=24h`);
  await page.getByText("Show as a table").click();
  await look("overview-hours");
  await visit(page, `${OVERVIEW}?range=90d`);
  await look("overview-quarter");
  await visit(page, CLIENTS);
  await look("clients");
  await page.getByRole("button", { name: owner.email }).click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await look("account-menu", { isOver: true });
  await visit(page, "/system/find?q=p");
  await look("find");
  await visit(page, `${CLIENTS}?sort=used`);
  for (const box of (await page.locator("tbody .check").all()).slice(0, 2)) await box.check();
  await look("clients-chosen", { isOver: true });
  await page.getByRole("button", { name: "Revoke…" }).click();
  await look("clients-revoke");
  await visit(page, `${CLIENTS}?status=suspended`);
  await page.locator("tbody .check").first().check();
  await page.getByRole("button", { name: "Suspend…" }).click();
  await look("clients-suspend-none");
  await visit(page, `${CLIENTS}?status=revoked`);
  await look("clients-revoked");
  await visit(page, `${CLIENTS}?q=nothing+like+it&organization=${porto}`);
  await look("clients-none-fit");
  await visit(page, `${ORGANIZATIONS}?created=${porto}`);
  await look("organizations");
  await visit(page, `${ORGANIZATIONS}/${porto}`);
  await look("organization");
  await visit(page, `${ORGANIZATIONS}/${porto}/rename`);
  await look("organization-rename", { isOver: true });
  await visit(page, `${ORGANIZATIONS}/${porto}/archive`);
  await look("organization-archive", { isOver: true });
  await visit(page, "/system/catalogue");
  await look("catalogue");
  await visit(page, `${CLIENTS}?permission=blogs.read`);
  await look("clients-of-permission");
  await visit(page, `${ORGANIZATIONS}/new`);
  await look("organization-new", { isOver: true });
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Host").fill("https://porto.example/");
  await dialog.getByRole("button", { name: "Add organization" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await look("organization-new-errors", { isOver: true });
  await visit(page, `${ORGANIZATIONS}/${porto}/host`);
  await look("organization-host", { isOver: true });
  await dialog.getByLabel("Host").fill("porto.example:8443");
  await dialog.getByRole("button", { name: "Save host" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await look("organization-host-errors", { isOver: true });
  const gone = await makeOrganization(server, "District of Ovar", "participa.ovar.example");
  await server.shell("claviger", "organization", "archive", "--id", String(gone));
  await visit(page, `${ORGANIZATIONS}/archived`);
  await look("organizations-archived");
  await visit(page, `${ORGANIZATIONS}/${gone}/restore`);
  await look("organization-restore", { isOver: true });
}

async function newClient(page: Page, porto: number, look: Look): Promise<void> {
  await visit(page, `${CLIENTS}/new`);
  await look("client-new");
  await page.getByLabel("On a date").check();
  await page.getByLabel("Expires on").fill("2020-02-29");
  await page.getByRole("button", { name: "Create client" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look("client-new-errors");
  await page.getByLabel("Name", { exact: true }).fill("Citizens' assembly website");
  await page.getByLabel("Organization", { exact: true }).selectOption(String(porto));
  await page.getByRole("checkbox", { name: /^Blogs/ }).check();
  await page.getByRole("checkbox", { name: /^Attachments/ }).check();
  await page.getByLabel("90 days").check();
  await page.getByRole("button", { name: "Create client" }).click();
  await expect(page.getByRole("heading", { name: "Client created. Store its secret now." })).toBeVisible();
  await look("client-created");
  await page.getByRole("checkbox", { name: "Reveal client secret" }).check();
  await look("client-created-revealed");
}

async function participants(page: Page, server: Server, porto: number, look: Look): Promise<void> {
  const here = `${PARTICIPANTS}?organization=${porto}`;
  await visit(page, PARTICIPANTS);
  await look("participants-choose");
  await visit(page, here);
  await look("participants-empty");
  await visit(page, `${PARTICIPANTS}/new?organization=${porto}`);
  await look("participant-new");
  await page.getByRole("button", { name: "Add participant" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look("participant-new-errors");
  const ada = await addParticipant(server, porto, "ada");
  const bea = await addParticipant(server, porto, "bea_with-a-long-nickname_of-several-words");
  await server.shell("claviger", "participant", "block", "--id", String(bea));
  await visit(page, here);
  await look("participants");
  await visit(page, `${here}&q=nothing+like+it`);
  await look("participants-none-fit");
  await visit(page, `${PARTICIPANTS}/${ada}?created`);
  await look("participant");
  await visit(page, `${PARTICIPANTS}/${bea}`);
  await look("participant-blocked");
  await visit(page, `${PARTICIPANTS}/${ada}/block`);
  await look("participant-block", { isOver: true });
  await visit(page, `${PARTICIPANTS}/import?organization=${porto}`);
  await look("participants-import");
  await page.getByLabel("List").fill("nickname,email,name\ncid,cid@example.org,Cid\nnot one,ada@example.org,\n");
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look("participants-import-errors");
  await page.getByLabel("List").fill("nickname,email,name\ncid,cid@example.org,Cid\n");
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("button", { name: "Import 1 participant" })).toBeVisible();
  await look("participants-import-preview");
}

async function tokensOfClient(page: Page, server: Server, client: Client, look: Look): Promise<void> {
  const here = `${CLIENTS}/${client.id}/tokens`;
  const token = await askForToken(server, client);
  const refused = await post(server, "/oauth/token", client, { grant_type: "client_credentials", scope: "system" });
  expect(refused.status).toBe(400);
  await expect(async () => {
    await visit(page, here);
    await expect(page.getByText("It asked for a scope that it does not own")).toBeVisible({ timeout: 100 });
  }).toPass();
  await look("client-tokens");
  await visit(page, `${here}?period=day`);
  await look("client-tokens-day");
  await page.getByLabel("Token", { exact: true }).fill(token);
  await page.getByRole("button", { name: "Examine token" }).click();
  await expect(page.getByText(/^It works for another/)).toBeVisible();
  await look("client-token-examined");
  await page.getByLabel("Token", { exact: true }).fill("clv_nonsense");
  await page.getByRole("button", { name: "Examine token" }).click();
  await expect(page.getByText("This is not a token of this server")).toBeVisible();
  await look("client-token-unreadable");
  await visit(page, `${here}/revoke`);
  await look("client-tokens-revoke", { isOver: true });
}

async function oneClient(page: Page, id: string, look: Look): Promise<void> {
  const here = `${CLIENTS}/${id}`;
  await visit(page, here);
  await look("client");
  await visit(page, `${here}/rotate`);
  await look("client-rotate", { isOver: true });
  await page.getByLabel("Label").fill("Website, production");
  await page.getByRole("button", { name: "Make secret" }).click();
  await expect(page.getByText("has not been used yet.")).toBeVisible();
  await look("client-rotating");
  await page.getByRole("link", { name: "End the old one now…" }).click();
  await expect(page.getByRole("button", { name: "End secret" })).toBeVisible();
  await look("client-secret", { isOver: true });
  await visit(page, here);
  await page.getByRole("button", { name: "Edit details" }).click();
  await expect(page.getByRole("dialog", { name: "Edit details" })).toBeVisible();
  await look("client-edit", { isOver: true });
  await visit(page, `${here}/permissions`);
  await look("client-permissions");
  if (runsScript()) {
    await page.getByRole("button", { name: /^Grant all… in Blogs/ }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look("client-permissions-question", { isOver: true });
    await page.keyboard.press("Escape");
    await page.context().setOffline(true);
    await page.getByRole("switch", { name: /blogs\.write$/ }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await look("client-permissions-offline", { isOver: true });
    await page.context().setOffline(false);
  }
  await visit(page, `${here}/permissions?filter=nothing+like+it&show=all`);
  await look("client-permissions-none-fit");
  await visit(page, `${here}/activity`);
  await look("client-activity");
  await visit(page, `${here}/revoke`);
  await look("client-revoke", { isOver: true });
}

async function compared(page: Page, id: string, other: string, look: Look): Promise<void> {
  await visit(page, `${CLIENTS}/${id}/permissions?compare=${other}`);
  await look("client-permissions-compared");
  await visit(page, `${CLIENTS}/${id}/permissions?compare=a`);
  await look("client-permissions-compare-choice");
}

async function auditLog(page: Page, look: Look): Promise<void> {
  await visit(page, AUDIT);
  await look("audit-unverified");
  await page.getByRole("button", { name: "Verify now" }).click();
  await expect(page.getByText("Verified up to entry")).toBeVisible();
  await look("audit");
  await visit(page, `${AUDIT}?actor=nobody%40example.org`);
  await look("audit-none-fit");
  await visit(page, `${AUDIT}/export?action=permissions`);
  await look("audit-export");
}

async function administrators(page: Page, look: Look): Promise<void> {
  await visit(page, `${ADMINS}/invite`);
  await look("administrator-invite", { isOver: true });
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email").fill("bea");
  await dialog.getByRole("button", { name: "Make invitation link" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await look("administrator-invite-errors", { isOver: true });
  await dialog.getByLabel("Email").fill("bea.with.a.long.name@department.example.org");
  await dialog.getByLabel("Role").selectOption("manager");
  await dialog.getByRole("button", { name: "Make invitation link" }).click();
  const made = page.getByRole("group", { name: "One-time link" });
  await expect(made).toBeVisible();
  await look("administrators-link");
  const link = (await made.textContent())!.trim();
  await visit(page, `${ADMINS}/1`);
  await look("administrator");
  await visit(page, "/system/account");
  await look("account");
  await visit(page, "/system/confirm?next=/system/organizations");
  await look("confirm");
  await visit(page, link);
  await look("invitation");
  await visit(page, "/system/invitation?code=nothing");
  await look("invitation-void");
}

async function signedOut(page: Page, look: Look): Promise<void> {
  await page.context().clearCookies();
  await visit(page, "/system/setup");
  await look("setup-done");
  await visit(page, `/system/sign-in?next=${CLIENTS}&ended=1`);
  await look("sign-in");
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password").fill("not the sentence");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look("sign-in-refused");
}
