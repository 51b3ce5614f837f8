/**
 * The end of an account's closing: `FinishClose` goes out once every transfer that the account was ever debited for is over, so no
 * refund can come any more. A log may be long: what is known to be over is remembered in the record, and the next check goes on
 * from there.
 */
import { OWN_REQUEST_PREFIX } from '../contracts/json.ts';
import { type OpenClosing, openKey } from '../contracts/open-work.ts';
import { decodeEvents, decodeState, type StoredCommit } from '../contracts/stored-commit.ts';
import type { FinishClose } from '../domain/account.ts';
import { accountOfKey } from '../domain/lane.ts';
import { isTerminal, transferClaimId } from '../domain/outcome.ts';
import type { Clock, CommandStream, Digest, EventLog, OpenWork, TransferStore } from '../ports.ts';

/** Commits that one check reads at most. */
export const COMMITS_PER_CHECK = 512;
/** Commits whose debits are asked for together. */
const COMMITS_PER_LOOK = 32;
/** Hexadecimal digits of a hash that keep the requests of two closings apart, in an identity of at most 64 characters. */
const HASH_DIGITS = 48;

export interface ClosingPorts {
  readonly log: EventLog;
  readonly transfers: TransferStore;
  readonly commands: CommandStream;
  readonly openWork: OpenWork;
  readonly clock: Clock;
  readonly digest: Digest;
}

/** `stuck`: something is in the way, and if it stays there people have to know. */
export type CheckState = 'moving' | 'stuck';

/** How far back an account's debits are known to be over. */
interface Progress {
  readonly doneFrom: number;
  /** True if the beginning of the log was reached: all debits are over. */
  readonly complete: boolean;
  /** True if a debit that is not over was met. */
  readonly blocked: boolean;
}

/** Checks one closing. The record stays until the account is closed, or is closing no more. */
export async function checkClosing(ports: ClosingPorts, record: OpenClosing): Promise<CheckState> {
  const newest = await ports.log.newest(record.account);
  const state = newest === undefined ? undefined : decodeState(newest.state);
  if (state?.status !== 'closing' || state.closingVersion !== record.version) {
    await ports.openWork.close(openKey(record));
    return 'moving';
  }
  const progress = await lookBack(ports, record);
  if (!progress.complete) return remember(ports, record, progress);
  // Money that came back stays on the account until somebody opens it again.
  if (state.balance !== 0n || state.held !== 0n) return 'stuck';
  await ports.commands.send([finishClose(record, ports.digest)]);
  return 'moving';
}

/** The next run goes on where the log was merely long; after a debit that is not over, the check comes when it is due anyway. */
async function remember(ports: ClosingPorts, record: OpenClosing, progress: Progress): Promise<CheckState> {
  const { doneFrom, blocked } = progress;
  const next = { ...record, doneFrom, ...(blocked ? {} : { dueAt: ports.clock.now() + 1, checks: 0 }) };
  // A record whose key stays the same cannot be replaced, and what was learned is then learned again.
  if (!blocked) await ports.openWork.replace(record, next);
  return blocked ? 'stuck' : 'moving';
}

async function lookBack(ports: ClosingPorts, record: OpenClosing): Promise<Progress> {
  let doneFrom = record.doneFrom;
  let read = 0;
  let look: StoredCommit[] = [];
  for await (const commit of ports.log.newestFirst(record.account, record.doneFrom)) {
    look.push(commit);
    read += 1;
    if (look.length < COMMITS_PER_LOOK && read < COMMITS_PER_CHECK) continue;
    if (!(await areOver(ports, look))) return { doneFrom, complete: false, blocked: true };
    doneFrom = commit.version;
    look = [];
    if (read === COMMITS_PER_CHECK) return { doneFrom, complete: doneFrom === 1, blocked: false };
  }
  const complete = await areOver(ports, look);
  return { doneFrom: complete ? (look.at(-1)?.version ?? doneFrom) : doneFrom, complete, blocked: !complete };
}

async function areOver({ transfers }: ClosingPorts, commits: readonly StoredCommit[]): Promise<boolean> {
  const ids = commits.flatMap(({ account, events }) => {
    const { scope } = accountOfKey(account);
    return decodeEvents(events).flatMap((event) => {
      return event.type === 'Debited' ? [transferClaimId(scope, event.transfer)] : [];
    });
  });
  const records = await transfers.get(ids, { consistent: true });
  return ids.every((id) => {
    const record = records.get(id);
    return record !== undefined && isTerminal(record.status);
  });
}

/**
 * The same identity however often it is sent, so the account is closed once; and one that names the account, for two accounts may
 * begin their closing in commits of the same version. A copy may be lost, so each is looked up before it is decided.
 */
function finishClose({ account: key, version }: OpenClosing, digest: Digest): FinishClose {
  const { scope, account } = accountOfKey(key);
  const request = `${OWN_REQUEST_PREFIX}${digest(`${key} ${version}`).slice(0, HASH_DIGITS)}`;
  return { type: 'FinishClose', scope, recheck: true, request, account, version };
}
