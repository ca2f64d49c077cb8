// The overview: the first page after sign-in, with what happened and what needs attention.
import { inDays, makeClient, makeOrganization } from "../directory";
import { askForToken } from "../oauth";
import { axe, enter, expect, owner, runsScript, setUp, test, theme, visit } from "../support";

const OVERVIEW = "/system";

test("it is where sign-in and the brand lead", async ({ page, server }) => {
  await setUp(page, server);
  await visit(page, "/system/organizations");
  await page.getByRole("link", { name: "Claviger" }).click();
  await expect(page).toHaveURL(OVERVIEW);
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Overview" })).toHaveAttribute("aria-current", "page");
  await page.context().clearCookies();
  await visit(page, "/system/sign-in");
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(OVERVIEW);
});

test("what clients ask for is drawn, told, and in a table", async ({ page, server }) => {
  await enter(page, server);
  await visit(page, OVERVIEW);
  await expect(page.getByRole("img", { name: "Bar chart: token requests in 14 days: 0 issued, 0 introspected, 0 refused" })).toBeVisible();
  await expect(page.getByText("No client was used in the last 14 days.")).toBeVisible();
  const porto = await makeOrganization(server, "City of Porto");
  const client = await makeClient(server, { name: "Newsletter digest", organization: porto, scopes: ["blogs"] });
  for (let time = 0; time < 3; time += 1) await askForToken(server, client);
  // What was counted is written once a second.
  await expect(async () => {
    await visit(page, OVERVIEW);
    await expect(page.getByRole("img", { name: /14 days: 3 issued/ })).toBeVisible({ timeout: 100 });
  }).toPass();
  const busiest = page.getByRole("region", { name: "Most active clients" });
  await expect(busiest.getByRole("listitem")).toHaveCount(1);
  await expect(busiest.getByRole("img", { name: "3 token requests in 14 days" })).toBeVisible();
  await page.getByRole("link", { name: "24 hours" }).click();
  await expect(page.getByRole("img", { name: /24 hours: 3 issued/ })).toBeVisible();
  await page.getByText("Show as a table").click();
  await expect(page.getByRole("row", { name: /^\d\d:\d\d 3 0 0$/ })).toBeVisible();
  await busiest.getByRole("link", { name: "Newsletter digest" }).click();
  await expect(page.getByRole("heading", { name: "Newsletter digest", level: 1 })).toBeVisible();
});

test("what ends soon is told, with a way there", async ({ page, server }) => {
  await enter(page, server);
  const porto = await makeOrganization(server, "City of Porto");
  const add = (name: string, days: number) =>
    makeClient(server, { name, organization: porto, scopes: ["blogs"] }, "--expires-at", inDays(days));
  await add("Citizen card", 5.5);
  await add("Budget vote", 20.5);
  await visit(page, OVERVIEW);
  const attention = page.getByRole("region", { name: "Needs attention" });
  await expect(attention.getByRole("listitem")).toHaveText(/Citizen card expires in 5 days\. It was never used\./);
  await attention.getByRole("link", { name: "All 2 that expire within 30 days" }).click();
  await expect(page.getByRole("row", { name: /Budget vote/ })).toBeVisible();
  await visit(page, OVERVIEW);
  await attention.getByRole("link", { name: "Review Citizen card" }).click();
  await expect(page.getByRole("heading", { name: "Citizen card", level: 1 })).toBeVisible();
  await visit(page, OVERVIEW);
  const changes = page.getByRole("region", { name: "Recent changes" }).getByRole("listitem");
  await expect(changes.first()).toContainText("created client Budget vote");
});

test("the endpoint's address is copied, or selected", async ({ page, server, context }) => {
  await enter(page, server);
  await visit(page, OVERVIEW);
  const endpoint = page.getByRole("region", { name: "Token endpoint" });
  await expect(endpoint).toContainText(`${new URL(server.origin).host}/oauth/token`);
  if (!runsScript()) return;
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.origin });
  await endpoint.getByRole("button", { name: "Copy the token endpoint" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(`${server.origin}/oauth/token`);
});

test("it is accessible in both themes and on a narrow screen", async ({ page, server }) => {
  await enter(page, server);
  const porto = await makeOrganization(server, "City of Porto");
  const client = await makeClient(server, { name: "Newsletter digest", organization: porto, scopes: ["blogs"] });
  await askForToken(server, client);
  await visit(page, OVERVIEW);
  await axe(page);
  await theme(page, "dark");
  await axe(page, "colours");
  await page.setViewportSize({ width: 320, height: 700 });
  await axe(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});

test("on paper there are the contents alone, dark on white", async ({ page, server }) => {
  await enter(page, server);
  await visit(page, OVERVIEW);
  await theme(page, "dark");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("heading", { name: "Overview", level: 1 })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeHidden();
  await expect(page.getByRole("link", { name: "New client" })).toBeHidden();
  const [background, colour] = await page.getByRole("main").evaluate((main) => {
    const { backgroundColor, color } = getComputedStyle(main);
    return [backgroundColor, color];
  });
  expect(background).toBe("rgb(255, 255, 255)");
  expect(lightness(colour)).toBeLessThan(0.4);
});

/** The lightness in a computed `oklch()`. */
function lightness(colour: string): number {
  return Number(/oklch\(([\d.]+)/.exec(colour)![1]);
}
