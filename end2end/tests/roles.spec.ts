// Whoever may only look sees everything and can move nothing.
import { makeClient, makeOrganization } from "../directory";
import { enter, expect, owner, test, visit } from "../support";

const CLIENTS = "/system/api-clients";

test("an auditor is offered nothing that changes anything", async ({ page, server }) => {
  const organization = await makeOrganization(server, "City of Porto");
  const { id, secret } = await makeClient(
    server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] }, "--permission", "blogs.read",
  );
  await enter(page, server);
  await page.context().clearCookies();
  await server.shell("claviger", "admin", "create", "--email", "auditor@example.org", "--role", "auditor");

  await visit(page, "/system/sign-in");
  await page.getByLabel("Email").fill("auditor@example.org");
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("link", { name: "Newsletter digest" })).toBeVisible();
  await expect(page.getByRole("link", { name: "New client" })).toBeHidden();

  await visit(page, "/system/organizations");
  await expect(page.getByRole("link", { name: "City of Porto", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Add organization" })).toBeHidden();
  await expect(page.getByRole("link", { name: "Client for City of Porto" })).toBeHidden();

  await visit(page, `${CLIENTS}/${id}`);
  await expect(page.getByRole("heading", { name: "Newsletter digest", level: 1 })).toBeVisible();
  for (const name of ["Edit details", "Reveal"]) await expect(page.getByRole("button", { name })).toBeHidden();
  await expect(page.getByRole("link", { name: "Revoke…" })).toBeHidden();

  await visit(page, `${CLIENTS}/${id}/permissions`);
  await expect(page.getByText("Your account may read this but not change it.")).toBeVisible();
  await expect(page.getByRole("switch", { name: /blogs\.read$/ })).toBeChecked();
  for (const toggle of await page.getByRole("switch").all()) await expect(toggle).toBeDisabled();
  await expect(page.getByRole("button", { name: /^Grant all|^Remove all|^Save permissions/ })).toHaveCount(0);

  await visit(page, `${CLIENTS}/${id}/revoke`);
  await expect(page.getByRole("dialog")).toContainText("Your account may read this but not change it.");
  await expect(page.getByRole("button", { name: "Revoke client" })).toHaveCount(0);

  // Whatever is sent all the same is refused, and nothing has changed.
  for (const [call, form] of [
    ["clients/create", { "form[name]": "Sneaked in", "form[organization_id]": String(organization), "form[scopes][]": "blogs" }],
    ["clients/reveal-secret", { id, number: "1" }],
    ["clients/revoke", { id, confirm: "Newsletter digest" }],
    ["permissions/set", { id, "switches[0][permission]": "blogs.write", "switches[0][on]": "true" }],
    ["organizations/create", { "form[name]": "Sneaked in" }],
    ["organizations/set-host", { "form[id]": "1", "form[host]": "sneaked.example" }],
    ["organizations/restore", { id: "1" }],
  ] as const) {
    const answer = await page.request.post(`/system/do/${call}`, { headers: { origin: server.origin }, form });
    expect(answer.status(), call).toBe(403);
    expect(await answer.text(), call).not.toContain(secret);
  }
  const [client] = await server.shell("api-client", "get", "--id", id);
  expect(client).toMatchObject({ name: "Newsletter digest", permissions: ["blogs.read"] });
});

test("nothing is changed for another site, and nothing is shown to strangers", async ({ page, server }) => {
  const { id } = await makeClient(server, { name: "Platform provisioning", scopes: ["system"] });
  await enter(page, server);
  for (const headers of [{ origin: "https://elsewhere.example" }, { origin: "null" }, {}]) {
    const answer = await page.request.post("/system/do/clients/revoke", { headers, form: { id, confirm: "Platform provisioning" } });
    expect(answer.status(), JSON.stringify(headers)).toBe(403);
  }
  await page.context().clearCookies();
  for (const path of ["", "/new", `/${id}`, `/${id}/permissions`, `/${id}/revoke`]) {
    const answer = await page.request.get(CLIENTS + path, { maxRedirects: 0, headers: { accept: "text/html" } });
    expect([302, 303, 307], path).toContain(answer.status());
    expect(answer.headers().location, path).toMatch(/^\/system\/sign-in\?next=/);
  }
  const answer = await page.request.post("/system/do/clients/reveal-secret", { headers: { origin: server.origin }, form: { id, number: "1" } });
  expect(answer.ok()).toBe(false);
  expect(await answer.text()).not.toContain("Platform provisioning");
  const [client] = await server.shell("api-client", "get", "--id", id);
  expect(client.name).toBe("Platform provisioning");
});
