/**
 * The claim: the first record of a transfer's identity, made before anything else is written. Whoever claims first decides what
 * the identity stands for; the same identity with other content is a conflict and changes nothing.
 */
import type { AccountCommand, DebitAccount, RequestCommand, TransferContent } from '../domain/account.ts';
import { type LedgerRef, type Phase, requestClaimId, type Status, transferClaimId } from '../domain/outcome.ts';
import type { Position } from '../domain/position.ts';
import type { Reason } from '../domain/reason.ts';
import { toJson } from './json.ts';

/** What an identity stands for. */
export type ClaimSubject =
  | ({
      readonly type: 'transfer';
      /** Mark of its note; absent where it has none. */
      readonly note?: string;
    } & Omit<TransferContent, 'transfer'>)
  | {
      readonly type: 'request';
      readonly account: string;
      readonly command: RequestCommand['type'];
      /** What else was asked for, by the API's names of fields; absent where nothing was, and in claims of earlier versions. */
      readonly details?: RequestDetails;
    };

/** Values by field; amounts in minor units. They tell a conflict's fields, and are compared with nothing else. */
export type RequestDetails = Readonly<Record<string, string>>;

export interface Claim {
  /** `scope#transfer` or `scope#request#id`. */
  readonly id: string;
  readonly subject: ClaimSubject;
  /** SHA-256 of the content, hexadecimal. */
  readonly contentHash: string;
  /** Who asked first, as owner of an account; absent for operators and for the wallet itself. */
  readonly by?: string;
  readonly lane: number;
  readonly position: Position;
  /** Arrival of the record that was claimed, UTC milliseconds. */
  readonly arrival: number;
}

/** A claim with what the projection has told of it since. */
export interface TransferRecord extends Claim {
  readonly status: Status;
  readonly reason?: Reason;
  readonly ledgerRef?: LedgerRef;
  readonly phases?: readonly Phase[];
  /** Minor units. */
  readonly payerBalance?: bigint;
}

/** What an answer needs to know of a claim and its outcome. */
export type AcceptedRecord = Omit<TransferRecord, 'contentHash'>;

/** Commands that carry an identity of their own; credits and refunds are legs of a transfer that is claimed already. */
export type ClaimableCommand = DebitAccount | RequestCommand;

export function isClaimable(command: AccountCommand): command is ClaimableCommand {
  return command.type !== 'CreditAccount' && command.type !== 'RefundAccount';
}

/** Who made a claim, as it is remembered. */
export function claimantOf({ actor, asOwner }: ClaimableCommand): Pick<Claim, 'by'> {
  return asOwner === true && actor !== undefined ? { by: actor } : {};
}

export function claimIdOf(command: ClaimableCommand): string {
  return command.type === 'DebitAccount'
    ? transferClaimId(command.scope, command.transfer)
    : requestClaimId(command.scope, command.request);
}

export function subjectOf(command: ClaimableCommand): ClaimSubject {
  if (command.type !== 'DebitAccount') return requestSubjectOf(command);
  const { from, to, amount, currency, note } = command;
  return { type: 'transfer', from, to, amount, currency, ...(note === undefined ? {} : { note }) };
}

function requestSubjectOf(command: RequestCommand): ClaimSubject {
  const details = detailsOf(command);
  const subject = { type: 'request', account: command.account, command: command.type } as const;
  return details === undefined ? subject : { ...subject, details };
}

function detailsOf(command: RequestCommand): RequestDetails | undefined {
  if (command.type !== 'OpenAccount' && command.type !== 'ChangeLimits') return undefined;
  const { currency, overdraftLimit, transferLimit, dailyLimit } = command;
  const party = command.type === 'OpenAccount' ? { kind: command.kind, owner: command.owner } : {};
  const limits = { overdraft_limit: overdraftLimit, transfer_limit: transferLimit, daily_limit: dailyLimit };
  const named = Object.entries(limits).flatMap(([name, limit]) => (limit === undefined ? [] : [[name, String(limit)]]));
  return { ...party, currency, ...Object.fromEntries(named) };
}

/**
 * The text whose SHA-256 is the content's hash. It starts with a version, so that a later content with more members cannot be
 * taken for an earlier one.
 */
export function contentText(command: ClaimableCommand): string {
  switch (command.type) {
    case 'DebitAccount':
      return transferContentText(command);
    case 'OpenAccount': {
      const { account, kind, currency, owner, overdraftLimit, transferLimit, dailyLimit } = command;
      const content = [account, kind, currency, owner, overdraftLimit];
      if (transferLimit === undefined && dailyLimit === undefined) return toJson(['OpenAccount.1', ...content]);
      return toJson(['OpenAccount.2', ...content, transferLimit ?? null, dailyLimit ?? null]);
    }
    case 'ChangeLimits': {
      const { account, currency, overdraftLimit, transferLimit, dailyLimit } = command;
      return toJson(['ChangeLimits.1', account, { currency, overdraftLimit, transferLimit, dailyLimit }]);
    }
    case 'FinishClose':
      return toJson(['FinishClose.1', command.account, command.version]);
    default:
      return toJson([`${command.type}.1`, command.account]);
  }
}

/** As {@link contentText}, of a transfer: the same text as toJson makes of the list, for ids and codes hold nothing that JSON escapes. */
export function transferContentText(
  content: Omit<TransferContent, 'transfer'> & { readonly note?: string | undefined },
): string {
  const { from, to, amount, currency, note } = content;
  if (note === undefined) return `["transfer.1","${from}","${to}","${amount}","${currency}"]`;
  return `["transfer.2","${from}","${to}","${amount}","${currency}","${note}"]`;
}
