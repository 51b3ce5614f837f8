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
  type ClaimableCommand,
  type ClaimSubject,
  claimIdOf,
  contentText,
  subjectOf,
  type TransferRecord,
} from '../contracts/claim.ts';
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
}

/** What is known of a command when the time is up. */
export type Acceptance =
  /** Its claim, with the outcome if there is one. */
  | { readonly kind: 'recorded'; readonly record: TransferRecord }
  /** It is durable in the stream, and nothing was seen of it since. */
  | { readonly kind: 'sent'; readonly at: number }
  /** Its identity stands for something else, and nothing will come of it. */
  | { readonly kind: 'conflict'; readonly standing: ClaimSubject };

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
    return { kind: 'conflict', standing: record.subject };
  }
  if (first.contentHash === asked.contentHash) return { kind: 'sent', at: sentAt };
  return { kind: 'conflict', standing: subjectOf(first.command) };
}
