/** What every system in the benchmark is asked to do: transfers of one minor unit between 10,000 accounts. */
import { randomFillSync } from 'node:crypto';

export const ACCOUNTS = 10_000;
/** In the hot workload, this part of all transfers goes to one account. */
const HOT_PART = 0.9;

export type Workload = 'uniform' | 'hot';
export const workloads: readonly Workload[] = ['uniform', 'hot'];

/** Payer and payee, as numbers of accounts from 0; never the same. */
export interface Pair {
  readonly from: number;
  readonly to: number;
}

export function randomPair(workload: Workload): Pair {
  const to = workload === 'hot' && Math.random() < HOT_PART ? 0 : randomAccount();
  for (;;) {
    const from = randomAccount();
    if (from !== to) return { from, to };
  }
}

function randomAccount(): number {
  return Math.floor(Math.random() * ACCOUNTS);
}

export function accountName(n: number): string {
  return `a-${n}`;
}

const pool = Buffer.alloc(16 * 4_096);
let used = pool.length;

/** A random UUID (version 4); drawn from a pool, for `crypto.randomUUID` would take a tenth of the client's time. */
export function randomId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  pool[used + 6] = ((pool[used + 6] ?? 0) & 0x0f) | 0x40;
  pool[used + 8] = ((pool[used + 8] ?? 0) & 0x3f) | 0x80;
  const hex = pool.toString('hex', used, used + 16);
  used += 16;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** JSON of one transfer, as the API takes it. */
export function transferJson(workload: Workload): string {
  const { from, to } = randomPair(workload);
  const accounts = `"from_account":"${accountName(from)}","to_account":"${accountName(to)}"`;
  return `{"transaction_id":"${randomId()}",${accounts},"amount":"0.01","currency":"USD"}`;
}
