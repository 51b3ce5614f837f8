/**
 * A claim, and what became of it, as an item. Names are storage format. What the projection tells is one attribute that is
 * written whole, so nothing of an earlier status is left beside a later one; status and rank stand apart for conditions and for
 * people who look at the table.
 */
import * as z from 'zod/mini';
import type { Claim, ClaimSubject, RequestDetails, TransferRecord } from '../../core/contracts/claim.ts';
import { eventRef, milliseconds, minorUnits, reason, requestCommands, toJson } from '../../core/contracts/json.ts';
import { rankOf, type StatusWrite } from '../../core/domain/outcome.ts';
import {
  bigintAttribute,
  bytesOfHex,
  bytesOfPosition,
  hexAttribute,
  integerAttribute,
  number,
  positionAttribute,
  present,
  readItem,
  text,
  textAttribute,
} from './item-attributes.ts';
import type { Item } from './item-size.ts';

const status = z.enum(['claimed', 'refused', 'completed', 'reversed', 'rejected']);
const command = z.enum(requestCommands);
const phaseName = z.enum(['debit', 'credit_sent', 'credit', 'refund_sent', 'refund', 'request']);

const outcomeSchema = z.object({
  reason: z.exactOptional(reason),
  ledger: z.object({ account: z.string(), ...eventRef.shape }),
  phases: z.array(z.tuple([phaseName, milliseconds, z.union([z.literal('ok'), reason])])),
  payerBalance: z.exactOptional(minorUnits),
});

const detailsSchema = z.record(z.string(), z.string());

const claimed = {
  id: textAttribute,
  hash: hexAttribute,
  by: z.exactOptional(textAttribute),
  lane: integerAttribute,
  position: positionAttribute,
  arrival: integerAttribute,
  status: z.pipe(textAttribute, status),
  outcome: z.exactOptional(textAttribute),
};
const itemSchema = z.union([
  z.object({
    ...claimed,
    from: textAttribute,
    to: textAttribute,
    amount: bigintAttribute,
    currency: textAttribute,
    note: z.exactOptional(hexAttribute),
  }),
  z.object({
    ...claimed,
    account: textAttribute,
    command: z.pipe(textAttribute, command),
    details: z.exactOptional(textAttribute),
  }),
]);

export function itemOfClaim(claim: Claim): Item {
  const { subject } = claim;
  const content =
    subject.type === 'transfer'
      ? {
          from: text(subject.from),
          to: text(subject.to),
          amount: number(subject.amount),
          currency: text(subject.currency),
          note: subject.note === undefined ? undefined : bytesOfHex(subject.note),
        }
      : { account: text(subject.account), command: text(subject.command), ...itemOfDetails(subject.details) };
  return present({
    id: text(claim.id),
    ...content,
    hash: bytesOfHex(claim.contentHash),
    ...(claim.by === undefined ? {} : { by: text(claim.by) }),
    lane: number(claim.lane),
    position: bytesOfPosition(claim.position),
    arrival: number(claim.arrival),
    rank: number(rankOf('claimed')),
    status: text('claimed'),
  });
}

function itemOfDetails(details: RequestDetails | undefined): Item {
  return details === undefined ? {} : { details: text(toJson(details)) };
}

/** What raising a status sets. */
export function attributesOfStatus(write: StatusWrite): {
  readonly rank: Item[string];
  readonly status: Item[string];
  readonly outcome: Item[string];
} {
  const outcome = toJson({
    reason: write.reason,
    ledger: write.ledgerRef,
    phases: write.phases.map(({ phase, at, outcome: result }) => [phase, at, result]),
    payerBalance: write.payerBalance,
  });
  return { rank: number(rankOf(write.status)), status: text(write.status), outcome: text(outcome) };
}

/** Reads a record; throws `DamagedItem` on an item that is none. */
export function recordOfItem(item: unknown): TransferRecord {
  const read = readItem(itemSchema, item, 'a claim');
  const { id, lane, position, arrival } = read;
  const outcome = read.outcome === undefined ? {} : outcomeOf(read.outcome);
  return {
    id,
    subject: subjectOf(read),
    contentHash: read.hash,
    ...(read.by === undefined ? {} : { by: read.by }),
    lane,
    position,
    arrival,
    status: read.status,
    ...outcome,
  };
}

function subjectOf(read: z.output<typeof itemSchema>): ClaimSubject {
  if ('command' in read) {
    const subject = { type: 'request', account: read.account, command: read.command } as const;
    const details = read.details === undefined ? undefined : detailsSchema.safeParse(parsed(read.details));
    return details?.success ? { ...subject, details: details.data } : subject;
  }
  const { from, to, amount, currency, note } = read;
  return { type: 'transfer', from, to, amount, currency, ...(note === undefined ? {} : { note }) };
}

/** What cannot be read of an outcome, of a later version for instance, is left out; status and rank tell what counts. */
function outcomeOf(json: string): Pick<TransferRecord, 'reason' | 'ledgerRef' | 'phases' | 'payerBalance'> {
  const read = outcomeSchema.safeParse(parsed(json));
  if (!read.success) return {};
  const { ledger, phases, ...rest } = read.data;
  return { ...rest, ledgerRef: ledger, phases: phases.map(([phase, at, result]) => ({ phase, at, outcome: result })) };
}

/** A text that is no JSON is nothing, which no schema takes. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
