/**
 * Claim first: before anything else is written, the identity of each transfer and request is bound to its content. What follows
 * from an existing claim:
 *
 *   other content                        conflict: the first stands, nothing is written
 *   terminal                             over: nothing is left to do
 *   a recheck                            go on: the log will be asked
 *   same content, same position          our own redelivery: go on
 *   same content, another position       a duplicate: nothing to do
 *
 * Who goes on with a claim does so in the name of whoever made it: the content of an identity does not say who asked, and a recheck
 * of somebody else must neither lend its rights to the first nor spoil what the first asked for.
 */
import {
  type Claim,
  claimantOf,
  claimIdOf,
  contentText,
  isClaimable,
  subjectOf,
  type TransferRecord,
} from '../contracts/claim.ts';
import { metrics } from '../contracts/env.ts';
import type { AccountCommand } from '../domain/account.ts';
import { isTerminal } from '../domain/outcome.ts';
import { comparePositions } from '../domain/position.ts';
import type { Digest, Meter, TransferStore } from '../ports.ts';
import type { PlacedCommand } from './read-batch.ts';

/** A command that is to be decided, with the origin of its leg: the arrival that its look-up goes back to. */
export interface ClaimedCommand extends PlacedCommand {
  /** UTC milliseconds: of a debit or request the claim's arrival, of a credit or refund its `issuedAt`. */
  readonly origin: number;
}

interface ClaimPorts {
  readonly transfers: TransferStore;
  readonly digest: Digest;
  readonly meter: Meter;
}

type StandingClaim = (Claim & Partial<Pick<TransferRecord, 'status'>>) | 'damaged';

/** What becomes of commands at their claims; each list in the order of the batch. */
export interface ClaimedBatch {
  /** To be decided. */
  readonly claimed: readonly ClaimedCommand[];
  /** Nothing can be said about these, since the claim that stands there cannot be read. */
  readonly damaged: readonly PlacedCommand[];
}

/** Claims what carries an identity, and sorts out what is to be decided. */
export async function claimCommands(
  { transfers, digest, meter }: ClaimPorts,
  commands: readonly PlacedCommand[],
): Promise<ClaimedBatch> {
  const claims = new Map<string, Claim>();
  const claimOfCommand = commands.map((placed) => claimFor(placed, digest));
  for (const claim of claimOfCommand) if (claim !== undefined && !claims.has(claim.id)) claims.set(claim.id, claim);
  const standing = await standingClaims(transfers, [...claims.values()]);
  const damaged: PlacedCommand[] = [];
  const claimed = commands.flatMap((placed, i) => {
    const claim = claimOfCommand[i];
    if (claim === undefined)
      return 'issuedAt' in placed.command ? [{ ...placed, origin: placed.command.issuedAt }] : [];
    const first = standing.get(claim.id) ?? claim;
    if (first === 'damaged') {
      damaged.push(placed);
      return [];
    }
    const obstacle = obstacleTo(placed, claim, first);
    if (obstacle === undefined) return [{ ...placed, command: inNameOf(first, placed.command), origin: first.arrival }];
    meter.count(metrics[obstacle], 1);
    return [];
  });
  return { claimed, damaged };
}

function claimFor(placed: PlacedCommand, digest: Digest): Claim | undefined {
  const { command, lane, position, arrival } = placed;
  if (!isClaimable(command)) return undefined;
  const contentHash = digest(contentText(command));
  return {
    id: claimIdOf(command),
    subject: subjectOf(command),
    contentHash,
    ...claimantOf(command),
    lane,
    position,
    arrival,
  };
}

function inNameOf({ by }: Pick<Claim, 'by'>, command: AccountCommand): AccountCommand {
  if (!isClaimable(command)) return command;
  if (by !== undefined)
    return command.actor === by && command.asOwner ? command : { ...command, actor: by, asOwner: true };
  if (command.asOwner === undefined) return command;
  const { actor: _, asOwner: __, ...anonymous } = command;
  return anonymous;
}

async function standingClaims(
  transfers: TransferStore,
  claims: readonly Claim[],
): Promise<ReadonlyMap<string, StandingClaim>> {
  const results = await transfers.claim(claims);
  return new Map(
    claims.map((claim, i): [string, StandingClaim] => {
      const result = results[i] ?? 'inserted';
      return [claim.id, result === 'inserted' ? claim : result];
    }),
  );
}

function obstacleTo(
  placed: PlacedCommand,
  claim: Claim,
  first: Exclude<StandingClaim, 'damaged'>,
): 'conflicts' | 'duplicates' | undefined {
  if (claim.contentHash !== first.contentHash) return 'conflicts';
  if (first.status !== undefined && isTerminal(first.status)) return 'duplicates';
  if (placed.command.recheck) return undefined;
  return comparePositions(placed.position, first.position) === 0 ? undefined : 'duplicates';
}
