// Organizations and clients for the stories, made from the shell of the server.
import type { Server } from "./support";

export interface Client {
  id: string;
  secret: string;
  name: string;
  scopes: string[];
  permissions: string[];
}

/** Makes an organization; its id. */
export async function makeOrganization(server: Server, name: string, host?: string): Promise<number> {
  const flags = host ? ["--host", host] : [];
  const [made] = await server.shell("claviger", "organization", "create", "--name", name, ...flags);
  return made.id as number;
}

/** Makes a client; more flags of `api-client create` may follow. */
export async function makeClient(
  server: Server,
  { name, organization, scopes }: { name: string; organization?: number; scopes: string[] },
  ...flags: string[]
): Promise<Client> {
  const of = organization === undefined ? [] : ["--organization-id", String(organization)];
  const [made] = await server.shell(
    "api-client", "create", "--name", name, "--scope", scopes.join(","), ...of, ...flags,
  );
  return made as unknown as Client;
}

/** Adds a participant, whose password is the owner's; the id. */
export async function addParticipant(server: Server, organization: number, nickname: string): Promise<number> {
  const [made] = await server.shell(
    "claviger", "participant", "create", "--organization-id", String(organization),
    "--nickname", nickname, "--email", `${nickname}@example.org`,
  );
  return made.id as number;
}

/** A moment that many days from now, as `api-client` reads it. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

/** An installation that has seen some use: three organizations, and clients in every state. */
export async function furnish(server: Server): Promise<{ porto: number; neuchatel: number; clients: Map<string, Client> }> {
  const porto = await makeOrganization(server, "City of Porto", "participa.porto.example");
  const neuchatel = await makeOrganization(server, "Canton of Neuchâtel", "participer.ne.example");
  await makeOrganization(server, "Region of Skåne");
  const clients = new Map<string, Client>();
  const add = async (name: string, organization: number | undefined, scopes: string, ...flags: string[]) => {
    clients.set(name, await makeClient(server, { name, organization, scopes: scopes.split(" ") }, ...flags));
  };

  // Its end is so near that it has passed before the others are made.
  const end = Date.now() + 2_000;
  await add("Budget vote 2025", porto, "public budgets", "--expires-at", new Date(end).toISOString());
  await add("Platform provisioning", undefined, "system");
  await add("Website search index", porto, "public", "--permission", "public.space.read,public.component.read");
  await add("Participa mobile app", porto, "public proposals meetings oauth", "--allow-impersonate", "--allow-login");
  await add("Newsletter digest", porto, "public blogs", "--permission", "public.space.read,blogs.read");
  await add("Minutes archive", neuchatel, "public meetings attachments", "--permission", "meetings.read");
  await add("Signature kiosk", neuchatel, "public proposals", "--allow-impersonate", "--expires-at", inDays(12.5));
  await add("Open data export", neuchatel, "public proposals debates budgets accountability");
  await add("Translation bridge", neuchatel, "public blogs pages", "--expires-at", inDays(3.5));
  await add("Survey kiosk, town hall", porto, "public surveys", "--permission", "surveys.read");
  await add("Old mobile app", porto, "public proposals");
  await add("Staging crawler", neuchatel, "public", "--expires-at", inDays(200));
  await server.shell("api-client", "suspend", "--id", clients.get("Survey kiosk, town hall")!.id);
  await server.shell("api-client", "delete", "--id", clients.get("Old mobile app")!.id);
  await passed(end);
  return { porto, neuchatel, clients };
}

/** Waits until a moment has passed. */
export async function passed(moment: number): Promise<void> {
  await new Promise((wake) => setTimeout(wake, Math.max(0, moment - Date.now() + 1)));
}
