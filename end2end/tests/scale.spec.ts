// A catalogue of sixty scopes and 540 permissions: everything in it can be reached.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeClient, makeOrganization } from "../directory";
import { enter, expect, runsScript, test, visit } from "../support";

const CLIENTS = "/system/api-clients";
const SCOPES = Array.from({ length: 60 }, (_, place) => `scope_${place + 1}`);
const ACTIONS = Array.from({ length: 9 }, (_, place) => `act_${place + 1}`);

const CATALOG = join(mkdtempSync(join(tmpdir(), "claviger-catalog-")), "catalog.toml");
const permission = (scope: string) => (act: string) =>
  `[[scope.group.permission]]\nname = "${scope}.${act}"\nlabel = "Do ${act} in ${scope}"\ndescription = "Does it."\n`;
const section = (scope: string) =>
  `[[scope]]\nname = "${scope}"\nlabel = "Area ${scope}"\ndescription = "One of many."\n[[scope.group]]\nlabel = "Acts"\n${ACTIONS.map(permission(scope)).join("")}`;
writeFileSync(CATALOG, SCOPES.map(section).join("\n"));

test.use({ settings: { CLAVIGER_CATALOG: CATALOG } });

test("the last of sixty scopes is reached, read and granted", async ({ page, server }) => {
  test.slow();
  const organization = await makeOrganization(server, "City of Porto");
  const { id } = await makeClient(server, { name: "Everything", organization, scopes: SCOPES });
  await enter(page, server);
  await page.setViewportSize({ width: 1280, height: 720 });
  await visit(page, `${CLIENTS}/${id}/permissions`);
  await expect(page.locator(".perm")).toHaveCount(540);
  await expect(page.locator("#granted-count")).toHaveText("0/540");

  const contents = page.getByRole("navigation", { name: "Scopes" });
  const last = contents.getByRole("link", { name: /^Area scope_60/ });
  await last.click();
  await expect(page.getByRole("heading", { name: "Area scope_60" })).toBeInViewport();
  // The table of contents keeps within the window, and its end within its sight.
  const box = (await contents.boundingBox())!;
  expect(box.y).toBeGreaterThanOrEqual(0);
  expect(box.y + box.height).toBeLessThanOrEqual(720);
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeInViewport();

  const toggle = page.getByRole("switch", { name: /scope_60\.act_9$/ });
  await toggle.check();
  if (runsScript()) {
    await expect(page.locator(".perm").filter({ has: toggle }).locator(".state")).toHaveText("Saved");
  } else {
    await page.getByRole("button", { name: "Save permissions" }).click();
    await expect(page.getByText("Permissions saved.")).toBeVisible();
  }
  await expect(page.locator("#granted-count")).toHaveText("1/540");
  expect((await server.shell("api-client", "get", "--id", id))[0].permissions).toEqual(["scope_60.act_9"]);

  await visit(page, `${CLIENTS}/${id}/permissions?filter=act_9&show=all`);
  await expect(page.locator(".perm:visible")).toHaveCount(60);
  await page.setViewportSize({ width: 320, height: 640 });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(beyond).toBe(0);
});

test("a client is made with the first and the last of sixty scopes", async ({ page, server }) => {
  await makeOrganization(server, "City of Porto");
  await enter(page, server);
  await visit(page, `${CLIENTS}/new`);
  await page.getByLabel("Name", { exact: true }).fill("From one end to the other");
  await page.getByLabel("Organization", { exact: true }).selectOption({ label: "City of Porto" });
  const scopes = page.getByRole("group", { name: "Scopes" }).getByRole("checkbox");
  await expect(scopes).toHaveCount(60);
  await scopes.first().check();
  await scopes.last().check();
  await page.setViewportSize({ width: 320, height: 640 });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(beyond).toBe(0);
  await page.getByRole("button", { name: "Create client" }).click();
  await expect(page.getByRole("heading", { name: "Client created. Store its secret now." })).toBeVisible();
  const [made] = await server.shell("api-client", "get");
  expect(made.scopes).toEqual(["scope_1", "scope_60"]);
});
