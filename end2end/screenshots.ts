// Takes a picture of every page in ../screenshots: light, dark, and as narrow as a phone.
import { join } from "node:path";
import { test, theme } from "./support";
import { tour } from "./tour";

const looks = [
  { look: "light", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { look: "dark", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
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
    await theme(page, looks[0].colorScheme);
    await page.setViewportSize(looks[0].viewport);
  });
});
