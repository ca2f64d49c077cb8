import { defineConfig } from "@playwright/test";
import { browser, type Options } from "./support";

export default defineConfig<Options>({
  testDir: "tests",
  outputDir: "test-results",
  // A test that passes at the second try hides a fault, and two at once would measure each other.
  retries: 0,
  workers: 1,
  timeout: 30_000,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: { ...browser, trace: "retain-on-failure" },
  projects: [
    { name: "with-wasm" },
    { name: "without-js", use: { javaScriptEnabled: false } },
  ],
});
