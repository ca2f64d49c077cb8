// The one-time link: it makes one administrator, and nothing after that.
import { expect, owner, setUp, test, visit } from "../support";

// A refused form answers 422, which Chromium writes to the console.
test.use({ allowed: /status of 422/ });

test("the link dies with its use", async ({ page, server }) => {
  await setUp(page, server);
  await page.context().clearCookies();

  await visit(page, server.setupLink);
  await expect(page.getByRole("heading", { name: "Set-up is done" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Create administrator" })).toBeHidden();
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page).toHaveURL("/system/sign-in");

  const answer = await page.request.post(`${server.origin}/system/do/set-up`, {
    headers: { origin: server.origin },
    form: {
      "form[code]": new URL(server.setupLink).searchParams.get("code")!,
      "form[email]": "second@example.org",
      password: "another sentence, just as long",
    },
  });
  expect(answer.ok()).toBe(false);
  expect(answer.headers()["set-cookie"]).toBeUndefined();
});

test("a wrong code makes nobody", async ({ page, server }) => {
  await visit(page, "/system/setup?code=2345-6789-ABCD-EFGH-JKMN");
  await expect(page.getByLabel("Set-up code")).toHaveValue("2345-6789-ABCD-EFGH-JKMN");
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Create administrator" }).click();

  const summary = page.getByRole("alert");
  await expect(summary).toContainText("The administrator was not created: one answer needs attention");
  await expect(summary).toBeFocused();
  await summary.getByRole("link", { name: /^Set-up code: / }).click();
  await expect(page.getByLabel("Set-up code")).toBeFocused();
  await expect(page.getByLabel("Set-up code")).toHaveAccessibleDescription(/That is not the code/);
  await expect(page.getByLabel("Set-up code")).toHaveValue("2345-6789-ABCD-EFGH-JKMN");
  await expect(page.getByLabel("Email")).toHaveValue(owner.email);

  // The right one still works afterwards.
  await setUp(page, server);
  await expect(page).toHaveURL("/system/organizations");
});

test("a weak password is refused and everything else is kept", async ({ page, server }) => {
  await visit(page, server.setupLink);
  const email = page.getByLabel("Email");
  const password = page.getByLabel("Password");
  for (const [typed, complaint] of [
    ["too short", "That is 9 characters. Use at least 12; a sentence works well."],
    ["passwordpassword", "That password is on every list of guesses. Use another; a sentence works well."],
  ]) {
    await email.fill(owner.email);
    await password.fill(typed);
    await page.getByRole("button", { name: "Create administrator" }).click();
    await expect(password).toHaveAccessibleDescription(new RegExp(complaint));
    await expect(password).toHaveAttribute("aria-invalid", "true");
    await expect(email).toHaveValue(owner.email);
    await expect(email).not.toHaveAttribute("aria-invalid");
  }
  expect(page.url()).not.toContain("passwordpassword");
  await password.fill(owner.password);
  await page.getByRole("button", { name: "Create administrator" }).click();
  await expect(page).toHaveURL("/system/organizations");
});

test("without an administrator, the sign-in page says where to begin", async ({ page }) => {
  await visit(page, "/");
  await expect(page).toHaveURL("/system/sign-in?next=/system");
  await expect(page.getByRole("status")).toContainText("There is no administrator yet.");
});
