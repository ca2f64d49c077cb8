// The whole story, from an empty database to a dead token, as one administrator lives it.
import { makeClient } from "../directory";
import { introspect, paste, post } from "../oauth";
import { expect, owner, runsScript, test, visit } from "../support";

// A refused sign-in answers 401 and a wrong confirmation 422, which Chromium writes to the console.
test.use({ allowed: /status of (401|422)/ });

test("from the set-up link to a revoked client", async ({ page, server }) => {
  test.setTimeout(60_000);

  await test.step("the link makes the first administrator and signs them in", async () => {
    await visit(page, server.setupLink);
    await page.getByLabel("Email").fill(owner.email);
    await page.getByLabel("Password").fill(owner.password);
    await page.getByRole("button", { name: "Create administrator" }).click();
    await expect(page).toHaveURL("/system/organizations");
    await expect(page.getByRole("button", { name: owner.email })).toBeVisible();
  });

  await test.step("an organization", async () => {
    await expect(page.getByRole("heading", { name: "No organizations yet" })).toBeVisible();
    await page.getByRole("link", { name: "Add organization" }).click();
    const dialog = page.getByRole("dialog", { name: "Add organization" });
    await expect(dialog.getByLabel("Name", { exact: true })).toBeFocused();
    await dialog.getByLabel("Name", { exact: true }).fill("City of Porto");
    await dialog.getByLabel("Host").fill("participa.porto.example");
    await dialog.getByRole("button", { name: "Add organization" }).click();
    await expect(page.getByRole("status").filter({ hasText: "City of Porto was added." })).toBeVisible();
    await expect(page.getByRole("row", { name: /City of Porto/ })).toContainText("participa.porto.example");
  });

  await test.step("a client of it", async () => {
    await page.getByRole("link", { name: "Create its first client" }).click();
    await expect(page.getByRole("heading", { name: "New client", level: 1 })).toBeVisible();
    await expect(page.getByLabel("Organization", { exact: true })).toHaveValue("1");
    await page.getByLabel("Name", { exact: true }).fill("Newsletter digest");
    await page.getByLabel("Organization", { exact: true }).selectOption("City of Porto");
    await page.getByRole("checkbox", { name: /^Blogs/ }).check();
    await page.getByRole("checkbox", { name: /^Proposals/ }).check();
    await page.getByRole("switch", { name: /^Allow impersonation/ }).check();
    await page.getByRole("button", { name: "Create client" }).click();
    await expect(page).toHaveURL(/\/system\/api-clients\/id_[\w-]{16}$/);
    await expect(page.getByRole("heading", { name: "Newsletter digest", level: 1 })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Client created. Store its secret now." })).toBeVisible();
    await expect(page.getByRole("list", { name: "Scopes" }).getByRole("listitem")).toHaveText(["proposals", "blogs", "public"]);
  });

  const id = new URL(page.url()).pathname.split("/").pop()!;
  const value = (name: string) => page.getByRole("group", { name, exact: true });
  const request = page.getByRole("region", { name: "Token request in curl" });

  await test.step("its secret is in dots until somebody asks", async () => {
    await expect(value("Client ID")).toHaveText(id);
    await expect(value("Client secret")).toHaveText(/^•+$/, { useInnerText: true });
    await expect(request).toHaveText(/client_secret=•+ /, { useInnerText: true });
    await page.getByRole("checkbox", { name: "Reveal client secret" }).check();
    await expect(value("Client secret")).toHaveText(/^key_[\w-]{32}$/, { useInnerText: true });
    await page.getByRole("checkbox", { name: "Hide client secret" }).uncheck();
    await expect(value("Client secret")).toHaveText(/^•+$/, { useInnerText: true });
    await page.getByRole("checkbox", { name: "Reveal client secret" }).check();
  });

  const secret = await value("Client secret").innerText();
  const client = { id, secret };

  const token = await test.step("the request on the page yields a token, just as it stands", async () => {
    const answer = await paste(await request.innerText());
    expect(answer).toMatchObject({ token_type: "Bearer", expires_in: 7200, scope: "proposals blogs public" });
    expect(answer.access_token).toMatch(/^clv_/);
    return answer.access_token as string;
  });

  await test.step("the token is live and may impersonate, nothing else", async () => {
    expect(await introspect(server, client, token)).toMatchObject({
      active: true,
      client_id: id,
      scope: "proposals blogs public",
      permissions: ["oauth.impersonate"],
      organization_id: 1,
    });
  });

  const granted = async () => (await introspect(server, client, token)).permissions;
  const move = async (permission: string, on: boolean) => {
    const toggle = page.getByRole("switch", { name: permission });
    if (runsScript()) {
      const saved = page.waitForResponse("**/permissions/set");
      await toggle.setChecked(on);
      expect((await saved).ok()).toBe(true);
      await expect(page.locator(".perm").filter({ has: toggle }).locator(".state")).not.toHaveText("Saving…");
    } else {
      await toggle.setChecked(on);
      await page.getByRole("button", { name: "Save permissions" }).click();
      await expect(page.getByRole("status").filter({ hasText: "Permissions saved." })).toBeVisible();
    }
    await expect(toggle).toBeChecked({ checked: on });
  };

  await test.step("permissions act on the token already issued", async () => {
    await page.getByRole("link", { name: "Grant permissions" }).click();
    await expect(page).toHaveURL(`/system/api-clients/${id}/permissions`);
    await expect(page.getByRole("switch", { name: /oauth\.impersonate/ })).toBeChecked();
    await move("Read blog posts", true);
    expect(await granted()).toEqual(["oauth.impersonate", "blogs.read"]);
    await move("Read proposals", true);
    expect(await granted()).toEqual(["oauth.impersonate", "blogs.read", "proposals.read"]);
    await move("Read blog posts", false);
    expect(await granted()).toEqual(["oauth.impersonate", "proposals.read"]);
    await page.reload();
    await expect(page.getByRole("switch", { name: "Read proposals" })).toBeChecked();
    await expect(page.getByRole("switch", { name: "Read blog posts" })).not.toBeChecked();
  });

  // The client's own word ends with it, so somebody else has to ask about the token.
  const guard = await makeClient(
    server, { name: "Resource server", scopes: ["system"] }, "--permission", "system.tokens.introspect",
  );
  expect(await introspect(server, guard, token)).toMatchObject({ active: true, client_id: id });

  await test.step("a revocation wants the name", async () => {
    await page.getByRole("link", { name: "Revoke…" }).click();
    const dialog = page.getByRole("dialog", { name: "Revoke Newsletter digest?" });
    const name = dialog.getByLabel("Type Newsletter digest to confirm");
    await expect(name).toBeFocused();
    await name.fill("newsletter");
    await dialog.getByRole("button", { name: "Revoke client" }).click();
    // The browser itself refuses to send another name, and says why.
    expect(await name.evaluate((input: HTMLInputElement) => input.validity.patternMismatch)).toBe(true);
    await expect(name).toHaveAttribute("title", /Newsletter digest/);
    expect(await introspect(server, guard, token)).toMatchObject({ active: true });

    await name.fill("Newsletter digest");
    await dialog.getByRole("button", { name: "Revoke client" }).click();
    await expect(page).toHaveURL(runsScript() ? "/system/api-clients" : `/system/api-clients?revoked=${id}`);
    expect(await introspect(server, guard, token)).toEqual({ active: false });
    expect((await post(server, "/oauth/token", client, { grant_type: "client_credentials" })).status).toBe(401);
    await expect(page.getByRole("status").filter({ hasText: "Newsletter digest was revoked." })).toBeVisible();
    await expect(page.getByRole("row", { name: /Resource server/ })).toBeVisible();
    await expect(page.getByRole("row", { name: /Newsletter digest/ })).toBeHidden();
  });

  await test.step("whoever signs out stays out", async () => {
    await page.getByRole("button", { name: owner.email }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL("/system/sign-in");
    await visit(page, `/system/api-clients/${id}`);
    await expect(page).toHaveURL(`/system/sign-in?next=/system/api-clients/${id}`);
  });

  await test.step("and comes back with the right password alone", async () => {
    const signIn = async (password: string) => {
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    await page.getByLabel("Email").fill(owner.email);
    await signIn("a sentence works badly here");
    await expect(page.getByRole("alert")).toHaveText("Not signed in. The email and the password do not match.");
    await expect(page.getByLabel("Email")).toHaveValue(owner.email);
    await signIn(owner.password);
    await expect(page).toHaveURL(`/system/api-clients/${id}`);
    await expect(page.getByRole("heading", { name: "Newsletter digest", level: 1 })).toBeVisible();
    await expect(page.getByText("Revoked", { exact: true }).first()).toBeVisible();
  });
});
