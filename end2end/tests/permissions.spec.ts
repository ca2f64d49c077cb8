// One switch for each permission: saved as it moves, alone and by the group.
import { expect, runsScript } from "../support";
import { FAILED, holdRequests, permission, permissions, SWITCH, tab, test } from "../switches";

test.describe("with script", { tag: "@with-wasm" }, () => {
  test.use({ allowed: FAILED });

  test("a switch says that it is being saved, that it was, and then nothing", async ({ page, client, server }) => {
    const { toggle, state } = permission(page, "blogs.read");
    const held = holdRequests();
    await page.route(SWITCH, held.handler);
    await expect(tab(page)).toHaveText("Permissions 0/12");
    await toggle.click();
    await expect(state).toHaveText("Saving…");
    await expect(toggle).toBeChecked();
    // Nothing counts as granted before the server has said so.
    await expect(tab(page)).toHaveText("Permissions 0/12");
    await expect.poll(() => held.arrived.length).toBe(1);
    await held.open();
    await expect(state).toHaveText("Saved");
    await expect(page.locator("#announcements")).toHaveText("Read blog posts: granted.");
    await expect(tab(page)).toHaveText("Permissions 1/12");
    await expect(state).toBeEmpty();

    expect(await permissions(server, client)).toEqual(["blogs.read"]);
    await page.reload();
    await expect(toggle).toBeChecked();
    await expect(tab(page)).toHaveText("Permissions 1/12");
  });

  test("keys move a switch and nothing else", async ({ page, client, server }) => {
    const { toggle, state } = permission(page, "blogs.read");
    const here = page.url();
    await page.evaluate(() => Object.assign(window, { still: "here" }));
    await toggle.focus();
    // Enter sends a form from its fields, and this form is not to be sent.
    await page.keyboard.press("Enter");
    await page.getByLabel("Filter permissions by label or string").press("Enter");
    await toggle.press("Space");
    await expect(state).toHaveText("Saved");
    await expect(toggle).toBeChecked();
    await expect(page).toHaveURL(here);
    expect(await page.evaluate(() => (window as unknown as { still?: string }).still)).toBe("here");
    expect(await permissions(server, client)).toEqual(["blogs.read"]);
  });

  test("different switches are saved side by side, the same one request after the other", async ({ page, client, server }) => {
    const [read, write, space] = ["blogs.read", "blogs.write", "public.space.read"].map((name) => permission(page, name));
    const held = holdRequests();
    await page.route(SWITCH, held.handler);
    for (const { toggle } of [read, write, space]) await toggle.click();
    await expect.poll(() => held.arrived.length).toBe(3);
    for (const [position, name] of ["blogs.read", "blogs.write", "public.space.read"].entries()) {
      expect(held.sent(position)).toEqual([name, "true"]);
    }
    // The answers come in another order than the moves.
    await read.toggle.click();
    for (const position of [2, 1, 0]) await held.letGo(position);
    await expect.poll(() => held.arrived.length).toBe(4);
    expect(held.sent(3)).toEqual(["blogs.read", "false"]);
    await held.open();
    await expect(tab(page)).toHaveText("Permissions 2/12");
    await expect(read.toggle).not.toBeChecked();
    for (const { toggle } of [write, space]) await expect(toggle).toBeChecked();
    expect(await permissions(server, client)).toEqual(expect.arrayContaining(["blogs.write", "public.space.read"]));
  });

  test("a switch moved there and back ends where the hand left it", async ({ page, client, server }) => {
    const { toggle, state } = permission(page, "blogs.read");
    const held = holdRequests();
    await page.route(SWITCH, held.handler);
    await toggle.click();
    await expect.poll(() => held.arrived.length).toBe(1);
    await toggle.click();
    await toggle.click();
    await toggle.click();
    await expect(toggle).not.toBeChecked();
    await held.open();
    await expect(state).not.toHaveText("Saving…");
    await expect(toggle).not.toBeChecked();
    await expect(tab(page)).toHaveText("Permissions 0/12");
    expect(await permissions(server, client)).toEqual([]);
  });

  test("two people on one client undo nothing of each other, and see it", async ({ page, client, server }) => {
    await server.shell("api-client", "grant", "--id", client.id, "--permission", "blogs.write");
    const read = permission(page, "blogs.read");
    const write = permission(page, "blogs.write");
    await expect(write.toggle).not.toBeChecked();
    await read.toggle.click();
    await expect(read.state).toHaveText("Saved");
    await expect(write.toggle).toBeChecked();
    await expect(tab(page)).toHaveText("Permissions 2/12");
    expect(await permissions(server, client)).toEqual(["blogs.write", "blogs.read"]);
  });

  test("a revocation from elsewhere is told, and the switch goes back", async ({ page, client, server }) => {
    await server.shell("api-client", "delete", "--id", client.id);
    const { toggle, error } = permission(page, "blogs.read");
    await toggle.click();
    await expect(error).toContainText("Not saved.");
    await expect(error).toContainText("revoked");
    await expect(toggle).not.toBeChecked();
    await page.reload();
    await expect(page.getByText("This client is revoked.", { exact: false })).toBeVisible();
    await expect(toggle).toBeDisabled();
  });

  test("a whole group at once, and a question before a high risk", async ({ page, client, server }) => {
    const held = () => permissions(server, client);
    const button = page.getByRole("button", { name: "in Blogs" });
    const dialog = page.getByRole("dialog", { name: "Grant all in Blogs?" });

    await expect(button).toHaveText("Grant all… in Blogs");
    await button.click();
    await expect(dialog).toContainText("This includes “Delete blog posts”. Grant it too?");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(button).toBeFocused();
    await button.click();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(dialog).toBeHidden();
    expect(await held()).toEqual([]);

    await button.click();
    await dialog.getByRole("button", { name: "Grant the other 2" }).click();
    await expect(permission(page, "blogs.write").state).toHaveText("Saved");
    await expect(permission(page, "blogs.destroy").toggle).not.toBeChecked();
    expect(await held()).toEqual(["blogs.read", "blogs.write"]);

    await button.click();
    await dialog.getByRole("button", { name: "Grant it" }).click();
    await expect(permission(page, "blogs.destroy").state).toHaveText("Saved");
    expect(await held()).toEqual(["blogs.read", "blogs.write", "blogs.destroy"]);

    // Nothing hurts in this group, so nothing is asked.
    const components = page.getByRole("button", { name: "in Components" });
    await expect(components).toHaveText(/^Grant all in Components/);
    await components.click();
    await expect(permission(page, "public.component.read").state).toHaveText("Saved");
    await expect(components).toHaveText(/^Remove all in Components/);
    await components.click();
    await expect(permission(page, "public.component.read").toggle).not.toBeChecked();
    await expect(components).toHaveText(/^Grant all in Components/);

    await expect(button).toHaveText("Remove all in Blogs");
    await button.click();
    await expect(button).toHaveText("Grant all… in Blogs");
    await expect.poll(held).toEqual([]);
  });
});

test("the filter reads labels and names, and stands in the address", async ({ page, client }) => {
  const here = `/system/api-clients/${client.id}/permissions`;
  const box = page.getByLabel("Filter permissions by label or string");
  const filter = async () => {
    if (!runsScript()) await page.getByRole("button", { name: "Filter" }).click();
  };
  await expect(page.getByRole("switch")).toHaveCount(12);

  await box.fill("DELETE");
  await filter();
  await expect(page.getByRole("switch")).toHaveCount(1);
  await expect(permission(page, "blogs.destroy").toggle).toBeVisible();
  await expect(page).toHaveURL(`${here}?filter=DELETE&show=all`);
  await page.reload();
  await expect(box).toHaveValue("DELETE");
  await expect(page.getByRole("switch")).toHaveCount(1);

  await box.fill("nothing like it");
  await filter();
  await expect(page.getByRole("heading", { name: "No permission matches “nothing like it”" })).toBeVisible();
  await expect(page.getByRole("switch")).toHaveCount(0);
  await page.getByRole("link", { name: "Clear filter" }).click();
  await expect(page.getByRole("switch")).toHaveCount(12);
  await expect(page).toHaveURL(here);
  await expect(box).toHaveValue("");

  await page.getByLabel("Granted", { exact: true }).check();
  await filter();
  await expect(page.getByRole("heading", { name: "No permission is granted" })).toBeVisible();
  await page.getByLabel("Not granted").check();
  await filter();
  await expect(page.getByRole("switch")).toHaveCount(12);
});

test.describe("without script", { tag: "@without-js" }, () => {
  test("the form is saved as a whole, and a filter leaves the rest alone", async ({ page, client, server }) => {
    const held = () => permissions(server, client);
    await permission(page, "blogs.read").toggle.check();
    await permission(page, "public.space.read").toggle.check();
    await page.getByRole("button", { name: "Save permissions" }).click();
    await expect(page.getByText("Permissions saved.")).toBeVisible();
    await expect(tab(page)).toHaveText("Permissions 2/12");
    expect(await held()).toEqual(["public.space.read", "blogs.read"]);

    await page.getByLabel("Filter permissions by label or string").fill("blog");
    await page.getByRole("button", { name: "Filter" }).click();
    await permission(page, "blogs.read").toggle.uncheck();
    await permission(page, "blogs.write").toggle.check();
    await page.getByRole("button", { name: "Save permissions" }).click();
    await expect(page.getByText("Permissions saved.")).toBeVisible();
    expect(await held()).toEqual(["public.space.read", "blogs.write"]);
  });

  test("a group's button grants what does not hurt, and removes everything", async ({ page, client, server }) => {
    const held = () => permissions(server, client);
    const button = page.getByRole("button", { name: "in Blogs" });
    await expect(button).toHaveText("Grant all but high risk in Blogs");
    await button.click();
    await expect(page.getByText("Permissions saved.")).toBeVisible();
    expect(await held()).toEqual(["blogs.read", "blogs.write"]);
    await permission(page, "blogs.destroy").toggle.check();
    await page.getByRole("button", { name: "Save permissions" }).click();
    await expect(permission(page, "blogs.destroy").toggle).toBeChecked();
    await expect(button).toHaveText("Remove all in Blogs");
    await button.click();
    await expect(tab(page)).toHaveText("Permissions 0/12");
    expect(await held()).toEqual([]);
  });

  test("what somebody else changed meanwhile stays", async ({ page, client, server }) => {
    await server.shell("api-client", "grant", "--id", client.id, "--permission", "blogs.write");
    await permission(page, "blogs.read").toggle.check();
    await page.getByRole("button", { name: "Save permissions" }).click();
    await expect(page.getByText("Permissions saved.")).toBeVisible();
    for (const name of ["blogs.read", "blogs.write"]) await expect(permission(page, name).toggle).toBeChecked();
    expect(await permissions(server, client)).toEqual(["blogs.write", "blogs.read"]);
  });
});
