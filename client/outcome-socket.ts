/**
 * Waits for outcomes of transfers over a WebSocket, and asks the API where that does not do: after each loss of the connection, and
 * now and then, for a push may be lost and a connection may be dead without anybody having said so. What the API says counts.
 *
 *   const outcomes = await waitForOutcomes(ids, { socketUrl: 'wss://.../prod', token, look });
 */
import { setTimeout as pause } from 'node:timers/promises';

/** How a transfer ended. */
export interface TransferOutcome {
  readonly transaction_id: string;
  readonly status: 'success' | 'failed';
  readonly state: string;
  readonly reason?: string;
}

export interface WaitSettings {
  readonly socketUrl: string;
  /** Asked before each connection, so that it can renew a token. */
  readonly token: string | (() => string | Promise<string>);
  /** Asks the API for these transfers (`POST /v1/wallet/transfers/lookup`), and gives back those that have ended. */
  readonly look: (ids: readonly string[]) => Promise<readonly TransferOutcome[]>;
  /** Longest wait in all. */
  readonly forMs: number;
  /** Time between two questions to the API while connected; also keeps the connection from being idle. */
  readonly lookEveryMs?: number;
  /** Pause before the first new connection; it doubles from one to the next, up to {@link LONGEST_PAUSE_MS}. */
  readonly firstPauseMs?: number;
}

/** Transfers in one message, and in one look-up. */
const MOST_IN_MESSAGE = 100;
/** Transfers that a connection may wait for. */
const MOST_WAITS = 200;
/** API Gateway ends a connection that is idle for ten minutes. */
const LOOK_EVERY_MS = 60_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Resolves when all have ended or the time is up, with what is known then, by id. */
export async function waitForOutcomes(
  ids: readonly string[],
  settings: WaitSettings,
): Promise<ReadonlyMap<string, TransferOutcome>> {
  const wait = new OutcomeWait(ids, settings);
  const over = new AbortController();
  // A token or an answer of the API that does not come holds nobody up for longer.
  const late = pause(settings.forMs, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([wait.untilOver(), late]).finally(() => over.abort());
  return new Map(wait.known);
}

class OutcomeWait {
  readonly known = new Map<string, TransferOutcome>();
  readonly #open: Set<string>;
  readonly #settings: WaitSettings;
  readonly #deadline: number;

  constructor(ids: readonly string[], settings: WaitSettings) {
    this.#open = new Set(ids.map((id) => id.toLowerCase()));
    this.#settings = settings;
    this.#deadline = Date.now() + settings.forMs;
  }

  async untilOver(): Promise<void> {
    const { firstPauseMs = FIRST_PAUSE_MS } = this.#settings;
    let pauseMs = firstPauseMs;
    while (!this.#isOver()) {
      const wasConnected = await this.#connection();
      if (this.#isOver()) return;
      await this.#look();
      if (this.#isOver()) return;
      if (wasConnected) pauseMs = firstPauseMs;
      await pause(Math.min(pauseMs, Math.max(this.#deadline - Date.now(), 0)));
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  #isOver(): boolean {
    return this.#open.size === 0 || Date.now() >= this.#deadline;
  }

  /** One connection from its beginning to its end; true if it came about. */
  async #connection(): Promise<boolean> {
    const { socketUrl, token, lookEveryMs = LOOK_EVERY_MS } = this.#settings;
    const bearer = typeof token === 'function' ? await token() : token;
    return new Promise((resolve) => {
      const socket = new WebSocket(socketUrl, ['wallet.v1', `bearer.${bearer}`]);
      const unasked = [...this.#open];
      const asked = new Set<string>();
      let wasOpen = false;
      const end = () => {
        clearInterval(keepUp);
        clearTimeout(late);
        resolve(wasOpen);
      };
      // Node waits without limit for the other side's part of a goodbye, and a dead connection never says it.
      const leave = () => {
        socket.close();
        end();
      };
      const askMore = () => {
        const waits = [...asked].filter((id) => this.#open.has(id)).length;
        if (waits + MOST_IN_MESSAGE > MOST_WAITS || unasked.length === 0) return;
        const next = unasked.splice(0, MOST_IN_MESSAGE);
        for (const id of next) asked.add(id);
        socket.send(JSON.stringify({ action: 'subscribe', transaction_ids: next }));
      };
      const keepUp = setInterval(() => {
        if (socket.readyState === socket.OPEN) socket.send('{"action":"ping"}');
        void this.#look().then(() => this.#open.size === 0 && leave());
      }, lookEveryMs);
      const late = setTimeout(leave, Math.max(this.#deadline - Date.now(), 0));
      socket.addEventListener('open', () => {
        wasOpen = true;
        askMore();
      });
      socket.addEventListener('message', ({ data }) => {
        for (const outcome of outcomesIn(data)) this.#note(outcome);
        if (this.#open.size === 0) leave();
        else askMore();
      });
      socket.addEventListener('close', end);
      // A close always follows; without a listener an error would be nobody's.
      socket.addEventListener('error', () => {});
    });
  }

  /** A question that fails is asked again with the next look. */
  async #look(): Promise<void> {
    const open = [...this.#open];
    for (let i = 0; i < open.length; i += MOST_IN_MESSAGE) {
      const outcomes = await this.#settings.look(open.slice(i, i + MOST_IN_MESSAGE)).catch(() => []);
      for (const outcome of outcomes) this.#note(outcome);
    }
  }

  #note(outcome: TransferOutcome): void {
    if (this.#open.delete(outcome.transaction_id)) this.known.set(outcome.transaction_id, outcome);
  }
}

/** The outcomes that a message tells; none if it is something else. */
function outcomesIn(data: unknown): readonly TransferOutcome[] {
  const message = typeof data === 'string' ? parsed(data) : undefined;
  if (isOutcome(message)) return [message];
  const isList = typeof message === 'object' && message !== null && 'outcomes' in message;
  return isList && Array.isArray(message.outcomes) ? message.outcomes.filter(isOutcome) : [];
}

/** A throw in a listener would end the client's process. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isOutcome(value: unknown): value is TransferOutcome {
  if (typeof value !== 'object' || value === null) return false;
  if (!('transaction_id' in value && 'status' in value && 'state' in value)) return false;
  return typeof value.transaction_id === 'string' && (value.status === 'success' || value.status === 'failed');
}
