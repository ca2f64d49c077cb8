// Finding anything: a page of its own, and with script a palette over every page.
import { makeClient, makeOrganization } from "../directory";
import { axe, enter, expect, test, theme, visit } from "../support";

const CLIENTS = "/system/api-clients";

test("the page finds clients, organizations, pages and acts", async ({ page, server }) => {
  const organization = await makeOrganization(server, "City of Porto");
  const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
  await enter(page, server);
  await visit(page, "/system/find");
  await expect(page).toHaveTitle("Find · Claviger");
  const found = page.locator("main #found");
  await expect(found.getByRole("link", { name: "New client" })).toHaveAttribute("href", `${CLIENTS}/new`);

  const search = page.getByRole("main").getByRole("searchbox");
  await search.fill("newsl");
  await search.press("Enter");
  await expect(found.getByRole("link", { name: /Newsletter digest/ })).toHaveAttribute("href", `${CLIENTS}/${id}`);
  await expect(search).toHaveValue("newsl");

  await search.fill("revoke newsl");
  await search.press("Enter");
  await expect(found.getByRole("link", { name: /^Revoke Newsletter digest/ })).toHaveAttribute("href", `${CLIENTS}/${id}/revoke`);

  await search.fill("archive porto");
  await search.press("Enter");
  await expect(found.getByRole("link", { name: "Archive City of Porto" })).toHaveAttribute("href", /\/archive$/);

  await search.fill("porto");
  await search.press("Enter");
  await expect(found.getByRole("link", { name: "City of Porto", exact: true })).toHaveAttribute("href", /\/organizations\/\d+$/);
  await found.getByRole("link", { name: "Clients of City of Porto" }).click();
  await expect(page.getByRole("link", { name: "Newsletter digest" })).toBeVisible();

  await visit(page, "/system/find?q=nothing+of+the+kind");
  await expect(page.getByText("Nothing is called “nothing of the kind”.")).toBeVisible();
  await axe(page);
});

test.describe("with script", { tag: "@with-wasm" }, () => {
  test("Ctrl-K finds from any page, by the keyboard alone", async ({ page, server }) => {
    const organization = await makeOrganization(server, "City of Porto");
    const { id } = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public"] });
    await enter(page, server);
    await visit(page, `${CLIENTS}/new`);
    const name = page.getByLabel("Name", { exact: true });
    await name.fill("Half typed");

    await page.keyboard.press("Control+k");
    const palette = page.getByRole("dialog", { name: "Find anything" });
    await expect(palette).toBeVisible();
    await expect(palette.getByRole("searchbox")).toBeFocused();
    await expect(palette.getByRole("link", { name: "Organizations", exact: true })).toBeVisible();
    for (const scheme of ["light", "dark"] as const) {
      await theme(page, scheme);
      await axe(page);
    }
    await page.keyboard.press("Escape");
    await expect(palette).toBeHidden();
    await expect(name).toBeFocused();
    await expect(name).toHaveValue("Half typed");

    await page.keyboard.press("Control+k");
    await page.keyboard.type("newsl");
    const client = palette.getByRole("link", { name: /Newsletter digest/ });
    await expect(client).toBeVisible();
    await expect(palette.getByRole("link")).toHaveCount(1);
    await page.keyboard.press("ArrowDown");
    await expect(client).toBeFocused();
    await page.keyboard.press("ArrowUp");
    await expect(palette.getByRole("searchbox")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`${CLIENTS}/${id}`);

    // Not above another dialog.
    await visit(page, `${CLIENTS}/${id}/revoke`);
    await page.keyboard.press("Control+k");
    await expect(palette).toBeHidden();
  });
});
