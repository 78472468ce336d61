/** An https server on this machine with a certificate of its own for `hooks.example.com`. */
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

const file = (name: string) => readFileSync(join(import.meta.dirname, name), "utf8");

export const certificate = file("certificate.pem");

export interface Receiver {
  readonly port: number;
  /** How many connections there were. */
  readonly connections: () => number;
  /** Ends the connections that are kept. */
  readonly dropConnections: () => void;
  close(): Promise<void>;
}

export async function receiver(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Receiver> {
  const server = createServer({ key: file("key.pem"), cert: certificate }, answer);
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    dropConnections: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
