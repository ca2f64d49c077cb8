// Every page in every state, in both themes, wide and narrow: nothing for axe-core to find, nothing over the edge.
import type { Page } from "@playwright/test";
import { axe, expect, runsScript, test, theme } from "../support";
import { tour } from "../tour";

// What is refused on purpose, and what is missing, Chromium writes to the console.
test.use({ allowed: /status of (401|404|422)/ });

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
const NARROWEST = { width: 320, height: 640 };

test("every page can be read and used by everybody", async ({ page, server }) => {
  test.setTimeout(900_000);
  // Nothing is measured halfway through a change of colour.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize(WIDE);
  await tour(page, server, (name) =>
    test.step(name, async () => {
      await axe(page);
      await theme(page, "dark");
      // Without script the same markup stands there; one look at each width and theme will do.
      if (runsScript()) await axe(page, "colours");
      for (const viewport of [NARROWEST, NARROW]) {
        await page.setViewportSize(viewport);
        await staysWithin(page, name);
      }
      // What sticks to the lower edge of the window covers a part of a row somewhere, but none at the end of the page.
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await axe(page, runsScript() ? "all" : "colours");
      await theme(page, "light");
      if (runsScript()) await axe(page, "colours");
      await page.setViewportSize(WIDE);
    }),
  );
});

/** Fails when the page scrolls sideways, or something on it lies beyond the window's edge. */
async function staysWithin(page: Page, name: string): Promise<void> {
  const { width } = page.viewportSize()!;
  const beyond = await page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    // Code and pills scroll by themselves; what is there for assistive technology alone takes no room.
    const isExempt = (element: Element) => element.closest("pre, .pills, .sr, .skip, svg, option, [hidden]") !== null;
    const found = [...document.body.querySelectorAll("*")].filter((element) => {
      const { left, right, width, height } = element.getBoundingClientRect();
      const isSeen = width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
      return isSeen && !isExempt(element) && (right > edge + 1 || left < -1);
    });
    const scrolls = document.documentElement.scrollWidth > edge ? ["the page scrolls sideways"] : [];
    return scrolls.concat(found.map((element) => `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent?.slice(0, 40)}`));
  });
  expect.soft(beyond, `${name} at ${width} px`).toEqual([]);
}
