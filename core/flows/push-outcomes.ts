/**
 * Telling outcomes to those who wait for them over a WebSocket. Whoever stored that a transfer is over asks whether anybody waits
 * for it, which for nearly all is all there is to do; the few others go to a queue, from which they are told one by one.
 *
 *   statuses are raised ──> does anybody wait? ──> queue ──> look again who waits ──> may each see it? ──> tell, and forget
 *
 * A client has `GET /v1/wallet/transfers/{transaction_id}` at any time, so statuses never wait for what happens here.
 */
import { metrics } from '../contracts/env.ts';
import { isTransferOnRecord, type TransferOnRecord } from '../contracts/http-answers.ts';
import { type Connection, type ServerMessage, toldOutcome } from '../contracts/outcome-socket.ts';
import { transferOfClaimId } from '../domain/outcome.ts';
import type { Clock, Journal, Meter, PushQueue, SocketChannel, SubscriptionStore, TransferStore } from '../ports.ts';
import { inParallel } from './in-parallel.ts';
import { type AccountHolders, viewOfTransfer } from './see-transfer.ts';

/** Transfers looked up at a time: eight requests of a hundred, side by side. */
const LOOK_UP = 800;
/** Longest that a batch of statuses waits for this: 20,000 transfers take half a second, a table in trouble takes any time. */
export const GIVE_UP_AFTER_MS = 5_000;
/** Messages under way at a time. */
const PARALLEL_PUSHES = 20;

export interface WaiterPorts {
  readonly subscriptions: Pick<SubscriptionStore, 'waiting'>;
  readonly pushes: PushQueue;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly journal: Journal;
}

/**
 * Passes on those of the transfers that somebody waits for. Never rejects, and ends in time: what fails or takes too long here is
 * counted, and the client that waits asks for itself after a while.
 *
 * @param ids keys of claims of transfers that have just ended
 */
export async function passOnEnded(ports: WaiterPorts, ids: readonly string[]): Promise<void> {
  const { clock, meter, journal } = ports;
  const giveUpAt = clock.now() + GIVE_UP_AFTER_MS;
  // A table or queue that does not answer is left alone: its retries may take minutes, and a shard would wait for them.
  const timeIsUp = clock.sleep(GIVE_UP_AFTER_MS).then(() => 'time is up' as const);
  let passed = 0;
  try {
    for (; passed < ids.length && clock.now() < giveUpAt; passed += LOOK_UP) {
      const passing = passOn(ports, ids.slice(passed, passed + LOOK_UP));
      if ((await Promise.race([passing, timeIsUp])) === 'time is up') break;
    }
    if (passed >= ids.length) return;
    journal.warn('looking for who waits for outcomes took too long', { transfers: ids.length - passed });
  } catch (error) {
    journal.warn('who waits for outcomes was not told of them', { transfers: ids.length - passed, error });
  }
  meter.count(metrics.pushesLost, ids.length - passed);
}

async function passOn({ subscriptions, pushes }: WaiterPorts, ids: readonly string[]): Promise<void> {
  const waited = await subscriptions.waiting(ids);
  if (waited.size > 0) await pushes.send([...waited.keys()]);
}

export interface PushPorts {
  readonly subscriptions: SubscriptionStore;
  readonly transfers: Pick<TransferStore, 'get'>;
  readonly holders: AccountHolders;
  readonly channel: SocketChannel;
  readonly clock: Clock;
  readonly meter: Meter;
}

/** Some of the clients that wait could not be told; those that were are not told again when the same transfers come again. */
export class NotAllTold extends Error {
  override readonly name = 'NotAllTold';
}

interface Push {
  readonly id: string;
  readonly transfer: string;
  readonly record: TransferOnRecord;
  readonly to: string;
  /** Undefined if it is gone. */
  readonly connection: Connection | undefined;
}

/**
 * Tells the outcomes of transfers to all who wait for them and may see them. One that is not over is left for later.
 *
 * @throws {NotAllTold} if some could not be told now; the same transfers have to come again then
 */
export async function pushOutcomes(ports: PushPorts, ids: readonly string[]): Promise<void> {
  const waiting = await ports.subscriptions.waiting(ids);
  if (waiting.size === 0) return;
  const [records, connections] = await Promise.all([
    ports.transfers.get([...waiting.keys()], { consistent: true }),
    ports.subscriptions.connections([...new Set([...waiting.values()].flat())]),
  ]);
  const known = new Map(connections.map((connection) => [connection.id, connection]));
  const pushes = [...waiting].flatMap(([id, waiters]) => {
    const record = records.get(id);
    const transfer = transferOfClaimId(id);
    if (record === undefined || !isTransferOnRecord(record) || transfer === undefined) return [];
    return waiters.map((to): Push => ({ id, transfer, record, to, connection: known.get(to) }));
  });
  const failures: unknown[] = [];
  await inParallel(pushes, PARALLEL_PUSHES, async (push) => {
    // One client that cannot be reached must not keep the others waiting.
    await pushOne(ports, push).catch((error: unknown) => failures.push(error));
  });
  if (failures.length > 0) {
    throw new NotAllTold(`${failures.length} of ${pushes.length} could not be told`, { cause: failures[0] });
  }
}

async function pushOne(ports: PushPorts, { id, transfer, record, to, connection }: Push): Promise<void> {
  const { subscriptions, channel, clock, meter } = ports;
  if (connection === undefined) return subscriptions.release(to, [id]);
  if (connection.until <= clock.now()) {
    await channel.close(to);
    return subscriptions.disconnect(to);
  }
  const outcome = toldOutcome(transfer, record);
  if (outcome === undefined) return;
  const view = await viewOfTransfer(ports.holders, connection.caller, record);
  if (view === 'none') return subscriptions.release(to, [id]);
  const message: ServerMessage = { type: 'outcome', ...outcome };
  const result = await channel.send(to, JSON.stringify(message));
  if (result !== 'sent') return drop(ports, to, result);
  meter.count(metrics.outcomesPushed, 1);
  await subscriptions.release(to, [id]);
}

/**
 * Forgets a client that cannot be told. One that does not read is disconnected too: its message would come again and again, and be set
 * aside as if the wallet were in trouble. It connects again when it reads that, or asks; a disconnection that fails changes neither.
 */
async function drop({ subscriptions, channel, meter }: PushPorts, connection: string, why: 'gone' | 'full') {
  if (why === 'full') {
    meter.count(metrics.clientsDropped, 1);
    await channel.close(connection).catch(() => {});
  }
  await subscriptions.disconnect(connection);
}
