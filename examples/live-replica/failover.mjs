import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { listen, openLink } from './link.mjs';
import { followAndTakeOver } from './replica.mjs';

const PRIMARY = fileURLToPath(new URL('primary.mjs', import.meta.url));

/**
 * This process is the replica. It starts a primary that also records to `path`, and when clients were told of `killAt`
 * transactions, kills it and cuts the link to it, whatever it is doing then. Returns the last transaction that a client was
 * told of, and what the replica had and did.
 *
 * @param {string} path
 * @param {number} killAt
 */
export async function failover(path, killAt) {
  const server = createServer();
  const link = await openLink(await listen(server));
  const primary = spawn(process.execPath, [PRIMARY, `${link.port}`, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = 0;
  createInterface({ input: primary.stdout }).on('line', (line) => {
    told = Number(line);
    if (told < killAt) return;
    primary.kill('SIGKILL');
    link.cut();
  });
  try {
    const [replica, [status, signal]] = await Promise.all([
      followAndTakeOver(server),
      once(primary, 'close'),
    ]);
    if (signal !== 'SIGKILL') throw new Error(`the primary ended by itself, with status ${status}`);
    return { told, replica };
  } finally {
    primary.kill('SIGKILL');
    link.cut();
    server.close();
  }
}
