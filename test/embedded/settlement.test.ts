/**
 * Transfers that the embedded wallet settles at once have the outcomes of an oracle that does one after the other, keep every
 * invariant of the ledger, and read back from disk as they were told, whatever else is in the same turn.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EmbeddedWallet } from '../../adapters/embedded/embedded-wallet.ts';
import { CountingMeter } from '../../adapters/memory/counting-meter.ts';
import { SilentJournal } from '../../adapters/memory/silent-journal.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import type { ClaimSubject } from '../../core/contracts/claim.ts';
import { decodeEvents, encodeEvent } from '../../core/contracts/stored-commit.ts';
import type { AccountEvent, DebitAccount } from '../../core/domain/account.ts';
import { acceptCommands } from '../../core/flows/accept-commands.ts';
import { violations } from '../invariants.ts';
import { debit, openAccount, transferId } from '../memory-wallet.ts';

const BANK = 'settlement:bank';
const OPEN = ['alice', 'bob', BANK];
const ACCOUNTS = [...OPEN, 'nobody'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wallet-settlement-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(): EmbeddedWallet {
  const tools = { clock: new SystemClock(), digest: sha256, meter: new CountingMeter(), journal: new SilentJournal() };
  return new EmbeddedWallet({ folder, ...tools });
}

/** Names may hold what JSON escapes; what is not ASCII is not let in, and would do no harm. */
const owners = ['"quoted" \\ ', 'plain', 'Änne 漢'];

/** Transfers as they may come: to accounts that were never opened, beyond the balance, ids again with the same and other content. */
const transfers = fc.array(
  fc
    .record({
      id: fc.integer({ min: 1, max: 30 }),
      from: fc.constantFrom(...ACCOUNTS),
      to: fc.constantFrom(...ACCOUNTS),
      amount: fc.bigInt({ min: 1n, max: 60n }),
      recheck: fc.integer({ min: 0, max: 9 }).map((luck) => luck === 0),
      actor: fc.constantFrom(undefined, 'teller', 'a "quoted" \\ name', 'ü'),
    })
    .map(({ id, from, to, amount, recheck, actor }) => ({
      ...debit(transferId(id), from, to, amount),
      recheck,
      ...(actor === undefined ? {} : { actor }),
    })),
  { minLength: 1, maxLength: 40 },
);

/** What became of each transfer that was new, done one by one. */
class Oracle {
  readonly balances = new Map(ACCOUNTS.map((account) => [account, 0n]));
  readonly statuses = new Map<string, string>();

  take({ transfer, from, to, amount }: DebitAccount): void {
    if (this.statuses.has(transfer)) return;
    this.statuses.set(transfer, this.outcome(from, to, amount));
  }

  private outcome(from: string, to: string, amount: bigint): string {
    const balance = this.balances.get(from) ?? 0n;
    if (!OPEN.includes(from) || (from !== BANK && balance < amount)) return 'rejected';
    if (!OPEN.includes(to)) return 'reversed';
    this.balances.set(from, balance - amount);
    this.balances.set(to, (this.balances.get(to) ?? 0n) + amount);
    return 'completed';
  }
}

async function stateOf(wallet: EmbeddedWallet) {
  const records = [...wallet.store.transfers()];
  const commits = [...wallet.store.commits()];
  expect(violations(commits, records)).toEqual([]);
  for (const { events } of commits) expect(hasTheTextOf(decodeEvents(events), events)).toBe(true);
  const ofTransfers = records.filter(({ subject }) => subject.type === 'transfer');
  return new Map(ofTransfers.map((record) => [record.id.slice('default#'.length), record]));
}

test('outcomes are those of the oracle, also after a restart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(transfers, { minLength: 1, maxLength: 3 }), async (batches) => {
      const oracle = new Oracle();
      const wallet = open();
      await wallet.commands.send(OPEN.map((account, i) => ({ ...openAccount(account), owner: owners[i] ?? '' })));
      for (const batch of batches) await settleLikeTheOracle(wallet, oracle, batch);
      expect(statusesOf(await stateOf(wallet))).toEqual(oracle.statuses);
      await wallet.close();
      const again = open();
      const after = await stateOf(again);
      expect(statusesOf(after)).toEqual(oracle.statuses);
      for (const { subject, contentHash } of after.values()) expect(contentHash).toBe(hashOf(subject));
      await again.close();
      rmSync(folder, { recursive: true });
    }),
    { numRuns: 60 },
  );
  await open().close();
});

/** Rechecks of what is known come last: they go through the stages, where all debits of a turn come before all credits. */
async function settleLikeTheOracle(wallet: EmbeddedWallet, oracle: Oracle, batch: readonly DebitAccount[]) {
  const ordinary = batch.filter(({ recheck }) => !recheck);
  const rechecks = batch.filter(({ recheck, transfer }) => recheck && oracle.statuses.has(transfer));
  const told = await wallet.settleDebits([...ordinary, ...rechecks]);
  for (const one of ordinary) oracle.take(one);
  for (const [i, record] of told.entries()) {
    if (record !== undefined) expect(record.status).toBe(oracle.statuses.get(ordinary[i]?.transfer ?? ''));
  }
}

function hashOf(subject: ClaimSubject): string {
  if (subject.type !== 'transfer') throw new Error('a request is among the transfers');
  const { from, to, amount, currency } = subject;
  return sha256(`["transfer.1","${from}","${to}","${amount}","${currency}"]`);
}

/** Of the kinds that every transfer has, byte for byte; others may have their members in another order once they were read. */
function hasTheTextOf(events: readonly AccountEvent[], stored: string): boolean {
  const isUsual = events.every(({ type }) => type === 'Debited' || type === 'Credited');
  return isUsual ? stored === `[${events.map(encodeEvent).join(',')}]` : events.length > 0;
}

function statusesOf(records: ReadonlyMap<string, { readonly status: string }>): ReadonlyMap<string, string> {
  return new Map([...records].map(([id, { status }]) => [id, status]));
}

test('what is out of the ordinary in a turn is not overtaken by what was sent behind it', async () => {
  const wallet = open();
  await wallet.commands.send([openAccount(BANK), openAccount('alice')]);
  await wallet.commands.send([
    debit(transferId(1), BANK, 'alice', 10n),
    { type: 'FreezeAccount', scope: 'default', request: 'freeze', account: 'alice', recheck: false },
    debit(transferId(2), 'alice', BANK, 10n),
  ]);
  expect([...statusesOf(await stateOf(wallet))].sort()).toEqual([
    [transferId(1), 'completed'],
    [transferId(2), 'rejected'],
  ]);
  await wallet.close();
});

test('the entrance tells each of a batch what it is: new, known, in conflict, or twice in the batch', async () => {
  const wallet = open();
  await wallet.commands.send([openAccount(BANK), openAccount('alice'), debit(transferId(1), BANK, 'alice', 5n)]);
  const batch = [
    debit(transferId(1), BANK, 'alice', 5n),
    debit(transferId(2), BANK, 'alice', 7n),
    debit(transferId(2), BANK, 'alice', 7n),
    debit(transferId(2), BANK, 'alice', 8n),
    debit(transferId(1), BANK, 'alice', 6n),
  ];
  const answers = await acceptCommands(wallet, batch, wallet.clock.now() + 1_000);
  expect(answers.map(({ kind }) => kind)).toEqual(['recorded', 'recorded', 'recorded', 'conflict', 'conflict']);
  expect((await wallet.log.newest('default#alice'))?.state).toContain('"balance":"12"');
  await wallet.close();
});

test('a hot account has its commits closed before they grow beyond what a ledger takes', async () => {
  const wallet = open();
  await wallet.commands.send([openAccount(BANK), openAccount('alice')]);
  const many = Array.from({ length: 1_900 }, (_, n) => debit(transferId(n + 1), BANK, 'alice', 1n));
  expect((await wallet.settleDebits(many)).every((record) => record?.status === 'completed')).toBe(true);
  await stateOf(wallet);
  const newest = await wallet.log.newest('default#alice');
  expect(newest?.version).toBeGreaterThan(2);
  expect(newest?.state).toContain('"balance":"1900"');
  await wallet.close();
});
