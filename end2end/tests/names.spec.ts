// Names of every script and width, and names that two would have.
import { makeClient, makeOrganization } from "../directory";
import { enter, expect, test, visit } from "../support";

const CLIENTS = "/system/api-clients";

// A refused form answers 422, which Chromium writes to the console.
test.use({ allowed: /status of 422/ });

const NAMES = {
  Arabic: "بوابة المشاركة (بورتو) 2026",
  Hebrew: "שער ההשתתפות: תקציב",
  Persian: "می\u200Cخواهم رأی بدهم",
  Chinese: "東京都参加型予算編成プラットフォーム管理用クライアント",
  Thai: "แพลตฟอร์มการมีส่วนร่วมของประชาชนในการจัดทำงบประมาณ",
  emoji: "👩🏽\u200D💻👨\u200D👩\u200D👧\u200D👦🏳\uFE0F\u200D🌈🇵🇹".repeat(5),
  combining: `Z${"\u0351\u036B\u0343".repeat(8)}a\u0301${"\u0323".repeat(6)}lgo`,
  wide: "﷽".repeat(12),
  markup: '"><b>bold</b><!--',
};

for (const [script, name] of Object.entries(NAMES)) {
  test(`a name is whole, by itself and within the window: ${script}`, async ({ page, server }) => {
    const organization = await makeOrganization(server, name);
    const { id } = await makeClient(server, { name, organization, scopes: ["public"] });
    await enter(page, server);
    await page.setViewportSize({ width: 320, height: 640 });
    for (const path of [CLIENTS, `${CLIENTS}/${id}`, `${CLIENTS}/${id}/permissions`, `${CLIENTS}/${id}/revoke`, `${CLIENTS}/new`, "/system/organizations"]) {
      await visit(page, path);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(beyond, path).toBe(0);
    }
    await visit(page, CLIENTS);
    await expect(page.locator("#results .lead bdi")).toHaveText(name);
    await expect(page.locator("#results .lead")).toHaveAttribute("title", name);
    await visit(page, `${CLIENTS}/${id}`);
    await expect(page.locator("h1 bdi")).toHaveText(name);
    await expect(page.locator(".crumbs bdi")).toHaveText(name);
    await expect(page).toHaveTitle(`${name} · Claviger`);
    await expect(page.locator(".facts bdi").filter({ hasText: name.slice(0, 4) }).first()).toBeVisible();

    await visit(page, `${CLIENTS}/${id}/revoke`);
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill(name);
    await dialog.getByRole("button", { name: /^Revoke client/ }).click();
    await expect(page.getByText("Its tokens stopped working at once.")).toBeVisible();
  });
}

test("two clients of one organization do not have one name", async ({ page, server }) => {
  const porto = await makeOrganization(server, "City of Porto");
  await makeOrganization(server, "City of Braga");
  await makeClient(server, { name: "Newsletter digest", organization: porto, scopes: ["public"] });
  const other = await makeClient(server, { name: "Minutes archive", organization: porto, scopes: ["public"] });
  await enter(page, server);
  await visit(page, `${CLIENTS}/new`);
  const name = page.getByLabel("Name", { exact: true });
  const organization = page.getByLabel("Organization", { exact: true });
  const create = page.getByRole("button", { name: "Create client" });
  await name.fill("newsletter  DIGEST");
  await organization.selectOption(String(porto));
  await page.getByRole("checkbox", { name: /^Blogs/ }).check();
  await create.click();
  await expect(page.getByRole("alert")).toContainText("The client was not created: one answer needs attention");
  await expect(name).toHaveAccessibleDescription(/Another client of City of Porto is called “newsletter {1,2}DIGEST”\. Add what makes this one different\./);
  await expect(name).toHaveValue("newsletter  DIGEST");
  await organization.selectOption({ label: "City of Braga" });
  await create.click();
  await expect(page.getByRole("heading", { name: "Client created. Store its secret now." })).toBeVisible();

  await visit(page, `${CLIENTS}/${other.id}`);
  await page.getByRole("button", { name: "Edit details" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit details" });
  await dialog.getByLabel("Name", { exact: true }).fill("Newsletter digest");
  await dialog.getByRole("button", { name: "Save details" }).click();
  await expect(page.getByText("Another client of City of Porto is called “Newsletter digest”.").filter({ visible: true }).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Minutes archive", level: 1 })).toBeVisible();
});
