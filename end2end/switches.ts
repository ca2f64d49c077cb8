// What the stories about the switches of permissions share.
import type { Page, Route } from "@playwright/test";
import { makeClient, makeOrganization, type Client } from "./directory";
import { enter, test as base, visit, type Server } from "./support";

/** Where a switch is saved. */
export const SWITCH = "**/system/do/permissions/set";

/** What Chromium writes to the console where something fails on purpose. */
export const FAILED = /Failed to (load resource|fetch)|was preloaded|Error while trying|net::ERR/;

/** Opens the permissions of a new client with the scopes `public` and `blogs`. */
export const test = base.extend<{ client: Client }>({
  client: async ({ page, server }, use) => {
    const organization = await makeOrganization(server, "City of Porto");
    const client = await makeClient(server, { name: "Newsletter digest", organization, scopes: ["public", "blogs"] });
    await enter(page, server);
    await visit(page, `/system/api-clients/${client.id}/permissions`);
    await use(client);
  },
});

/** The switch of a permission, and what its row says. */
export function permission(page: Page, name: string) {
  const toggle = page.getByRole("switch", { name: new RegExp(`${name.replaceAll(".", "\\.")}$`) });
  const row = page.locator(".perm").filter({ has: toggle });
  return {
    toggle,
    state: row.locator(".state"),
    error: row.locator(".error"),
    retry: row.getByRole("button", { name: "Retry" }),
  };
}

/** The tab of the permissions, with their number. */
export const tab = (page: Page) => page.getByRole("navigation", { name: "This client" }).getByRole("link", { name: /^Permissions/ });

/** The permissions that a client holds. */
export const permissions = async (server: Server, client: Client) =>
  (await server.shell("api-client", "get", "--id", client.id))[0].permissions;

/** Holds every request that a route meets, until it is let go on, or all are. */
export function holdRequests() {
  const arrived: Route[] = [];
  const goneOn = new Set<number>();
  let isOpen = false;
  return {
    arrived,
    handler: (route: Route) => {
      arrived.push(route);
      return isOpen ? route.continue() : undefined;
    },
    /** The names that a request switches, and whether on. */
    sent: (position: number) =>
      [...new URLSearchParams(arrived[position].request().postData()!)].filter(([name]) => name.startsWith("switches[")).map(([, value]) => value),
    letGo: async (position: number) => {
      goneOn.add(position);
      await arrived[position].continue();
    },
    open: async () => {
      isOpen = true;
      await Promise.all(arrived.map((route, position) => (goneOn.has(position) ? undefined : route.continue())));
    },
  };
}
