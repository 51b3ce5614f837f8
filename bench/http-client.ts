/**
 * A client that costs little, so that it takes as little as it can of the machine it shares with what it measures: requests are
 * made before the clock starts, connections stay open, and of an answer only its status line, its length and the number of
 * successes in it are read.
 */
import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const SUCCESS = Buffer.from('"status":"success"');

/** Bytes of a request, and how many successes its answer must hold. */
export interface PreparedRequest {
  readonly bytes: Buffer;
  readonly successes: number;
}

/** @param to address of the wallet, and the token of an operator there */
export function prepareRequest(
  to: { readonly url: URL; readonly token: string },
  path: string,
  body: string,
  successes: number,
): PreparedRequest {
  const who = `host: ${to.url.host}\r\nauthorization: Bearer ${to.token}`;
  const head = `POST ${path} HTTP/1.1\r\n${who}\r\ncontent-type: application/json\r\nprefer: wait=25\r\n`;
  return { bytes: Buffer.from(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`), successes };
}

/** Sends requests over so many connections, each waiting for its answer; gives back the latency of each in milliseconds. */
export async function sendAll(
  url: URL,
  connections: number,
  requests: readonly PreparedRequest[],
): Promise<Float64Array> {
  const latencies = new Float64Array(requests.length);
  const queue = requests.entries();
  const work = async (): Promise<void> => {
    const connection = await Connection.to(url);
    for (const [index, request] of queue) latencies[index] = await connection.ask(request);
    connection.end();
  };
  await Promise.all(Array.from({ length: connections }, work));
  return latencies;
}

class Connection {
  private readonly socket: Socket;
  private received: Buffer[] = [];
  private bytes = 0;
  private wanted = 0;
  private answered: (answer: Buffer) => void = () => {};
  private failed: (error: Error) => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.failed(error));
    socket.on('close', () => this.failed(new Error('the connection was closed')));
  }

  static to(url: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname, () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  /** Latency in milliseconds. Rejects unless the answer is as it should be. */
  async ask({ bytes, successes }: PreparedRequest): Promise<number> {
    const startedAt = performance.now();
    const answer = await new Promise<Buffer>((resolve, reject) => {
      this.answered = resolve;
      this.failed = reject;
      this.socket.write(bytes);
    });
    const latency = performance.now() - startedAt;
    if (successesIn(answer) !== successes) throw new Error(`the answer is ${answer.toString('utf8', 0, 2_000)}`);
    return latency;
  }

  end(): void {
    this.failed = () => {};
    this.socket.end();
  }

  private receive(chunk: Buffer): void {
    this.received.push(chunk);
    this.bytes += chunk.length;
    if (this.wanted === 0) this.wanted = lengthOf(this.received.length === 1 ? chunk : Buffer.concat(this.received));
    if (this.wanted === 0 || this.bytes < this.wanted) return;
    const answer = this.received.length === 1 ? chunk : Buffer.concat(this.received);
    this.received = [];
    this.bytes = 0;
    this.wanted = 0;
    this.answered(answer);
  }
}

/** Bytes of the whole answer; 0 while its head is incomplete. */
function lengthOf(answer: Buffer): number {
  const headEnd = answer.indexOf(HEAD_END);
  if (headEnd < 0) return 0;
  const length = /content-length: ([0-9]+)/i.exec(answer.toString('latin1', 0, headEnd))?.[1];
  if (length === undefined) throw new Error('the answer has no length');
  return headEnd + HEAD_END.length + Number(length);
}

function successesIn(answer: Buffer): number {
  let count = 0;
  for (let at = answer.indexOf(SUCCESS); at >= 0; at = answer.indexOf(SUCCESS, at + SUCCESS.length)) count += 1;
  return count;
}
