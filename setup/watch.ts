import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A server that can be stopped. */
export interface Server {
  port: number;
  /** True when an earlier start had left it running. */
  reused: boolean;
  stop(): Promise<void>;
}

/** Starts a server, and starts it again whenever nothing listens on its port any more. */
export async function keepUp(start: () => Promise<Server>, onRestart: () => void): Promise<Server> {
  let server = await start();
  const stopping = new AbortController();
  const watching = watch();
  return {
    port: server.port,
    reused: server.reused,
    async stop() {
      stopping.abort();
      await watching;
      await server.stop();
    },
  };

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await delay(1000, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted || (await listens(server.port))) continue;
      onRestart();
      await start().then(
        (again) => (server = again),
        () => undefined, // tried again a second later
      );
    }
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(true)); // busy is not gone
    socket.once('error', () => answer(false));
  });
}
