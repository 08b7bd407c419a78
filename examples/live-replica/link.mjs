import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const LATENCY_MS = 5;

/**
 * A network to a port of this host: bytes take a while, and when it is cut, those under way are lost, somewhere within a line.
 *
 * @param {number} port
 */
export async function openLink(port) {
  /** @type {(() => void)[]} */
  const cuts = [];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    cuts.push(carry(near, far), carry(far, near));
  });
  return {
    port: await listen(server),
    cut() {
      server.close();
      for (const cut of cuts) cut();
    },
  };
}

/**
 * Lets a server listen on this host, and returns its port.
 *
 * @param {import('node:net').Server} server
 */
export async function listen(server) {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
  return address.port;
}

/**
 * Returns how to cut it.
 *
 * @param {import('node:net').Socket} from
 * @param {import('node:net').Socket} to
 */
function carry(from, to) {
  /** @type {Buffer[]} */
  const underWay = [];
  let isCut = false;
  from.on('data', (bytes) => {
    underWay.push(bytes);
    setTimeout(() => {
      if (isCut) return;
      underWay.shift();
      if (!to.write(bytes)) from.pause();
    }, LATENCY_MS);
  });
  from.on('end', () => setTimeout(() => to.end(), LATENCY_MS));
  to.on('drain', () => from.resume());
  to.on('error', () => undefined); // nobody is there any more
  return () => {
    isCut = true;
    const [first] = underWay;
    to.end(first?.subarray(0, first.length / 2));
  };
}
