/**
 * The front of the embedded wallet, in a thread of its own: HTTP, tokens, strict JSON, the checks of transfers and the texts of their
 * answers. Money is moved by the thread that has the wallet; what is not a usual transfer is served there as well, as a whole.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { CachedTokenVerifier } from '../../adapters/node/cached-token-verifier.ts';
import { ProcessSubscriptions } from '../../adapters/node/process-subscriptions.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { JwtTokenVerifier, type TokenSettings } from '../../adapters/node/token-verifier.ts';
import { type OperationId, operation } from '../../core/contracts/operations.ts';
import { pushOutcomes } from '../../core/flows/push-outcomes.ts';
import { AccountHolders } from '../../core/flows/see-transfer.ts';
import { transferHandlers } from '../../functions/intake/transfer-routes.ts';
import { apiHandler } from '../../functions/runtime/http.ts';
import { byToken } from '../../functions/runtime/identify.ts';
import type { ApiAnswer, ApiCall, Handle, Route } from '../../functions/runtime/route.ts';
import { SocketApi } from '../../functions/socket/socket-api.ts';
import { serveHttp } from '../http-server.ts';
import { journalOnStderr, silentMeter } from '../observed.ts';
import { OutcomeSockets } from '../outcome-sockets.ts';
import { LedgerLink, NeedsLedger, type ToFront, type ToLedger } from './ledger-link.ts';

export interface FrontSettings {
  readonly host: string;
  readonly port: number;
  readonly tokens: TokenSettings;
  /** All that is served. */
  readonly operations: readonly OperationId[];
}

if (parentPort === null) throw new Error('the front is a thread of the embedded wallet');
const ledger = parentPort;
const settings: FrontSettings = workerData;
const link = new LedgerLink(ledger);
const observed = { meter: silentMeter, journal: journalOnStderr };

const verifier = new CachedTokenVerifier(new JwtTokenVerifier(settings.tokens));
const subscriptions = new ProcessSubscriptions((transfer, isWaitedFor) =>
  tell({ kind: 'watch', transfer, isWaitedFor }),
);
const pushPorts = {
  subscriptions,
  transfers: { get: link.transfers },
  holders: new AccountHolders({ newest: link.newest }),
  clock: new SystemClock(),
  ...observed,
};
const sockets = new OutcomeSockets(new SocketApi({ ...pushPorts, verifier }));
const api = apiHandler(settings.operations.map(routeOf), { identify: byToken(verifier), ...observed });
const server = await serveHttp(api, settings, sockets.upgrade);
ledger.on('message', take);
tell({ kind: 'listening', url: server.url });

function take(message: ToFront): void {
  if (message.kind === 'replies') link.take(message.replies);
  else if (message.kind === 'ended') tellEnded(message.transfers);
  else void close();
}

/** Tells outcomes to clients that are connected. Who waits is known to this thread alone: they have no other connection. */
function tellEnded(transfers: readonly string[]): void {
  pushOutcomes({ ...pushPorts, channel: sockets }, transfers).catch((error: unknown) =>
    journalOnStderr.warn('outcomes were not told', { error }),
  );
}

/** A server is closed when its last connection is, and a WebSocket is one. */
async function close(): Promise<void> {
  await sockets.end();
  await server.close();
  tell({ kind: 'closed' });
  ledger.close();
}

function tell(message: ToLedger): void {
  ledger.postMessage(message);
}

function routeOf(id: OperationId): Route {
  const own = ownHandlers()[id];
  const onLedger: Handle = (call) => link.serve(id, call);
  return { ...operation(id), id, handle: own === undefined ? onLedger : ifUsual(own, onLedger) };
}

/** What has to be begun anew has the same identities, so whatever was done of it before is found, and not done again. */
function ifUsual(own: Handle, onLedger: Handle): Handle {
  return async (call: ApiCall): Promise<ApiAnswer> => {
    try {
      return await own(call);
    } catch (error) {
      if (error instanceof NeedsLedger) return onLedger(call);
      throw error;
    }
  };
}

function ownHandlers(): Readonly<Partial<Record<OperationId, Handle>>> {
  return transferHandlers({
    settleDebits: link.settle,
    commands: { send: needsLedger },
    transfers: { get: needsLedger },
    notes: { put: needsLedger },
    log: { newest: needsLedger },
    clock: new SystemClock(),
    digest: sha256,
    ...observed,
  });
}

async function needsLedger(): Promise<never> {
  throw new NeedsLedger('only the ledger knows');
}
