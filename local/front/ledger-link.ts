/**
 * Calls from the thread that serves HTTP to the thread that has the wallet. A message costs more (20 us, both ends) than what a single
 * transfer needs in it, so transfers gather while two messages of them are under way: the wallet settles the one and syncs the
 * other, and would only let a third wait.
 *
 *   front ── calls ──> ledger ── replies, as they come ──> front
 */
import type { MessagePort } from 'node:worker_threads';
import type { AcceptedRecord, TransferRecord } from '../../core/contracts/claim.ts';
import type { OperationId } from '../../core/contracts/operations.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { DebitAccount } from '../../core/domain/account.ts';
import type { ApiAnswer, ApiCall } from '../../functions/runtime/route.ts';
import { type PackedDebits, type PackedOutcomes, packDebits, unpackOutcomes } from './packed-transfers.ts';

/** What the front asks for. */
export type LedgerCall =
  | { readonly id: number; readonly kind: 'settle'; readonly debits: PackedDebits }
  /** What the front needs to tell outcomes over WebSockets. */
  | { readonly id: number; readonly kind: 'transfers'; readonly ids: readonly string[] }
  | { readonly id: number; readonly kind: 'newest'; readonly account: string }
  /** Anything that the front does not do itself: the whole call of an operation. */
  | { readonly id: number; readonly kind: 'serve'; readonly operation: OperationId; readonly call: ApiCall };

export type LedgerReply =
  | { readonly id: number; readonly kind: 'settled'; readonly outcomes: PackedOutcomes }
  | { readonly id: number; readonly kind: 'transfers'; readonly records: ReadonlyMap<string, TransferRecord> }
  | { readonly id: number; readonly kind: 'newest'; readonly commit: StoredCommit | undefined }
  | { readonly id: number; readonly kind: 'served'; readonly answer: ApiAnswer }
  | { readonly id: number; readonly kind: 'failed'; readonly error: unknown };

export type ToLedger =
  | { readonly kind: 'calls'; readonly calls: readonly LedgerCall[] }
  /** Somebody waits for the end of a transfer, or nobody does any longer. */
  | { readonly kind: 'watch'; readonly transfer: string; readonly isWaitedFor: boolean }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'closed' };

export type ToFront =
  | { readonly kind: 'replies'; readonly replies: readonly LedgerReply[] }
  /** Transfers that somebody waits for are over, and on disk. */
  | { readonly kind: 'ended'; readonly transfers: readonly string[] }
  | { readonly kind: 'close' };

/** Thrown where the front would need the wallet itself: its caller hands the whole call to the ledger, where it is served from anew. */
export class NeedsLedger extends Error {
  override readonly name = 'NeedsLedger';
}

/** Messages of transfers under way: one that is settled, one that is synced. */
const MOST_MESSAGES = 2;

/** The transfers that went in one message. */
interface Sending {
  unanswered: number;
}

interface Waiting {
  /** Undefined for what the ledger may take long to serve: nobody waits behind it. */
  sending: Sending | undefined;
  readonly resolve: (reply: LedgerReply) => void;
  readonly reject: (error: unknown) => void;
}

/** The front's end. */
export class LedgerLink {
  private readonly port: MessagePort;
  private readonly waiting = new Map<number, Waiting>();
  /** Calls that were not sent yet. */
  private settling: LedgerCall[] = [];
  private others: LedgerCall[] = [];
  private messages = 0;
  private isSending = false;
  private lastId = 0;

  constructor(port: MessagePort) {
    this.port = port;
  }

  /** @throws {NeedsLedger} for debits that do not fit into a packet */
  readonly settle = async (debits: readonly DebitAccount[]): Promise<readonly (AcceptedRecord | undefined)[]> => {
    const packed = packDebits(debits);
    if (packed === undefined) throw new NeedsLedger('these debits are not of the usual kind');
    const reply = await this.ask((id) => ({ id, kind: 'settle', debits: packed }));
    if (reply.kind !== 'settled') throw new Error(`asked to settle, the ledger replied ${reply.kind}`);
    return unpackOutcomes(reply.outcomes, debits);
  };

  async serve(operation: OperationId, call: ApiCall): Promise<ApiAnswer> {
    const reply = await this.ask((id) => ({ id, kind: 'serve', operation, call }));
    if (reply.kind !== 'served') throw new Error(`asked to serve ${operation}, the ledger replied ${reply.kind}`);
    return reply.answer;
  }

  /** Records of transfers, as they stand on disk. */
  readonly transfers = async (ids: readonly string[]): Promise<ReadonlyMap<string, TransferRecord>> => {
    const reply = await this.ask((id) => ({ id, kind: 'transfers', ids }));
    if (reply.kind !== 'transfers') throw new Error(`asked for transfers, the ledger replied ${reply.kind}`);
    return reply.records;
  };

  readonly newest = async (account: string): Promise<StoredCommit | undefined> => {
    const reply = await this.ask((id) => ({ id, kind: 'newest', account }));
    if (reply.kind !== 'newest') throw new Error(`asked for a commit, the ledger replied ${reply.kind}`);
    return reply.commit;
  };

  /** Takes what the ledger replied. */
  take(replies: readonly LedgerReply[]): void {
    for (const reply of replies) {
      const waiting = this.waiting.get(reply.id);
      if (waiting === undefined) throw new Error(`nobody waits for reply ${reply.id}`);
      this.waiting.delete(reply.id);
      this.answered(waiting.sending);
      if (reply.kind === 'failed') waiting.reject(reply.error);
      else waiting.resolve(reply);
    }
  }

  private ask(call: (id: number) => LedgerCall): Promise<LedgerReply> {
    return new Promise((resolve, reject) => {
      this.lastId += 1;
      this.waiting.set(this.lastId, { sending: undefined, resolve, reject });
      const asked = call(this.lastId);
      if (asked.kind === 'settle') this.settling.push(asked);
      else this.others.push(asked);
      this.sendSoon();
    });
  }

  private answered(sending: Sending | undefined): void {
    if (sending === undefined) return;
    sending.unanswered -= 1;
    if (sending.unanswered > 0) return;
    this.messages -= 1;
    if (this.settling.length > 0) this.sendSoon();
  }

  /** At the end of this round of the event loop, with all that is asked in it. */
  private sendSoon(): void {
    if (this.isSending) return;
    this.isSending = true;
    setImmediate(() => {
      this.isSending = false;
      this.send(this.others);
      this.others = [];
      if (this.messages < MOST_MESSAGES) this.sendTransfers();
    });
  }

  private sendTransfers(): void {
    if (this.settling.length === 0) return;
    const sending = { unanswered: this.settling.length };
    for (const { id } of this.settling) {
      const waiting = this.waiting.get(id);
      if (waiting !== undefined) waiting.sending = sending;
    }
    this.messages += 1;
    this.send(this.settling);
    this.settling = [];
  }

  private send(calls: readonly LedgerCall[]): void {
    if (calls.length === 0) return;
    const message: ToLedger = { kind: 'calls', calls };
    this.port.postMessage(message);
  }
}
