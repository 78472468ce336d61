/** A port of loopback for a server that is started in a moment, or again after it was killed. */
import { once } from "node:events";
import { createServer } from "node:net";

/** Systems give ports from 32,768 on to whoever asks for any: one of those may be somebody else's a moment later. */
const [least, most] = [12_000, 32_000];

export async function freePort(): Promise<number> {
  for (;;) {
    const port = least + Math.floor(Math.random() * (most - least));
    const server = createServer();
    try {
      await once(server.listen(port, "127.0.0.1"), "listening");
    } catch {
      // Taken: another one.
      continue;
    }
    server.close();
    await once(server, "close");
    return port;
  }
}
