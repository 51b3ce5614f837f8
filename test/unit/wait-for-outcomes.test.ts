/**
 * The client's wait for outcomes over connections that are not what they should be: a server that takes the connection and is never
 * heard of again, not even to say goodbye, and one that says what nobody understands. Each server is a bare TCP socket.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type TransferOutcome, type WaitSettings, waitForOutcomes } from '../../client/outcome-socket.ts';

/** Far above what a wait takes here, far below what a test may take. */
const LIMIT_MS = 10_000;
/** RFC 6455 (1.3). */
const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT_FRAME = 0x81;

const sockets: Socket[] = [];
const servers: ReturnType<typeof createServer>[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** Takes each connection in its own way, and never ends one. */
async function serverThat(takes: (socket: Socket, request: string) => void): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', (bytes) => takes(socket, bytes.toString()));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return `ws://127.0.0.1:${address.port}/`;
}

function upgrade(socket: Socket, request: string): void {
  const key = /^sec-websocket-key: (.+)\r$/im.exec(request)?.[1] ?? '';
  const accept = createHash('sha1').update(`${key}${HANDSHAKE_GUID}`).digest('base64');
  const head = ['HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'connection: Upgrade'];
  socket.write(
    `${[...head, `sec-websocket-accept: ${accept}`, 'sec-websocket-protocol: wallet.v1'].join('\r\n')}\r\n\r\n`,
  );
}

/** Short enough for a frame whose length is one byte. */
function say(socket: Socket, text: string): void {
  const bytes = Buffer.from(text);
  expect(bytes.length).toBeLessThan(126);
  socket.write(Buffer.concat([Buffer.from([TEXT_FRAME, bytes.length]), bytes]));
}

const ended = (id: string): TransferOutcome => ({ transaction_id: id, status: 'success', state: 'completed' });
const nothingEnded: WaitSettings['look'] = async () => [];

/** What was known, and how long it took. */
async function timed(id: string, settings: Omit<WaitSettings, 'token'>) {
  const begun = Date.now();
  const outcomes = await waitForOutcomes([id], { ...settings, token: 'a.b.c' });
  return { known: [...outcomes.keys()], ms: Date.now() - begun };
}

describe('a server that is never heard of again', () => {
  test.each<[string, (socket: Socket, request: string) => void]>([
    ['after it took the connection', upgrade],
    ['before it took the connection', () => {}],
  ])('%s does not make the wait longer than it may be', async (_, takes) => {
    const settings = { socketUrl: await serverThat(takes), look: nothingEnded, forMs: 300 };
    const { known, ms } = await timed(randomUUID(), settings);
    expect(known).toEqual([]);
    expect(ms).toBeLessThan(LIMIT_MS);
  });

  test('does not keep back what the API tells meanwhile', async () => {
    const id = randomUUID();
    const settings = { socketUrl: await serverThat(upgrade), look: async () => [ended(id)], lookEveryMs: 50 };
    const { known, ms } = await timed(id, { ...settings, forMs: 10 * LIMIT_MS });
    expect(known).toEqual([id]);
    expect(ms).toBeLessThan(LIMIT_MS);
  });

  test('does not keep back what it told before', async () => {
    const id = randomUUID();
    const socketUrl = await serverThat((socket, request) => {
      upgrade(socket, request);
      say(socket, JSON.stringify(ended(id)));
    });
    const { known, ms } = await timed(id, { socketUrl, look: nothingEnded, forMs: 10 * LIMIT_MS });
    expect(known).toEqual([id]);
    expect(ms).toBeLessThan(LIMIT_MS);
  });
});

test.each<[string, Partial<Parameters<typeof waitForOutcomes>[1]>]>([
  ['a token', { token: () => new Promise(() => {}) }],
  ['an answer of the API', { look: () => new Promise(() => {}) }],
])('%s that never comes does not make the wait longer than it may be', async (_, hangs) => {
  const settings = { socketUrl: 'ws://127.0.0.1:1/', token: 'a.b.c', look: nothingEnded, forMs: 300 };
  const begun = Date.now();
  expect(await waitForOutcomes([randomUUID()], { ...settings, ...hangs })).toEqual(new Map());
  expect(Date.now() - begun).toBeLessThan(LIMIT_MS);
});

test.each(['no JSON', '{"type":', '', 'null', '[]'])(
  'a message "%s" is passed over, and the next one counts',
  async (text) => {
    const id = randomUUID();
    const socketUrl = await serverThat((socket, request) => {
      upgrade(socket, request);
      say(socket, text);
      say(socket, JSON.stringify(ended(id)));
    });
    const { known } = await timed(id, { socketUrl, look: nothingEnded, forMs: LIMIT_MS });
    expect(known).toEqual([id]);
  },
);
