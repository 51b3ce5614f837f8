/**
 * Shows that a bank's file is read or refused, whatever happened to it: pieces of sound files cut out, doubled, swapped or replaced by
 * what parsers fear. A file that is read adds up; one that is refused says where; nothing else is ever thrown.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCamt053 } from '../../adapters/bank/camt053.ts';
import { readCsvStatement } from '../../adapters/bank/csv-statement.ts';
import { StatementFileError } from '../../adapters/bank/statement-file.ts';
import { plainMapping } from '../../core/contracts/csv-mapping.ts';
import { type BankStatement, statementGap } from '../../core/domain/bank-statement.ts';
import { planBankFile } from '../../local/bank/bank-file.ts';
import { makeCamt } from '../../local/bank/make-camt.ts';
import { makeSample } from '../../local/bank/make-sample.ts';

const sample = makeSample().split('\n').slice(0, 30).join('\n');
const camt = makeCamt(planBankFile(`${sample}\n`), { seed: 1, breaks: 0 }).xml;
const csv =
  'booking_date,value_date,amount,currency,id,reference,text,balance\n' +
  '2026-03-05,2026-03-06,-10.50,EUR,1,R1,"a ""quoted"" text",89.50\n2026-03-07,,3,EUR,2,,,92.50\n';

const feared = fc.constantFrom(
  '<!DOCTYPE x [<!ENTITY a "aaaa">]>',
  '&a;',
  '&#0;',
  '&#x110000;',
  '<![CDATA[<Ntry>]]>',
  '<Amt Ccy="CZK">-1</Amt>',
  '<__proto__>1</__proto__>',
  '<constructor/>',
  '<Ntry/>',
  '<?xml version="1.0"?>',
  '\0',
  '"',
  ',',
  '\n',
  '99999999999999999999',
  '1e400',
  'NaN',
  '\ufeff',
  '\ud800',
);

interface Wound {
  readonly from: number;
  readonly length: number;
  readonly by: string;
}
const wound: fc.Arbitrary<Wound> = fc.record({
  from: fc.nat(),
  length: fc.integer({ min: 0, max: 60 }),
  by: fc.oneof(feared, fc.string({ maxLength: 5 }), fc.constant('')),
});

function wounded(text: string, wounds: readonly Wound[]): Uint8Array {
  let result = text;
  for (const { from, length, by } of wounds) {
    const at = from % (result.length + 1);
    result = result.slice(0, at) + by + result.slice(at + length);
  }
  return Buffer.from(result);
}

function readOrRefuse(read: () => readonly BankStatement[]): readonly BankStatement[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof StatementFileError)) throw error;
    expect(error.faults.length).toBeGreaterThan(0);
    expect(error.faults.every(({ place, reason }) => place !== '' && reason !== '')).toBe(true);
    return [];
  }
}

function isSound({ lines, currency }: BankStatement): boolean {
  const ids = new Set(lines.map(({ id }) => id));
  const days = lines.flatMap(({ bookingDay, valueDay }) => [bookingDay, valueDay]);
  return ids.size === lines.length && days.every(Number.isSafeInteger) && currency !== '';
}

describe('a file with wounds', () => {
  const wounds = fc.array(wound, { minLength: 1, maxLength: 3 });

  it('in camt.053 is read and adds up, or is refused', () => {
    expect(readCamt053(Buffer.from(camt)).length).toBeGreaterThan(0);
    fc.assert(
      fc.property(wounds, (list) => {
        for (const statement of readOrRefuse(() => readCamt053(wounded(camt, list)))) {
          expect(isSound(statement)).toBe(true);
          expect(statementGap(statement)).toBe(0n);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('in CSV is read or refused', () => {
    const options = { name: 'file.csv', mapping: plainMapping, isPlain: true };
    expect(readCsvStatement(Buffer.from(csv), options)).toHaveLength(1);
    fc.assert(
      fc.property(wounds, (list) => {
        const statements = readOrRefuse(() => readCsvStatement(wounded(csv, list), options));
        expect(statements.every(isSound)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
