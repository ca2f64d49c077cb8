// Takes a picture of every page in ../screenshots: light, dark, and as narrow as a phone.
import { join } from "node:path";
import { setUp, test, theme, visit } from "./support";

/** Before anybody has signed in. */
const outside = [
  { name: "sign-in", path: "/system/sign-in" },
];

/** As the first administrator sees them. */
const inside = [
  { name: "overview", path: "/system" },
  { name: "clients", path: "/system/api-clients" },
  { name: "client-new", path: "/system/api-clients/new" },
  { name: "organizations", path: "/system/organizations" },
  { name: "participants", path: "/system/participants" },
  { name: "catalog", path: "/system/catalog" },
  { name: "admins", path: "/system/admins" },
  { name: "audit", path: "/system/audit" },
  { name: "account", path: "/system/account" },
  { name: "not-found", path: "/system/nothing-here" },
];

const looks = [
  { look: "light", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { look: "dark", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { look: "narrow", colorScheme: "light", viewport: { width: 390, height: 844 } },
] as const;

const folder = join(import.meta.dirname, "../screenshots");

// A missing page answers 404, which Chromium writes to the console.
test.use({ allowed: [/status of 404/] });

test("every page", async ({ page, server }) => {
  const shoot = async ({ name, path }: { name: string; path: string }) => {
    await visit(page, path);
    for (const { look, colorScheme, viewport } of looks) {
      await theme(page, colorScheme);
      await page.setViewportSize(viewport);
      await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true, animations: "disabled" });
    }
  };

  await shoot({ name: "setup", path: server.setupLink });
  await setUp(page, server);
  for (const place of inside) await shoot(place);
  await page.context().clearCookies();
  for (const place of outside) await shoot(place);
});
