// What a consumer sees: tokens asked for and judged over the wire, without a browser.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Client } from "./directory";
import { expect, type Server } from "./support";

const run = promisify(execFile);

type Credentials = Pick<Client, "id" | "secret">;

/** Runs a request that was copied from a page in a shell, and reads its answer. */
export async function paste(request: string): Promise<Record<string, any>> {
  const { stdout } = await run("sh", ["-c", request]).catch(async (error: { code?: number }) => {
    // 127: this machine has no curl, so the request goes out as the page spells it, by other means.
    if (error.code !== 127) throw error;
    const [url] = request.match(/https?:\/\/\S+/)!;
    const body = new URLSearchParams([...request.matchAll(/-d (\w+)=('[^']*'|\S+)/g)].map(([, name, value]) => [
      name,
      value.replace(/^'|'$/g, ""),
    ]));
    return { stdout: await (await fetch(url, { method: "POST", body })).text() };
  });
  return JSON.parse(stdout);
}

/** A token of a client, with every scope it owns. */
export async function askForToken(server: Server, client: Credentials): Promise<string> {
  const answer = await post(server, "/oauth/token", client, { grant_type: "client_credentials" });
  expect(answer.status).toBe(200);
  return (await answer.json()).access_token;
}

/** What the server says about a token to the client that it belongs to. */
export async function introspect(server: Server, client: Credentials, token: string): Promise<Record<string, any>> {
  const answer = await post(server, "/oauth/introspect", client, { token });
  expect(answer.status).toBe(200);
  return answer.json();
}

/** Posts a form to an OAuth endpoint with HTTP Basic. */
export function post(server: Server, path: string, { id, secret }: Credentials, form: Record<string, string>): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
  return fetch(server.origin + path, { method: "POST", headers: { authorization }, body: new URLSearchParams(form) });
}
