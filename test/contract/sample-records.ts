/** Commits, claims and statuses for contract tests, with everything that a test does not care about filled in. */
import { sha256 } from '../../adapters/node/sha256.ts';
import { type Claim, transferContentText } from '../../core/contracts/claim.ts';
import type { StoredCommit } from '../../core/contracts/stored-commit.ts';
import type { StatusWrite } from '../../core/domain/outcome.ts';

/** A moment that tests take for the origin of what they do, UTC milliseconds. */
export const T0 = 1_767_225_600_000;
/** Sequence numbers of Kinesis have 56 digits. */
export const SEQUENCE = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;

let accounts = 0;
/** Key of an account that no other test uses: the tests of one store run on one table. */
export function newAccount(): string {
  accounts += 1;
  return `default#account-${accounts}`;
}

let transfers = 0;
/** Identity of a transfer that no other test uses. */
export function newTransferId(): string {
  transfers += 1;
  return `00000000-0000-4000-8000-${String(transfers).padStart(12, '0')}`;
}

export function commit(account: string, version: number, more: Partial<StoredCommit> = {}): StoredCommit {
  return {
    v: 1,
    account,
    version,
    at: T0 + version,
    position: { epoch: 1, sequence: SEQUENCE + BigInt(version), index: version },
    highArrival: T0,
    prevHash: version === 1 ? '' : sha256(`${account} ${version - 1}`),
    hash: sha256(`${account} ${version}`),
    state: '{"owner":"Ada \\"the first\\" Lovelace \u00e9"}',
    events: `[{"version":${version}}]`,
    ...more,
  };
}

export function transferClaim(more: Partial<Claim> = {}): Claim {
  const id = `default#${newTransferId()}`;
  return {
    id,
    subject: { type: 'transfer', from: 'alice', to: 'bob', amount: 999_999_999_999_999_999n, currency: 'USD' },
    contentHash: sha256(id),
    lane: 8_191,
    position: { epoch: 1, sequence: SEQUENCE, index: 3 },
    arrival: T0,
    ...more,
  };
}

export function notedClaim(): Claim {
  const subject = { type: 'transfer', from: 'alice', to: 'bob', amount: 1n, currency: 'USD' } as const;
  const note = sha256('note');
  const content = { ...subject, note };
  return transferClaim({ subject: content, contentHash: sha256(transferContentText(content)) });
}

export function requestClaim(more: Partial<Claim> = {}): Claim {
  const id = `default#request#${newTransferId()}`;
  const subject = { type: 'request', account: 'alice', command: 'FreezeAccount' } as const;
  return { ...transferClaim(), id, subject, ...more };
}

export function openingClaim(more: Partial<Claim> = {}): Claim {
  const details = { kind: 'customer', owner: 'Ada "the first" \\', currency: 'USD', daily_limit: '1050' };
  return requestClaim({ subject: { type: 'request', account: 'alice', command: 'OpenAccount', details }, ...more });
}

export function completed(id: string): StatusWrite {
  return {
    id,
    status: 'completed',
    ledgerRef: { account: 'default#bob', version: 7, index: 12 },
    phases: [
      { phase: 'debit', at: T0 + 1, outcome: 'ok' },
      { phase: 'credit_sent', at: T0 + 2, outcome: 'ok' },
      { phase: 'credit', at: T0 + 3, outcome: 'ok' },
    ],
    payerBalance: -123_456_789_012_345_678n,
  };
}

export function refused(id: string): StatusWrite {
  return {
    ...completed(id),
    status: 'refused',
    reason: 'account_frozen',
    phases: [{ phase: 'credit', at: T0 + 3, outcome: 'account_frozen' }],
  };
}

export function reversed(id: string): StatusWrite {
  return {
    id,
    status: 'reversed',
    reason: 'account_frozen',
    ledgerRef: { account: 'default#alice', version: 9, index: 0 },
    phases: [{ phase: 'refund', at: T0 + 5, outcome: 'ok' }],
    payerBalance: 10n,
  };
}

export function rejected(id: string): StatusWrite {
  return {
    id,
    status: 'rejected',
    reason: 'insufficient_funds',
    ledgerRef: { account: 'default#alice', version: 9, index: 0 },
    phases: [{ phase: 'debit', at: T0 + 5, outcome: 'insufficient_funds' }],
  };
}
