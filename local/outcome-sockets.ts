/**
 * WebSockets of the embedded wallet, at `/v1/ws` of its own port: the same flows as behind API Gateway, with the bounds that API
 * Gateway would keep. A client that says too much, reads too slowly, or does not answer is disconnected; it connects again and
 * names the transfers again, and nothing is lost by that.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { MAX_MESSAGE_BYTES, SUBPROTOCOL } from '../core/contracts/outcome-socket.ts';
import { type Problem, problemOf } from '../core/contracts/problems.ts';
import type { SocketChannel } from '../core/ports.ts';
import type { SocketApi } from '../functions/socket/socket-api.ts';
import { endWithProblem } from './http-server.ts';

export const SOCKET_PATH = '/v1/ws';
/** Connections to one process; each takes some 20 KB. */
const MOST_SOCKETS = 5_000;
/** A client that has not answered for so long is gone, whatever its machine says. */
const HEARTBEAT_MS = 30_000;
/** What may wait for a client that reads slowly: some thousand outcomes. */
const MOST_UNSENT_BYTES = 256 * 1_024;
/** Messages of one client that wait for their answers. */
const MOST_UNANSWERED = 20;
/** A client has so long to take its leave when the wallet stops. */
const LEAVE_MS = 1_000;

/** Reasons for an end, as codes of RFC 6455 (7.4.1). */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

interface Client {
  readonly socket: WebSocket;
  /** Answers come in the order of the messages. */
  answered: Promise<void>;
  unanswered: number;
  isAlive: boolean;
}

export class OutcomeSockets implements SocketChannel {
  private readonly api: SocketApi;
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    // Never the token, which is among those that were offered.
    handleProtocols: () => SUBPROTOCOL,
  });
  private readonly clients = new Map<string, Client>();
  private readonly heartbeat: NodeJS.Timeout;
  private isClosing = false;

  constructor(api: SocketApi) {
    this.api = api;
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS).unref();
  }

  // ── What the wallet says ──

  async send(connection: string, message: string): Promise<'sent' | 'gone'> {
    const socket = this.clients.get(connection)?.socket;
    if (socket === undefined || socket.readyState !== socket.OPEN) return 'gone';
    if (socket.bufferedAmount + message.length > MOST_UNSENT_BYTES) {
      socket.terminate();
      return 'gone';
    }
    socket.send(message);
    return 'sent';
  }

  async close(connection: string): Promise<void> {
    this.clients.get(connection)?.socket.close(POLICY_VIOLATION);
  }

  // ── What clients say ──

  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    this.admit(request, socket, head).catch(() => socket.destroy());
  };

  private async admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (request.url !== SOCKET_PATH) return refuse(socket, notHere);
    if (this.isClosing || this.server.clients.size >= MOST_SOCKETS) return refuse(socket, full);
    const id = randomUUID();
    const connecting = await this.api.connect(id, request.headers['sec-websocket-protocol']);
    if (!connecting.ok) return refuse(socket, connecting.problem);
    // Also of a handshake that fails, or of a client that went meanwhile: each has a place that must be free again.
    const leave = () => void this.api.disconnect(id);
    if (socket.destroyed || this.isClosing) {
      leave();
      return void socket.destroy();
    }
    socket.once('close', leave);
    this.server.handleUpgrade(request, socket, head, (opened) => {
      this.serve(id, opened, connecting.connection.until - Date.now());
    });
  }

  private serve(id: string, socket: WebSocket, endsInMs: number): void {
    const client: Client = { socket, answered: Promise.resolve(), unanswered: 0, isAlive: true };
    this.clients.set(id, client);
    const end = setTimeout(() => socket.close(POLICY_VIOLATION, 'the token has ended'), endsInMs).unref();
    socket.on('pong', () => {
      client.isAlive = true;
    });
    socket.on('message', (data, isBinary) => this.take(id, client, isBinary ? undefined : textOf(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(end);
      this.clients.delete(id);
    });
  }

  private take(id: string, client: Client, message: string | undefined): void {
    client.unanswered += 1;
    if (client.unanswered > MOST_UNANSWERED) {
      client.socket.close(POLICY_VIOLATION, 'too many messages');
      return;
    }
    client.answered = client.answered.then(async () => {
      if (client.socket.readyState !== client.socket.OPEN) return;
      const { text, ends } = await this.api.message(id, message);
      client.unanswered -= 1;
      await this.send(id, text);
      if (ends) await this.close(id);
    });
  }

  private beat(): void {
    for (const client of this.clients.values()) {
      if (!client.isAlive) client.socket.terminate();
      client.isAlive = false;
      client.socket.ping();
    }
  }

  /** Lets nobody in any more, and takes leave of those who are. */
  async end(): Promise<void> {
    this.isClosing = true;
    clearInterval(this.heartbeat);
    const left = [...this.clients.values()].map(({ socket }) => leaveOf(socket));
    await Promise.all(left);
    this.server.close();
  }
}

function leaveOf(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => socket.terminate(), LEAVE_MS);
    socket.once('close', () => {
      clearTimeout(late);
      resolve();
    });
    socket.close(GOING_AWAY, 'the wallet stops');
  });
}

/** With the default type of binary data a message is one buffer. */
function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(new Uint8Array(data)).toString();
}

const notHere = problemOf('route_not_found', `WebSockets are at ${SOCKET_PATH}, without a query.`);
const full = problemOf('unavailable', 'There are too many connections, or the wallet is about to stop.');

/** As a server answers that does not want to go on in another protocol. */
function refuse(socket: Duplex, problem: Problem): void {
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store', connection: 'close' };
  endWithProblem(socket, `${problem.status} ${problem.reason}`, headers, JSON.stringify(problem));
}
