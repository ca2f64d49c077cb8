// The form for a new client, and the dialog for a new organization: what is refused comes back as it was typed.
import { makeOrganization } from "../directory";
import { enter, expect, runsScript, test, visit } from "../support";

// A refused form answers 422, which Chromium writes to the console.
test.use({ allowed: /status of 422/ });

test("a refused form keeps every answer, and its summary leads to the fields", async ({ page, server }) => {
  await makeOrganization(server, "City of Porto");
  const neuchatel = await makeOrganization(server, "Canton of Neuchâtel");
  await enter(page, server);
  await visit(page, "/system/api-clients/new");

  const name = page.getByLabel("Name", { exact: true });
  const organization = page.getByLabel("Organization", { exact: true });
  const create = page.getByRole("button", { name: "Create client" });
  const summary = page.getByRole("alert");

  // Nothing filled in.
  await create.click();
  await expect(summary).toContainText("The client was not created: 3 answers need attention");
  await expect(summary).toBeFocused();
  await expect(page).toHaveTitle(/^Error: New client/);
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toHaveAccessibleDescription(/Give it a name\./);
  await summary.getByRole("link", { name: "Name: Give it a name." }).click();
  await expect(name).toBeFocused();
  await summary.getByRole("link", { name: /^Scopes: Choose at least one scope/ }).click();
  await expect(page.getByRole("group", { name: "Scopes" })).toBeFocused();

  // Everything filled in, and three answers wrong.
  await name.fill("Bad\u202Ename");
  await page.getByRole("checkbox", { name: /^Blogs/ }).check();
  await page.getByRole("checkbox", { name: /^Surveys/ }).check();
  await page.getByRole("switch", { name: /^Allow login/ }).check();
  await page.getByLabel("On a date").check();
  await page.getByLabel("Expires on").fill("2020-02-29");
  await create.click();
  await expect(summary).toContainText("The client was not created: 3 answers need attention");
  await expect(summary.getByRole("link", { name: /^Organization: Choose an organization/ })).toBeVisible();
  await summary.getByRole("link", { name: /^Expiry: / }).click();
  await expect(page.getByLabel("Expires on")).toBeFocused();

  await expect(name).toHaveValue("Bad\u202Ename");
  await expect(organization).toHaveValue("");
  await expect(page.getByRole("checkbox", { name: /^Blogs/ })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: /^Surveys/ })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: /^Meetings/ })).not.toBeChecked();
  await expect(page.getByRole("switch", { name: /^Allow login/ })).toBeChecked();
  await expect(page.getByRole("switch", { name: /^Allow impersonation/ })).not.toBeChecked();
  await expect(page.getByLabel("On a date")).toBeChecked();
  await expect(page.getByLabel("Expires on")).toHaveValue("2020-02-29");

  // One answer wrong is left, and what was mended does not complain any more.
  await name.fill("Newsletter digest");
  await organization.selectOption(String(neuchatel));
  await create.click();
  await expect(summary).toContainText("The client was not created: one answer needs attention");
  await expect(name).not.toHaveAttribute("aria-invalid");
  await expect(organization).toHaveValue(String(neuchatel));
  await expect(page.getByLabel("Expires on")).toHaveAttribute("aria-invalid", "true");

  await page.getByLabel("90 days").check();
  await create.click();
  await expect(page.getByRole("heading", { name: "Newsletter digest", level: 1 })).toBeVisible();
  await expect(page.getByRole("list", { name: "Scopes" }).getByRole("listitem")).toHaveText(["blogs", "surveys", "public"]);
  await expect(page.getByText("Log in", { exact: true })).toBeVisible();
});

test("the only organization is chosen already, and the one that a link names", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto");
  await enter(page, server);
  await visit(page, "/system/api-clients/new");
  await expect(page.getByLabel("Organization", { exact: true })).toHaveValue(String(porto));

  const neuchatel = await makeOrganization(server, "Canton of Neuchâtel");
  await visit(page, "/system/organizations");
  await page.getByRole("link", { name: "Client for Canton of Neuchâtel" }).click();
  await expect(page.getByLabel("Organization", { exact: true })).toHaveValue(String(neuchatel));
});

test("a client with the system scope alone needs no organization", async ({ page, server }) => {
  await enter(page, server);
  await visit(page, "/system/api-clients/new");
  await page.getByLabel("Name", { exact: true }).fill("Platform provisioning");
  await page.getByRole("checkbox", { name: /^System/ }).check();
  await page.getByRole("button", { name: "Create client" }).click();
  await page.getByRole("alert").getByRole("link", { name: /^Organization: Choose an organization/ }).click();
  await expect(page.getByLabel("Organization", { exact: true })).toBeFocused();
  await page.getByLabel("Organization", { exact: true }).selectOption("None: system scope only");
  await page.getByRole("button", { name: "Create client" }).click();
  await expect(page.getByRole("list", { name: "Scopes" }).getByRole("listitem")).toHaveText(["system"]);
  await expect(page.getByRole("definition").filter({ hasText: /^None$/ })).toBeVisible();
});

test("a name is text, whatever it looks like", async ({ page, server }) => {
  const organization = await makeOrganization(server, "<b>Town</b> & Söhne");
  const name = `<img src=x onerror=alert(1)> "it's" & 100%`;
  await enter(page, server);
  await visit(page, `/system/api-clients/new?organization=${organization}`);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("checkbox", { name: /^Blogs/ }).check();
  await page.getByRole("button", { name: "Create client" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByRole("link", { name: "<b>Town</b> & Söhne" })).toBeVisible();
  await page.getByRole("link", { name: "Revoke…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
  await dialog.getByRole("button", { name: "Revoke client" }).click();
  await expect(page.getByRole("status").filter({ hasText: `${name} was revoked.` })).toBeVisible();
});

test("a refused organization keeps what was typed", async ({ page, server }) => {
  await makeOrganization(server, "City of Porto", "participa.porto.example");
  await enter(page, server);
  await visit(page, "/system/organizations/new");
  const dialog = page.getByRole("dialog", { name: "Add organization" });
  await dialog.getByLabel("Name", { exact: true }).fill("Porto, again");
  for (const [host, complaint] of [
    ["https://porto.example/", /Give the host name alone/],
    ["participa.porto.example", /./],
  ] as const) {
    await dialog.getByLabel("Host").fill(host);
    await dialog.getByRole("button", { name: "Add organization" }).click();
    await expect(dialog.getByRole("alert")).toContainText("The organization was not added: one answer needs attention");
    await expect(dialog.getByLabel("Host")).toHaveAccessibleDescription(complaint);
    await expect(dialog.getByLabel("Host")).toHaveValue(host);
    await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("Porto, again");
    await dialog.getByRole("link", { name: /^Host: / }).click();
    await expect(dialog.getByLabel("Host")).toBeFocused();
  }
  await dialog.getByLabel("Host").fill("");
  await dialog.getByRole("button", { name: "Add organization" }).click();
  await expect(page.getByRole("row", { name: /Porto, again/ })).toBeVisible();
  if (runsScript()) await expect(page.getByRole("link", { name: "Organizations 2" })).toBeVisible();
});
