/**
 * Redrive: what was set aside goes back on its way, after the cause was mended. Commands go into the stream again, each as a
 * recheck, so whatever happened of them meanwhile is found in the log and not done twice; commits are projected again, and the
 * outcomes that they hold are told again.
 *
 * The order: send first, then take the object away. Who dies in between sends again next time, which is harmless.
 */
import { decodeRecord, type ReadCommand } from '../contracts/commands.ts';
import { decodeEvents, type StoredCommit } from '../contracts/stored-commit.ts';
import type { AccountCommand } from '../domain/account.ts';
import type { CommandStream, EventLog, OutcomePublisher } from '../ports.ts';
import { decodeCommits } from './decode-commits.ts';
import { type ProjectionPorts, project } from './project.ts';
import { publishOutcomes } from './publish-outcomes.ts';

/** One object of the quarantine bucket. */
export type SetAside =
  /** Records of the stream of commands, as bytes. */
  | { readonly kind: 'commands'; readonly records: readonly Uint8Array[] }
  /** Commits that were not projected: where they stand in the ledger. */
  | { readonly kind: 'commits'; readonly commits: readonly CommitRef[] };

export interface CommitRef {
  /** Key of the account. */
  readonly account: string;
  readonly version: number;
}

/** The bucket of what was set aside. */
export interface SetAsideStore {
  /** Names of all objects under a prefix, read page by page. */
  list(prefix: string): AsyncIterable<string>;
  /** Reads one; rejects if it is none of ours. */
  read(name: string): Promise<SetAside>;
  /** Takes one away. The bucket keeps versions, so it can be brought back. */
  remove(name: string): Promise<void>;
}

export interface RedrivePorts extends ProjectionPorts {
  readonly setAside: SetAsideStore;
  readonly commands: CommandStream;
  readonly log: EventLog;
  /** Where outcomes are told; absent in a wallet that tells none. */
  readonly outcomes?: OutcomePublisher;
}

/** What became of one object. */
export interface Redriven {
  readonly name: string;
  readonly sent: number;
  readonly projected: number;
  /** Why it stays where it is; empty if it was taken away. */
  readonly faults: readonly string[];
}

/** Redrives one object. It stays if any part of it still cannot be read; the rest is sent all the same. */
export async function redrive(ports: RedrivePorts, name: string): Promise<Redriven> {
  const object = await ports.setAside.read(name);
  const outcome =
    object.kind === 'commits' ? await projectAgain(ports, object.commits) : await sendAgain(ports, object.records);
  if (outcome.faults.length === 0) await ports.setAside.remove(name);
  return { name, ...outcome };
}

type Outcome = Omit<Redriven, 'name'>;

/** The ledger is asked for the commits, for it is what counts; one that cannot be read leaves the object where it is. */
async function projectAgain(ports: RedrivePorts, refs: readonly CommitRef[]): Promise<Outcome> {
  const readable: StoredCommit[] = [];
  const faults: string[] = [];
  for (const { account, version } of refs) {
    const commit = await ports.log.read(account, version);
    if (commit !== undefined && isReadable(commit)) readable.push(commit);
    else
      faults.push(`commit ${account}@${version}: ${commit === undefined ? 'is not in the ledger' : 'cannot be read'}`);
  }
  await project(ports, readable);
  const { log, outcomes } = ports;
  if (outcomes !== undefined) await publishOutcomes({ log, outcomes }, decodeCommits(readable).decoded);
  return { sent: 0, projected: readable.length, faults };
}

function isReadable(commit: StoredCommit): boolean {
  try {
    decodeEvents(commit.events);
    return true;
  } catch {
    return false;
  }
}

async function sendAgain(ports: RedrivePorts, records: readonly Uint8Array[]): Promise<Outcome> {
  const reads = records.flatMap(decodeRecord);
  const commands = reads.flatMap(asRecheck);
  await ports.commands.send(commands);
  const faults = reads.flatMap((read) => (read.ok ? [] : [`command ${read.index}: ${read.fault}`]));
  return { sent: commands.length, projected: 0, faults };
}

function asRecheck(read: ReadCommand): readonly AccountCommand[] {
  return read.ok ? [{ ...read.command, recheck: true }] : [];
}
