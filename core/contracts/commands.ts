/**
 * Commands as they travel in the stream. A record holds the commands of one lane, several where a caller sent several at once;
 * each is read on its own, so one that cannot be read does not hide the others.
 */
import * as z from 'zod/mini';
import type { AccountCommand } from '../domain/account.ts';
import {
  accountId,
  accountKind,
  currencyCode,
  eventRef,
  milliseconds,
  minorUnits,
  noteMark,
  partyName,
  positiveMinorUnits,
  requestId,
  scopeName,
  toJson,
  trace,
  transferId,
  version,
} from './json.ts';

/** Version of the record's shape. */
export const COMMAND_RECORD_VERSION = 1;
/** Kinesis takes records of 1 MiB; well below that, one record is a fair share of a batch. */
export const MAX_RECORD_BYTES = 256 * 1024;

const envelope = { scope: scopeName, actor: z.exactOptional(partyName), recheck: z.boolean() };
const asOwner = z.exactOptional(z.literal(true));
const request = { ...envelope, asOwner, request: requestId, account: accountId };
const transfer = {
  ...envelope,
  transfer: transferId,
  from: accountId,
  to: accountId,
  amount: positiveMinorUnits,
  currency: currencyCode,
};
const leg = { ...transfer, issuedAt: milliseconds, debitRef: eventRef, trace };

export const commandSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('OpenAccount'),
    ...request,
    kind: accountKind,
    currency: currencyCode,
    owner: partyName,
    overdraftLimit: minorUnits,
    transferLimit: z.exactOptional(minorUnits),
    dailyLimit: z.exactOptional(minorUnits),
  }),
  z.object({
    type: z.literal('ChangeLimits'),
    ...request,
    currency: currencyCode,
    overdraftLimit: z.exactOptional(minorUnits),
    transferLimit: z.exactOptional(z.nullable(minorUnits)),
    dailyLimit: z.exactOptional(z.nullable(minorUnits)),
  }),
  z.object({ type: z.literal('FreezeAccount'), ...request }),
  z.object({ type: z.literal('UnfreezeAccount'), ...request }),
  z.object({ type: z.literal('CloseAccount'), ...request }),
  z.object({ type: z.literal('FinishClose'), ...request, version }),
  z.object({ type: z.literal('DebitAccount'), ...transfer, asOwner, note: z.exactOptional(noteMark) }),
  z.object({ type: z.literal('CreditAccount'), ...leg, cancel: z.boolean() }),
  z.object({ type: z.literal('RefundAccount'), ...leg, refusalRef: eventRef }),
]);

const recordSchema = z.object({
  v: z.literal(COMMAND_RECORD_VERSION),
  commands: z.array(z.unknown()).check(z.minLength(1)),
});

/** JSON text of one command, as it stands in a record. */
export function encodeCommand(command: AccountCommand): string {
  return toJson(command);
}

/** JSON text of a record that holds these encoded commands, in this order. */
export function encodeRecord(commands: readonly string[]): string {
  return `{"v":${COMMAND_RECORD_VERSION},"commands":[${commands.join(',')}]}`;
}

/** One command of a record, or why it cannot be read. */
export type ReadCommand =
  | { readonly ok: true; readonly index: number; readonly command: AccountCommand }
  | { readonly ok: false; readonly index: number; readonly fault: string };

/** Reads a record's bytes. A record that is no record at all is one fault with index -1. */
export function decodeRecord(data: Uint8Array): readonly ReadCommand[] {
  const record = recordSchema.safeParse(parseJson(data));
  if (!record.success) return [{ ok: false, index: -1, fault: firstFault(record.error) }];
  return record.data.commands.map((candidate, index) => readCommand(candidate, index));
}

function readCommand(candidate: unknown, index: number): ReadCommand {
  const parsed = commandSchema.safeParse(candidate);
  return parsed.success
    ? { ok: true, index, command: parsed.data }
    : { ok: false, index, fault: firstFault(parsed.error) };
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    return undefined;
  }
}

function firstFault(error: z.core.$ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'unreadable' : `${issue.path.map(String).join('.') || 'record'}: ${issue.message}`;
}
