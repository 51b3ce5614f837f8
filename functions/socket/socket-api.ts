/** What a WebSocket for outcomes does when somebody connects, says something, or goes, whatever carries it. */
import type { TokenVerifier } from '../../adapters/node/token-verifier.ts';
import { metrics } from '../../core/contracts/env.ts';
import {
  type Connection,
  MAX_MESSAGE_BYTES,
  readClientMessage,
  type ServerMessage,
  socketProblems,
  tokenAmong,
} from '../../core/contracts/outcome-socket.ts';
import { type Problem, problemOf } from '../../core/contracts/problems.ts';
import { type Connecting, connect, type SubscriptionPorts, subscribe } from '../../core/flows/subscribe.ts';
import type { Journal, Meter } from '../../core/ports.ts';
import { countProblem } from '../runtime/http.ts';
import { problemOfFault } from '../runtime/route.ts';
import { readStrictJson } from '../runtime/strict-json.ts';
import { problemOfException } from '../runtime/trouble.ts';

export interface SocketPorts extends SubscriptionPorts {
  readonly verifier: TokenVerifier;
  readonly meter: Meter;
  readonly journal: Journal;
}

/** What is answered to a message, and whether the connection ends with that. */
export interface Reply {
  readonly text: string;
  readonly ends: boolean;
}

export class SocketApi {
  private readonly ports: SocketPorts;

  constructor(ports: SocketPorts) {
    this.ports = ports;
  }

  /**
   * Lets somebody in, or says why not.
   *
   * @param protocols the header `Sec-WebSocket-Protocol`
   */
  async connect(id: string, protocols: string | undefined): Promise<Connecting> {
    try {
      const token = tokenAmong(protocols);
      const verified = token === undefined ? undefined : await this.ports.verifier.verify(token);
      if (verified === undefined) return this.refused(socketProblems.notAuthenticated);
      const connected = await connect(this.ports, id, verified);
      return connected.ok ? connected : this.refused(connected.problem);
    } catch (error) {
      return this.refused(this.troubleOf(error));
    }
  }

  /** @param message the text of a frame; undefined for a frame of bytes */
  async message(id: string, message: string | undefined): Promise<Reply> {
    try {
      const [connection] = await this.ports.subscriptions.connections([id]);
      if (connection === undefined || connection.until <= this.ports.clock.now()) {
        await this.disconnect(id);
        return { text: this.problem(socketProblems.ended), ends: true };
      }
      return { text: await this.answer(connection, message), ends: false };
    } catch (error) {
      return { text: this.problem(this.troubleOf(error)), ends: false };
    }
  }

  disconnect(id: string): Promise<void> {
    return this.ports.subscriptions.disconnect(id);
  }

  private async answer(connection: Connection, message: string | undefined): Promise<string> {
    if (message === undefined) return this.problem(socketProblems.notText);
    if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) return this.problem(socketProblems.tooLarge);
    const json = readStrictJson(message);
    if (!json.ok) return this.problem(problemOf('malformed_body', json.detail));
    const read = readClientMessage(json.value);
    if (!read.ok) return this.problem(problemOfFault(read.fault));
    if (read.value.action === 'ping') return textOf({ type: 'pong' });
    const answer = await subscribe(this.ports, connection, read.value.transfers);
    return answer.type === 'problem' ? this.problem(answer.problem) : textOf(answer);
  }

  private refused(problem: Problem): Connecting {
    countProblem(this.ports.meter, problem.reason);
    return { ok: false, problem };
  }

  private problem(problem: Problem): string {
    countProblem(this.ports.meter, problem.reason);
    return textOf({ type: 'problem', problem });
  }

  private troubleOf(error: unknown): Problem {
    this.ports.journal.warn('the socket met trouble', { error });
    this.ports.meter.count(metrics.socketTrouble, 1);
    return problemOfException(error);
  }
}

function textOf(message: ServerMessage): string {
  return JSON.stringify(message);
}
