/**
 * `node bench/floor-server.ts texts|records FOLDER`: takes every transfer, and is no wallet. It knows no account and no earlier transfer,
 * and decides nothing: it reads requests strictly, keeps what it was sent in one file, synced before it answers, and answers as the
 * wallet does. What it takes for that, a wallet with these formats takes at least.
 *
 * - texts: a commit of both events, hashed and chained, and the transfer's record, as the wallet writes them. The wallet has 1.1 commits to
 *   a transfer (hot) or 1.6 (uniform); here it is one.
 * - records: 128 bytes in place of all that, and no hash.
 */
import { setImmediate as endOfRound } from 'node:timers/promises';
import {
  commitHead,
  type EncodableTransfer,
  kinds,
  roomFor,
  transferHead,
  writeEntry,
} from '../adapters/embedded/entries.ts';
import { FrameFile } from '../adapters/embedded/frame-file.ts';
import { sha256 } from '../adapters/node/sha256.ts';
import type { Caller } from '../core/contracts/caller.ts';
import { transferText } from '../core/contracts/http-answers.ts';
import { readBatchRequest, readTransferRequest } from '../core/contracts/http-requests.ts';
import { operations } from '../core/contracts/operations.ts';
import { DEFAULT_SCOPE } from '../core/contracts/scope.ts';
import { COMMIT_VERSION, canonicalText, encodeEvent, encodeState } from '../core/contracts/stored-commit.ts';
import { type AccountState, type Credited, type DebitAccount, type Debited, unopened } from '../core/domain/account.ts';
import { accountKey } from '../core/domain/lane.ts';
import { statusOf, transferClaimId } from '../core/domain/outcome.ts';
import { readStrictJson } from '../functions/runtime/strict-json.ts';
import { serveHttp } from '../local/http-server.ts';

const RECORD_BYTES = 128;
const ID_CHARACTERS = 36;
const ANYBODY: Caller = { scope: DEFAULT_SCOPE, subject: 'bench', permissions: new Set(['wallet:operate']) };
const OPEN_ACCOUNT: AccountState = {
  ...unopened,
  status: 'open',
  currency: 'USD',
  owner: 'bench',
  overdraftLimit: 100_000_000n,
};

const [kind = '', folder = '.'] = process.argv.slice(2);
const keep = keeperOf(kind);
const frames = new FrameFile(folder, 0, 0);
let version = 0;
let prevHash = '';

const server = await serveHttp(
  async ({ path, body }) => {
    const read = readStrictJson(body ?? '');
    const isBatch = path === operations.sendTransfers.path;
    const texts = transfersIn(read.ok ? read.value : undefined, isBatch).map(answerFor);
    // What comes in one round of the event loop goes to disk together, as in the wallet.
    await endOfRound();
    await frames.durable(frames.seal());
    return { statusCode: 200, headers: {}, body: isBatch ? `{"results":[${texts.join(',')}]}` : texts.join('') };
  },
  { host: '127.0.0.1', port: 0 },
);
console.log(server.url);
process.once('SIGINT', () => process.exit());

function keeperOf(what: string): typeof keepTexts {
  if (what === 'texts') return keepTexts;
  if (what === 'records') return keepRecord;
  throw new Error(`it keeps "texts" or "records", not "${what}"`);
}

function transfersIn(body: unknown, isBatch: boolean): readonly DebitAccount[] {
  const batch = isBatch ? readBatchRequest(body) : ({ ok: true, value: [body] } as const);
  if (!batch.ok) throw new Error(batch.fault.detail);
  return batch.value.map((item) => {
    const debit = readTransferRequest(item, ANYBODY);
    if (!debit.ok) throw new Error(debit.fault.detail);
    return debit.value;
  });
}

function answerFor(debit: DebitAccount): string {
  const { transfer, from, to, amount, currency } = debit;
  const now = Date.now();
  version += 1;
  const position = { epoch: 1, sequence: BigInt(frames.openFrame), index: version };
  const ref = { account: accountKey({ scope: DEFAULT_SCOPE, account: to }), version, index: 1 };
  const trace = { debitedAt: now, creditSentAt: now, payerBalance: -BigInt(version) };
  const legs = { debitRef: { version, index: 0 }, recheck: false, cancel: false };
  const credited: Credited = {
    type: 'Credited',
    transfer,
    from,
    amount,
    currency,
    issuedAt: now,
    trace,
    arrival: now,
    ...legs,
  };
  const outcome = statusOf(credited, ref, now);
  if (outcome === undefined) throw new Error('a credit is the end of a transfer');
  const subject = { type: 'transfer', from, to, amount, currency } as const;
  const record = { ...outcome, id: transferClaimId(DEFAULT_SCOPE, transfer), subject, lane: 0, position, arrival: now };
  keep(debit, credited, record);
  return transferText(transfer, record);
}

function keepTexts(
  { transfer, from, to, amount, currency }: DebitAccount,
  credited: Credited,
  record: EncodableTransfer,
): void {
  const { arrival: at, position } = record;
  const balance = -BigInt(version);
  const debited: Debited = { type: 'Debited', transfer, to, amount, currency, arrival: at, balance };
  const content = {
    v: COMMIT_VERSION,
    account: accountKey({ scope: DEFAULT_SCOPE, account: from }),
    version,
    at,
    position,
    highArrival: at,
    prevHash,
    state: encodeState({ ...OPEN_ACCOUNT, balance }),
    events: `[${encodeEvent(debited)},${encodeEvent(credited)}]`,
  };
  prevHash = sha256(canonicalText(content));
  write(kinds.commit, commitHead({ ...content, hash: prevHash }, 0, 0), content.state, content.events);
  write(kinds.transfer, transferHead(record), '', '');
}

function write(entry: typeof kinds.commit | typeof kinds.transfer, head: string, state: string, events: string): void {
  const { buffer, at } = frames.room(roomFor(head, state, events));
  frames.appended(writeEntry(buffer, at, entry, head, state, events));
}

function keepRecord({ transfer }: DebitAccount): void {
  const { buffer, at } = frames.room(RECORD_BYTES);
  buffer.write(transfer, at, ID_CHARACTERS, 'latin1');
  frames.appended(at + RECORD_BYTES);
}
