// Takes a picture of every page in ../screenshots: light, dark, wide, at 200 %, as narrow as a phone, and as it is printed. Those
// of the documentation go to ../docs/images.
import { join } from "node:path";
import { makeClient, makeOrganization, type Client } from "./directory";
import { askForToken } from "./oauth";
import { setUp, test, theme, visit } from "./support";
import { tour } from "./tour";

const looks = [
  { look: "light", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { look: "dark", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { look: "wide", colorScheme: "light", viewport: { width: 2560, height: 1440 } },
  // What 200 % leave of a window of 1280 px.
  { look: "zoomed", colorScheme: "light", viewport: { width: 640, height: 400 } },
  { look: "narrow", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

const folder = join(import.meta.dirname, "../screenshots");

// What is refused on purpose, and what is missing, Chromium writes to the console.
test.use({ allowed: /status of (401|404|422)/ });

test("every page", async ({ page, server }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize(looks[0].viewport);
  await tour(page, server, async (name, { isOver = false } = {}) => {
    for (const { look, colorScheme, viewport } of looks) {
      await theme(page, colorScheme);
      await page.setViewportSize(viewport);
      // A window as high as the page shows all of it, with what sticks to the window's edges in its place.
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      if (!isOver) await page.setViewportSize({ ...viewport, height });
      await page.screenshot({ path: join(folder, `${name}-${look}.png`), animations: "disabled" });
    }
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 794, height: 1123 });
    await page.screenshot({ path: join(folder, `${name}-print.png`), fullPage: true, animations: "disabled" });
    await page.emulateMedia({ media: "screen" });
    await theme(page, looks[0].colorScheme);
    await page.setViewportSize(looks[0].viewport);
  });
});

test("the documentation", async ({ page, server }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize({ width: 1280, height: 800 });
  await server.shell("claviger", "demo", "--clients", "240");
  await setUp(page, server);
  const picture = async (name: string) => {
    const path = join(import.meta.dirname, `../docs/images/${name}.png`);
    await page.screenshot({ path, animations: "disabled" });
  };
  await visit(page, "/system");
  await picture("overview");
  const busiest = await page.getByRole("region", { name: "Most active clients" }).getByRole("link").first().getAttribute("href");
  const id = busiest!.split("/").pop()!;
  const [rotated] = await server.shell("api-client", "rotate", "--id", id);
  for (let count = 0; count < 6; count += 1) await askForToken(server, rotated as unknown as Client);
  const permission = ["--id", id, "--permission", "public.component.extended_data.read"];
  await server.shell("api-client", "grant", ...permission);
  await server.shell("api-client", "revoke", ...permission);
  const porto = await makeOrganization(server, "City of Porto, archive", "archive.porto.example");
  const made = await makeClient(server, { name: "Minutes archive", organization: porto, scopes: ["public", "meetings"] });
  await server.shell("api-client", "suspend", "--id", made.id);
  await server.shell("api-client", "resume", "--id", made.id);
  await visit(page, "/system/api-clients");
  await picture("clients");
  await visit(page, `${busiest}/permissions`);
  await picture("permissions");
  await visit(page, `${busiest}/tokens`);
  await picture("tokens");
  await visit(page, "/system/audit");
  await picture("audit");
});
