/** Shows how the CSV of many banks is read by a mapping, and that a row that is wrong is named and nothing of its file is used. */
import { describe, expect, it } from 'vitest';
import { readCsvStatement } from '../../adapters/bank/csv-statement.ts';
import { StatementFileError } from '../../adapters/bank/statement-file.ts';
import { plainMapping, readCsvMapping } from '../../core/contracts/csv-mapping.ts';
import type { BankStatement } from '../../core/domain/bank-statement.ts';
import { transferId } from '../../local/bank/bank-file.ts';
import { day } from '../statements.ts';

function read(text: string | Uint8Array, mapping: object): readonly BankStatement[] {
  const checked = readCsvMapping(mapping);
  if (!('columns' in checked)) throw new Error(checked.join());
  return readCsvStatement(Buffer.from(text), { name: 'file.csv', mapping: checked, isPlain: false });
}

function faultsOf(text: string, mapping: object): readonly string[] {
  try {
    read(text, mapping);
  } catch (error) {
    if (error instanceof StatementFileError) return error.faults.map(({ place, reason }) => `${place}: ${reason}`);
    throw error;
  }
  return [];
}

const simple = { currency: 'EUR', columns: { bookingDate: 'date', amount: 'amount' } };

describe('a CSV', () => {
  it('of the plain kind needs no mapping', () => {
    const text =
      'booking_date,amount,currency,reference,text\n2026-03-05,-10.5,EUR,R1,"Hello, world"\n2026-03-07,3,EUR,,\n';
    const [statement] = readCsvStatement(Buffer.from(text), { name: 'file.csv', mapping: plainMapping, isPlain: true });
    expect(statement).toMatchObject({
      id: 'file.csv',
      currency: 'EUR',
      from: day('2026-03-05'),
      to: day('2026-03-07'),
    });
    expect(statement?.lines[0]).toMatchObject({
      place: 'line 2',
      references: ['R1'],
      amount: -1_050n,
      bookingDay: day('2026-03-05'),
      valueDay: day('2026-03-05'),
      text: 'Hello, world',
    });
  });

  it('of a German bank: semicolons, commas, dots, two columns, a preamble, another encoding', () => {
    const text =
      'Kontoauszug;;\nKonto;DE12;\nBuchung;Wertstellung;Soll;Haben;Zweck;Saldo\n' +
      '05.03.26;06.03.26;1.234,50;;Müller;-1.234,50\n05.03.26;;;10,00;Zins;-1.224,50\n';
    const mapping = {
      delimiter: ';',
      encoding: 'windows-1252',
      skipLines: 2,
      decimal: ',',
      thousands: '.',
      dateFormat: 'DD.MM.YY',
      currency: 'EUR',
      columns: {
        bookingDate: 'Buchung',
        valueDate: 'Wertstellung',
        amount: { credit: 'Haben', debit: 'Soll' },
        text: ['Zweck'],
        balance: 'Saldo',
      },
    };
    const [statement] = read(Buffer.from(text, 'latin1'), mapping);
    expect(
      statement?.lines.map(({ amount, text: told, balance, valueDay }) => [amount, told, balance, valueDay]),
    ).toEqual([
      [-123_450n, 'Müller', -123_450n, day('2026-03-06')],
      [1_000n, 'Zins', -122_450n, day('2026-03-05')],
    ]);
  });

  it('without headings, of several accounts, with words for the direction and derived references', () => {
    const mapping = {
      headings: false,
      dateFormat: 'YYMMDD',
      century: 1900,
      currency: 'JPY',
      columns: {
        bookingDate: 2,
        account: 1,
        references: [5],
        amount: { amount: 3, direction: 4, creditWords: ['in'], debitWords: ['out'] },
      },
      referenceNamespace: '6f051afd-1a3a-416d-86b5-b0c46fd79d70',
    };
    const statements = read('a,930105,500,in,17\nb,930106,7,out,18\na,930107,1,out,19\n', mapping);
    expect(statements.map(({ bankAccount, lines }) => [bankAccount, lines.map(({ amount }) => amount)])).toEqual([
      ['a', [500n, -1n]],
      ['b', [-7n]],
    ]);
    expect(statements[0]?.lines[0]?.references[0]).toBe(transferId('17').replaceAll('-', ''));
  });

  it.each([
    ['12.00', 1_200n],
    ['+12', 1_200n],
    ['-0.01', -1n],
    ['12.5-', -1_250n],
    ['007.10', 710n],
    ['1.000', 100n],
  ])('has the amount %s', (text, amount) => {
    expect(read(`date,amount\n2026-03-05,${text}\n`, simple)[0]?.lines[0]?.amount).toBe(amount);
  });
});

describe('a CSV is refused', () => {
  it.each([
    ['an amount with letters', 'date,amount\n2026-03-05,1O\n', 'line 2, amount: "1O" is no amount'],
    ['an amount with a comma', 'date,amount\n2026-03-05,"1,50"\n', 'line 2, amount: "1,50" is no amount'],
    ['two signs', 'date,amount\n2026-03-05,-1-\n', 'line 2, amount: "-1-" is no amount'],
    ['no amount', 'date,amount\n2026-03-05,\n', 'line 2, amount: "" is no amount'],
    ['parts of a cent', 'date,amount\n2026-03-05,1.001\n', 'line 2, amount: "1.001" is no amount'],
    ['another date', 'date,amount\n05.03.2026,1\n', 'line 2, bookingDate: "05.03.2026" is no date written YYYY-MM-DD'],
    ['no such day', 'date,amount\n2026-02-29,1\n', 'line 2, bookingDate: "2026-02-29" is no date'],
    ['no such column', 'day,amount\n2026-03-05,1\n', 'line 1: has no column "date"'],
    ['no booking', 'date,amount\n', 'file: holds no booking'],
    ['an open quote', 'date,amount\n"2026-03-05,1\n', 'line 2: Quote Not Closed'],
  ])('for %s', (_, text, fault) => {
    expect(faultsOf(text, simple)[0]).toContain(fault);
  });

  it('with every row that is wrong', () => {
    expect(faultsOf('date,amount\nx,1\n2026-03-05,1\n2026-03-05,y\n', simple)).toHaveLength(2);
  });

  it.each([
    ['a member that is not known', { ...simple, colums: {} }],
    ['no columns', { currency: 'EUR' }],
    ['a date without a year', { ...simple, dateFormat: 'DD.MM.' }],
  ])('for a mapping with %s', (_, mapping) => {
    expect(readCsvMapping(mapping)).toBeInstanceOf(Array);
  });
});
