/**
 * The entrance: commands that carry an identity go into the stream, and their outcome is waited for.
 *
 *   look ──nothing──> send ──> wait ──> over, or still on its way
 *     └──a claim──> other content: conflict
 *                   same content: wait for it, send nothing
 *
 * The first look is only to spare a second command: it may miss a claim that was just made, and the processor then takes the
 * command for the copy that it is. The entrance refuses nothing that depends on an account's state: that would leave no record,
 * and a retry could then succeed.
 */
import {
  type AcceptedRecord,
  type ClaimableCommand,
  type ClaimSubject,
  claimIdOf,
  contentText,
  subjectOf,
  type TransferRecord,
} from '../contracts/claim.ts';
import type { DebitAccount } from '../domain/account.ts';
import { isTerminal } from '../domain/outcome.ts';
import type { Clock, CommandStream, Digest, TransferStore } from '../ports.ts';
import { awaitOutcomes } from './await-outcomes.ts';

export interface EntrancePorts {
  readonly commands: CommandStream;
  readonly transfers: TransferStore;
  readonly clock: Clock;
  readonly digest: Digest;
  /** True where {@link CommandStream.send} resolves only after the commands were processed. */
  readonly settlesOnSend?: boolean;
  /**
   * Where debits are taken to their end in this very process: sends them, and tells what became of those that were new, in the same
   * order, once it is durable. Undefined stands for all others; of them it has to be asked.
   */
  readonly settleDebits?: (debits: readonly DebitAccount[]) => Promise<readonly (AcceptedRecord | undefined)[]>;
}

/** What is known of a command when the time is up. */
export type Acceptance =
  /** Its claim, with the outcome if there is one. */
  | { readonly kind: 'recorded'; readonly record: AcceptedRecord }
  /** It is durable in the stream, and nothing was seen of it since. */
  | { readonly kind: 'sent'; readonly at: number }
  /** Its identity stands for something else, and nothing will come of it. */
  | {
      readonly kind: 'conflict';
      readonly standing: ClaimSubject;
      /** Absent where the identity stands for another command of the same request. */
      readonly record?: TransferRecord;
    };

interface Asked {
  readonly id: string;
  readonly contentHash: string;
  readonly command: ClaimableCommand;
}

/**
 * Accepts commands and waits for them; the answers are in the same order. Of several with one identity the first is sent.
 * Rejects when the infrastructure fails: some may have been sent then, and asking again with the same identities is safe.
 *
 * @param until how long to wait for outcomes, UTC milliseconds
 */
export async function acceptCommands(
  ports: EntrancePorts,
  commands: readonly ClaimableCommand[],
  until: number,
): Promise<readonly Acceptance[]> {
  const debits = commands.filter((command) => command.type === 'DebitAccount');
  const isAtOnce = debits.length === commands.length && until > ports.clock.now();
  if (ports.settleDebits === undefined || !isAtOnce) return sendAndAwait(ports, commands, until);
  const settled = await ports.settleDebits(debits);
  const left = debits.filter((_, i) => settled[i] === undefined);
  const others = (await sendAndAwait(ports, left, until)).values();
  return settled.map((record): Acceptance => {
    if (record !== undefined) return { kind: 'recorded', record };
    const next = others.next();
    if (next.done === true) throw new Error('there are fewer answers than commands');
    return next.value;
  });
}

async function sendAndAwait(
  ports: EntrancePorts,
  commands: readonly ClaimableCommand[],
  until: number,
): Promise<readonly Acceptance[]> {
  const asked = commands.map((command): Asked => {
    return { id: claimIdOf(command), contentHash: ports.digest(contentText(command)), command };
  });
  const first = new Map<string, Asked>();
  for (const one of asked) if (!first.has(one.id)) first.set(one.id, one);
  const ids = [...first.keys()];
  if (ids.length === 0) return [];
  const known = await ports.transfers.get(ids, { consistent: false });
  const unknown = [...first.values()].filter(({ id }) => !known.has(id));
  const sentAt = ports.clock.now();
  if (unknown.length > 0) await ports.commands.send(unknown.map(({ command }) => command));
  const isOver = (record: TransferRecord) =>
    isTerminal(record.status) || record.contentHash !== first.get(record.id)?.contentHash;
  const records = await awaitOutcomes(ports, ids, known, isOver, until);
  return asked.map((one) => acceptanceOf(one, records.get(one.id), first.get(one.id) ?? one, sentAt));
}

function acceptanceOf(asked: Asked, record: TransferRecord | undefined, first: Asked, sentAt: number): Acceptance {
  if (record !== undefined) {
    if (record.contentHash === asked.contentHash) return { kind: 'recorded', record };
    return { kind: 'conflict', standing: record.subject, record };
  }
  if (first.contentHash === asked.contentHash) return { kind: 'sent', at: sentAt };
  return { kind: 'conflict', standing: subjectOf(first.command) };
}
