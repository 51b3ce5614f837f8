/**
 * Transfers on their way between the thread that serves HTTP and the thread that settles. What every transfer has goes as one text for
 * a whole request: to clone 500 debits and their outcomes as objects takes some 7 us each, to write and read these texts 0.6.
 */
import { type AcceptedRecord, claimantOf, subjectOf } from '../../core/contracts/claim.ts';
import type { DebitAccount } from '../../core/domain/account.ts';
import { type Phase, transferClaimId } from '../../core/domain/outcome.ts';

/** What all debits of one request have in common: who asks. */
type Asker = Pick<DebitAccount, 'scope' | 'actor' | 'asOwner'>;

/** Debits of one request, in their order. */
export interface PackedDebits {
  readonly asker: Asker;
  /** Five words for each: transfer, payer, payee, amount, currency. None of them holds a space. */
  readonly words: string;
}

/** What became of them, in the same order. */
export interface PackedOutcomes {
  /** When those arrived and ended that went as almost all do, UTC milliseconds. */
  readonly at: number;
  /** A word for each: the payer's balance where it went as almost all do, {@link OTHER}, or {@link UNKNOWN}. */
  readonly words: string;
  /** The others, in their order. */
  readonly others: readonly AcceptedRecord[];
}

/** It was not settled at once, so it has to be asked for. */
const UNKNOWN = '?';
/** It was settled, and there is more to tell than a balance. */
const OTHER = '!';
const WORDS_OF_DEBIT = 5;

/** Undefined where debits say something that not all of one request say. */
export function packDebits(debits: readonly DebitAccount[]): PackedDebits | undefined {
  const [first] = debits;
  if (first === undefined) return undefined;
  const { scope, actor, asOwner } = first;
  let words = '';
  for (const debit of debits) {
    const isUsual = debit.note === undefined && !debit.recheck;
    if (!isUsual || debit.scope !== scope || debit.actor !== actor || debit.asOwner !== asOwner) return undefined;
    words += `${debit.transfer} ${debit.from} ${debit.to} ${debit.amount} ${debit.currency} `;
  }
  const asker = { scope, ...(actor === undefined ? {} : { actor }), ...(asOwner === undefined ? {} : { asOwner }) };
  return { asker, words };
}

export function unpackDebits({ asker, words }: PackedDebits): readonly DebitAccount[] {
  const all = words.split(' ');
  const debits: DebitAccount[] = [];
  for (let i = 0; i + WORDS_OF_DEBIT <= all.length; i += WORDS_OF_DEBIT) {
    const [transfer = '', from = '', to = '', amount = ''] = [all[i], all[i + 1], all[i + 2], all[i + 3]];
    const content = { transfer, from, to, amount: BigInt(amount), currency: all[i + 4] ?? '' };
    debits.push({ type: 'DebitAccount', ...asker, ...content, recheck: false });
  }
  return debits;
}

export function packOutcomes(records: readonly (AcceptedRecord | undefined)[]): PackedOutcomes {
  const at = records.find((record) => record !== undefined)?.arrival ?? 0;
  const others: AcceptedRecord[] = [];
  let words = '';
  for (const record of records) {
    const balance = record === undefined ? undefined : usualBalance(record, at);
    if (balance !== undefined) words += `${balance} `;
    else if (record === undefined) words += `${UNKNOWN} `;
    else {
      words += `${OTHER} `;
      others.push(record);
    }
  }
  return { at, words, others };
}

/** @param debits those that the outcomes are of */
export function unpackOutcomes(
  { at, words, others }: PackedOutcomes,
  debits: readonly DebitAccount[],
): readonly (AcceptedRecord | undefined)[] {
  const all = words.split(' ');
  const left = others.values();
  const phases = usualPhases(at);
  return debits.map((debit, i) => {
    const word = all[i] ?? UNKNOWN;
    if (word === UNKNOWN) return undefined;
    if (word === OTHER) return left.next().value;
    const id = transferClaimId(debit.scope, debit.transfer);
    const claim = { id, subject: subjectOf(debit), ...claimantOf(debit), arrival: at };
    return { ...claim, status: 'completed', phases, payerBalance: BigInt(word) };
  });
}

/** The payer's balance after a transfer of which there is nothing else to tell than that it was completed at once. */
function usualBalance(record: AcceptedRecord, at: number): bigint | undefined {
  const { status, reason, arrival, phases = [], payerBalance } = record;
  if (status !== 'completed' || reason !== undefined || arrival !== at) return undefined;
  const isUsual = phases.length === USUAL_PHASES.length && phases.every((phase, i) => isUsualPhase(phase, i, at));
  return isUsual ? payerBalance : undefined;
}

const USUAL_PHASES = ['debit', 'credit_sent', 'credit'] as const;

function isUsualPhase({ phase, at, outcome }: Phase, i: number, usualAt: number): boolean {
  return phase === USUAL_PHASES[i] && outcome === 'ok' && at === usualAt;
}

function usualPhases(at: number): readonly Phase[] {
  return USUAL_PHASES.map((phase) => ({ phase, at, outcome: 'ok' }));
}
