/** Starts the thread that serves HTTP for an embedded wallet, and does what it asks for. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import type { TokenSettings } from '../../adapters/node/token-verifier.ts';
import type { OperationId } from '../../core/contracts/operations.ts';
import type { Handle, Route } from '../../functions/runtime/route.ts';
import type { RunningServer } from '../http-server.ts';
import type { FrontSettings } from './front-thread.ts';
import type { LedgerCall, LedgerReply, ToFront, ToLedger } from './ledger-link.ts';
import { packOutcomes, unpackDebits } from './packed-transfers.ts';

/** As the ledger's own thread is started: requests that wait for a turn are not copied again and again by the collector. */
const resourceLimits = { maxYoungGenerationSizeMb: 128 };

export interface Ledger {
  readonly wallet: EmbeddedWallet;
  readonly routes: readonly Route[];
}

export interface FrontAddress {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly tokens: TokenSettings;
}

/** Resolves when the front listens; rejects if it cannot. A front that dies later takes the process with it: nobody would be answered. */
export async function startFront(ledger: Ledger, address: FrontAddress): Promise<RunningServer> {
  const settings: FrontSettings = { ...address, operations: ledger.routes.map(({ id }) => id) };
  const worker = new Worker(new URL('./front-thread.ts', import.meta.url), { workerData: settings, resourceLimits });
  const desk = new Desk(ledger, worker);
  const url = await new Promise<string>((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (message: ToLedger) => {
      if (message.kind === 'listening') resolve(message.url);
      else if (message.kind === 'watch') desk.watch(message.transfer, message.isWaitedFor);
      else if (message.kind === 'calls') for (const call of message.calls) desk.take(call);
    });
  });
  const isNoLongerNeeded = endProcessWith(worker);
  return {
    url,
    close: async () => {
      isNoLongerNeeded();
      const close: ToFront = { kind: 'close' };
      worker.postMessage(close);
      await once(worker, 'exit');
    },
  };
}

/** What is thrown here is caught by nobody, and that ends the process. Gives back what to call before the front is asked to end. */
function endProcessWith(worker: Worker): () => void {
  const onExit = (code: number): void => {
    throw new Error(`the front ended by itself, with ${code}`);
  };
  worker.on('error', (error) => {
    throw error;
  });
  worker.once('exit', onExit);
  return () => worker.off('exit', onExit);
}

/** Does what the front asks for, and replies with all that is ready at the same time in one message. */
class Desk {
  private readonly ledger: Ledger;
  private readonly handles: ReadonlyMap<OperationId, Handle>;
  private readonly worker: Worker;
  /** Transfers that somebody at the front waits for, by the keys of their claims. */
  private readonly watched = new Set<string>();
  private replies: LedgerReply[] = [];

  constructor(ledger: Ledger, worker: Worker) {
    this.ledger = ledger;
    this.worker = worker;
    this.handles = new Map(ledger.routes.map(({ id, handle }) => [id, handle]));
    ledger.wallet.endedTransfers.listen({
      wants: (id) => this.watched.has(id),
      ended: (transfers) => this.post({ kind: 'ended', transfers }),
    });
  }

  /** Notes whether somebody at the front waits for a transfer's end. */
  watch(transfer: string, isWaitedFor: boolean): void {
    if (isWaitedFor) this.watched.add(transfer);
    else this.watched.delete(transfer);
  }

  take(call: LedgerCall): void {
    this.done(call).then(
      (reply) => this.reply(reply),
      (error: unknown) => this.reply({ id: call.id, kind: 'failed', error }),
    );
  }

  private async done(call: LedgerCall): Promise<LedgerReply> {
    const { id } = call;
    const { wallet } = this.ledger;
    switch (call.kind) {
      case 'settle': {
        const settled = await wallet.settleDebits(unpackDebits(call.debits));
        return { id, kind: 'settled', outcomes: packOutcomes(settled) };
      }
      case 'transfers':
        return { id, kind: 'transfers', records: await wallet.transfers.get(call.ids, { consistent: true }) };
      case 'newest':
        return { id, kind: 'newest', commit: await wallet.log.newest(call.account) };
      case 'serve':
        return { id, kind: 'served', answer: await this.handleOf(call.operation)(call.call) };
      default:
        return call satisfies never;
    }
  }

  private handleOf(operation: OperationId): Handle {
    const handle = this.handles.get(operation);
    if (handle === undefined) throw new Error(`the front asked for ${operation}, which is not served`);
    return handle;
  }

  /** A turn of the wallet ends many calls within one round of promises; the tick behind them tells of all. */
  private reply(reply: LedgerReply): void {
    if (this.replies.length === 0) process.nextTick(() => this.send());
    this.replies.push(reply);
  }

  private send(): void {
    this.post({ kind: 'replies', replies: this.replies });
    this.replies = [];
  }

  private post(message: ToFront): void {
    this.worker.postMessage(message);
  }
}
