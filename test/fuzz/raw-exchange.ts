/** HTTP/1.1 over a plain socket: sends bytes as they are, and reads what comes back, with nothing in between that would mend either. */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { FuzzCase } from './fuzz-cases.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** No answer takes longer, a cold function's neither; what does is a fault of its own. */
const ANSWER_MS = 35_000;
const PIECE_PAUSE_MS = 2;

/**
 * Sends a case over a connection of its own, and reads until all answers are there, or, where their number is not known, until the
 * server has closed. Rejects if that takes too long.
 */
export async function exchange(url: URL, { pieces, asked }: FuzzCase): Promise<readonly RawAnswer[]> {
  const socket = connected(url);
  const chunks: Buffer[] = [];
  let answers: readonly RawAnswer[] = [];
  const isDone = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no end of the answers within ${ANSWER_MS} ms`)), ANSWER_MS);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      answers = answersIn(
        Buffer.concat(chunks),
        asked?.map(({ method }) => method),
      );
      if (asked !== undefined && answers.length >= asked.length) end();
    });
    socket.on('close', end);
    socket.on('end', end);
    // Whoever is sent noise may cut the line.
    socket.on('error', end);
  });
  try {
    for (const [i, piece] of pieces.entries()) {
      if (i > 0) await pause(PIECE_PAUSE_MS);
      if (socket.writable) socket.write(piece);
    }
    // Nothing more will come: a server that waits for the rest of a broken request learns it here.
    if (asked === undefined && socket.writable) socket.end();
    await isDone;
    return answers;
  } finally {
    socket.destroy();
  }
}

function connected({ protocol, hostname: host, port }: URL): Socket {
  if (protocol === 'https:') return connectTls({ host, port: Number(port || 443), servername: host });
  return connect({ host, port: Number(port || 80), allowHalfOpen: true });
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** The whole answers at the beginning of what came. Interim ones (100) are left out. */
function answersIn(bytes: Buffer, methods: readonly string[] | undefined): readonly RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const headEnd = bytes.indexOf(HEAD_END, at);
    if (headEnd < 0) break;
    const [statusLine = '', ...lines] = bytes.toString('latin1', at, headEnd).split('\r\n');
    const status = Number(/^HTTP\/1\.1 ([0-9]{3}) /.exec(`${statusLine} `)?.[1]);
    const headers = Object.fromEntries(lines.map((line) => [nameIn(line), line.slice(line.indexOf(':') + 1).trim()]));
    const bodyAt = headEnd + HEAD_END.length;
    const hasBody = methods?.[answers.length] !== 'HEAD' && status >= 200;
    const length = hasBody ? Number(headers['content-length'] ?? 0) : 0;
    if (bodyAt + length > bytes.length) break;
    if (status >= 200) answers.push({ status, headers, body: bytes.subarray(bodyAt, bodyAt + length) });
    at = bodyAt + length;
  }
  return answers;
}

function nameIn(line: string): string {
  return line.slice(0, line.indexOf(':')).toLowerCase();
}
