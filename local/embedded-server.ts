/**
 * The embedded wallet behind its HTTP API, with what it does by the clock: the check-back, the trial balance of a large wallet, the closing
 * and sealing of days.
 */
import { randomUUID } from 'node:crypto';
import { EmbeddedWallet } from '../adapters/embedded/embedded-wallet.ts';
import { sealsFolderOf } from '../adapters/embedded/wallet-folder.ts';
import { CachedTokenVerifier } from '../adapters/node/cached-token-verifier.ts';
import { hmacSha256 } from '../adapters/node/hmac.ts';
import { HttpsWebhookTransport } from '../adapters/node/https-webhook-transport.ts';
import { ProcessSubscriptions } from '../adapters/node/process-subscriptions.ts';
import { sha256 } from '../adapters/node/sha256.ts';
import { SystemClock } from '../adapters/node/system-clock.ts';
import { JwtTokenVerifier, type TokenSettings, type TokenVerifier } from '../adapters/node/token-verifier.ts';
import { newWebhookSecret } from '../adapters/node/webhook-secret.ts';
import { DEFAULT_SCOPE } from '../core/contracts/scope.ts';
import { checkBack } from '../core/flows/check-back.ts';
import { keepTrialBalance } from '../core/flows/compute-trial-balance.ts';
import { pushOutcomes } from '../core/flows/push-outcomes.ts';
import { AccountHolders } from '../core/flows/see-transfer.ts';
import type { Journal, Meter, WebhookTransport } from '../core/ports.ts';
import { documentationRoutes } from '../functions/documentation/api.ts';
import { intakeRoutes } from '../functions/intake/api.ts';
import { queryRoutes } from '../functions/query/api.ts';
import { apiHandler } from '../functions/runtime/http.ts';
import { byToken } from '../functions/runtime/identify.ts';
import { SocketApi } from '../functions/socket/socket-api.ts';
import { webhookRoutes } from '../functions/webhooks/api.ts';
import { DayClosing } from './day-closing.ts';
import { DeliveryLoop } from './delivery-loop.ts';
import { readDocumentationFile } from './documentation-files.ts';
import { type RunningServer, serveHttp } from './http-server.ts';
import { LocalIssuer } from './issuer.ts';
import { OutcomeSockets } from './outcome-sockets.ts';

/** As often as the schedule on AWS. */
const CHECK_BACK_MS = 60_000;
const TRIAL_BALANCE_MS = 300_000;
/** How late the closing of a day may begin. */
const DAY_CLOSING_MS = 60_000;
/** How late a webhook may be told of what is due. */
const DELIVERY_MS = 500;

export interface EmbeddedServerSettings {
  /** Data folder; made if it does not exist. */
  readonly folder: string;
  readonly host?: string;
  /** Any free port unless given. */
  readonly port?: number;
  /** Whose tokens it trusts: the local issuer's unless given. There is no way without a token. */
  readonly tokens?: TokenSettings;
  /** Where the seals of days are kept; beside the data unless given. Better on another medium. */
  readonly sealsFolder?: string | undefined;
  /** Is told of each day that was sealed. */
  readonly onSealed?: (day: string, root: string) => void;
  /** Time between two looks whether a day is over; for tests. */
  readonly dayClosingMs?: number;
  /** Webhooks may be on this machine, and over http; only for tests, and for a machine that nobody else reaches. */
  readonly allowLoopbackWebhooks?: boolean;
}

export interface EmbeddedServer {
  readonly url: string;
  readonly wallet: EmbeddedWallet;
  /** Answers what is under way, then closes the wallet. */
  close(): Promise<void>;
}

/** @throws {UnusableData} if the folder is in use, or holds damage */
export async function startEmbeddedServer(settings: EmbeddedServerSettings): Promise<EmbeddedServer> {
  const { folder, host = '127.0.0.1', port = 0, allowLoopbackWebhooks = false } = settings;
  const transport = new HttpsWebhookTransport({ allowLoopback: allowLoopbackWebhooks });
  const wallet = new EmbeddedWallet({
    folder,
    clock: new SystemClock(),
    digest: sha256,
    meter: silent,
    journal: onStderr,
  });
  const { server, sockets } = await served(wallet, transport, settings.tokens, { host, port });
  const deliveries = new DeliveryLoop({ ...wallet, transport, hmac: hmacSha256, random: Math.random });
  const days = dayClosing(settings, wallet);
  const timers = [
    repeat(settings.dayClosingMs ?? DAY_CLOSING_MS, 'closing of days', () => days.look()),
    repeat(CHECK_BACK_MS, 'check-back', () => checkBack(wallet)),
    repeat(TRIAL_BALANCE_MS, 'trial balance', () => keepTrialBalance(wallet, DEFAULT_SCOPE)),
    repeat(DELIVERY_MS, 'deliveries', async () => deliveries.begin()),
  ];
  return {
    url: server.url,
    wallet,
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      // A server is closed when its last connection is, and a WebSocket is one.
      await sockets.end();
      await server.close();
      await Promise.all([deliveries.end(), days.end()]);
      await wallet.close();
    },
  };
}

function dayClosing({ folder, sealsFolder, onSealed }: EmbeddedServerSettings, { clock, journal }: EmbeddedWallet) {
  return new DayClosing({ folder, sealsFolder: sealsFolder ?? sealsFolderOf(folder), clock, journal, onSealed });
}

async function served(
  wallet: EmbeddedWallet,
  transport: WebhookTransport,
  tokens: TokenSettings | undefined,
  place: { readonly host: string; readonly port: number },
): Promise<{ readonly server: RunningServer; readonly sockets: OutcomeSockets }> {
  try {
    const trusted = tokens ?? (await LocalIssuer.at()).settings;
    const verifier = new CachedTokenVerifier(new JwtTokenVerifier(trusted));
    const identify = byToken(verifier);
    const sockets = socketsOf(wallet, verifier);
    const ports = { ...portsOf(wallet), identify, newIdentity: randomUUID };
    const routes = [
      ...intakeRoutes(ports),
      ...queryRoutes(ports),
      ...webhookRoutes({
        ...ports,
        webhooks: wallet.webhooks,
        queue: wallet.deliveries,
        transport,
        newSecret: newWebhookSecret,
      }),
      ...documentationRoutes({ read: readDocumentationFile }),
    ];
    return { server: await serveHttp(apiHandler(routes, ports), place, sockets.upgrade), sockets };
  } catch (error) {
    await wallet.close();
    throw error;
  }
}

/** Tells outcomes to clients that are connected. Who waits is known to this process alone: they have no other connection. */
function socketsOf(wallet: EmbeddedWallet, verifier: TokenVerifier): OutcomeSockets {
  const subscriptions = new ProcessSubscriptions();
  const { transfers, log, clock, meter, journal } = wallet;
  const ports = { subscriptions, transfers, holders: new AccountHolders(log), clock, meter, journal };
  const api = new SocketApi({ ...ports, verifier });
  const channel = new OutcomeSockets(api);
  wallet.endedTransfers.listen({
    wants: (id) => subscriptions.isWaitedFor(id),
    ended: (ids) => {
      pushOutcomes({ ...ports, channel }, ids).catch((error: unknown) =>
        journal.warn('outcomes were not told', { error }),
      );
    },
  });
  return channel;
}

function portsOf(wallet: EmbeddedWallet) {
  const {
    commands,
    transfers,
    log,
    views,
    openWork,
    notes,
    clock,
    digest,
    meter,
    journal,
    settlesOnSend,
    settleDebits,
  } = wallet;
  return {
    commands,
    transfers,
    log,
    views,
    openWork,
    notes,
    clock,
    digest,
    meter,
    journal,
    settlesOnSend,
    settleDebits,
  };
}

/** Runs a job again and again, never twice at the same time. One that fails is told of, and comes again. */
function repeat(everyMs: number, name: string, job: () => Promise<unknown>): NodeJS.Timeout {
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    job()
      .catch((error: unknown) => onStderr.warn(`${name} failed`, { error }))
      .finally(() => {
        isRunning = false;
      });
  }, everyMs);
  return timer.unref();
}

/** There is no place for metrics on one machine; what an operator must know is in the log. */
const silent: Meter = { count: () => {} };

const onStderr: Journal = {
  warn: (message, fields) => console.error(message, fields),
};
