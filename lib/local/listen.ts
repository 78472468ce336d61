/** Opening and closing a port, with errors for the person who chose it. */
import { once } from "node:events";
import type { Server } from "node:http";

/** A reason not to start, in one sentence for the person who started it. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StartError";
  }
}

/** The port that was opened: a free one when 0 was asked for. `chosenBy`: what the person chooses it with. Errors: StartError. */
export async function listen(server: Server, host: string, port: number, chosenBy = "PORT"): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw new StartError(reason(error, host, port, chosenBy), { cause: error });
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** Answers what was asked before; a client that keeps its connection open does not keep us. */
export async function closeServer(server: Server, patienceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  // A connection becomes idle only when its last answer is out.
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const late = setTimeout(() => server.closeAllConnections(), patienceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

function reason(error: unknown, host: string, port: number, chosenBy: string): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} of ${host} is in use: stop the program that has it, or choose another port with ${chosenBy}.`;
    case "EACCES":
      return `This user may not open port ${port}: choose one above 1023 with ${chosenBy}.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `This machine has no address "${host}": choose another with HOST, such as 127.0.0.1.`;
    default:
      return `Port ${port} of ${host} cannot be opened (${code}): choose another with ${chosenBy} or HOST.`;
  }
}
