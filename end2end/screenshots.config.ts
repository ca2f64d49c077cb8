import { defineConfig } from "@playwright/test";
import { browser, type Options } from "./support";

export default defineConfig<Options>({
  testDir: ".",
  testMatch: "screenshots.ts",
  outputDir: "test-results",
  workers: 1,
  timeout: 900_000,
  reporter: "list",
  use: browser,
});
