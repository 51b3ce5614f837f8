/**
 * Shows how a file of the bank becomes accounts, transfers and expected balances: each kind of movement finds its partner, a
 * day's movements are put in the order that their balances tell, and a wrong row is refused with line, field and reason.
 * Small files are written here; with BANK_FILE in the environment the whole of that file is read as well.
 */
import { validate, version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { planBankFile, readBankFile } from '../../local/bank/bank-file.ts';
import { BankFileError, bankColumns } from '../../local/bank/movements.ts';

const header = bankColumns.join();

function plan(...rows: string[]) {
  return planBankFile([header, ...rows, ''].join('\n'));
}

function faultsOf(text: string) {
  try {
    planBankFile(text);
  } catch (error) {
    if (error instanceof BankFileError) return error.faults;
    throw error;
  }
  return [];
}

describe('partners', () => {
  it.each([
    ['cash in', '1,7,930101,PRIJEM,VKLAD,10.00,10.00,,,', 'settlement:cash', 'berka:7'],
    ['cash out', '1,7,930101,VYDAJ,VYBER,10.00,-10.00,,,', 'berka:7', 'settlement:cash'],
    ['cash out, the other type', '1,7,930101,VYBER,VYBER,10.00,-10.00,,,', 'berka:7', 'settlement:cash'],
    ['card', '1,7,930101,VYDAJ,VYBER KARTOU,10.00,-10.00,,,', 'berka:7', 'settlement:card'],
    [
      'from another bank',
      '1,7,930101,PRIJEM,PREVOD Z UCTU,10.00,10.00,DUCHOD,YZ,4711',
      'settlement:bank:yz',
      'berka:7',
    ],
    ['to another bank', '1,7,930101,VYDAJ,PREVOD NA UCET,10.00,-10.00,SIPO,Ab,4711', 'berka:7', 'settlement:bank:ab'],
    ['to a bank left out', '1,7,930101,VYDAJ,PREVOD NA UCET,10.00,-10.00,,,', 'berka:7', 'settlement:bank:unknown'],
    ['interest', '1,7,930101,PRIJEM,,10.00,10.00,UROK,,', 'settlement:interest', 'berka:7'],
    [
      'penalty interest, booked as cash',
      '1,7,930101,VYDAJ,VYBER,10.00,-10.00,SANKC. UROK,,',
      'berka:7',
      'settlement:interest',
    ],
    ['fee, booked as cash', '1,7,930101,VYDAJ,VYBER,10.00,-10.00,SLUZBY,,', 'berka:7', 'settlement:fees'],
    ['household payment in cash', '1,7,930101,VYDAJ,VYBER,10.00,-10.00,SIPO,,', 'berka:7', 'settlement:cash'],
    ['blank symbol', '1,7,930101,VYDAJ,VYBER,10.00,-10.00, ,,', 'berka:7', 'settlement:cash'],
  ])('%s', (_, row, from, to) => {
    expect(plan(row).transfers).toMatchObject([
      { from_account: from, to_account: to, amount: '10.00', currency: 'CZK' },
    ]);
  });
});

describe('plan', () => {
  const rows = [
    '11,7,930101,PRIJEM,VKLAD,100.00,100.00,,,',
    '12,8,930101,PRIJEM,VKLAD,0.50,0.50,,,',
    '13,7,930102,VYDAJ,VYBER,130.25,-30.25,,,',
    '14,7,930102,VYDAJ,VYBER,14.60,-44.85,SLUZBY,,',
  ];

  it('opens settlement accounts first, and lets customers overdraw by all that leaves them', () => {
    const settlement = { currency: 'CZK', kind: 'settlement', owner: 'bank', overdraft_limit: '0.00' };
    expect(plan(...rows).accounts).toEqual([
      { account_id: 'settlement:cash', ...settlement },
      { account_id: 'settlement:fees', ...settlement },
      { account_id: 'berka:7', currency: 'CZK', kind: 'customer', owner: 'holder of 7', overdraft_limit: '144.85' },
      { account_id: 'berka:8', currency: 'CZK', kind: 'customer', owner: 'holder of 8', overdraft_limit: '0.00' },
    ]);
  });

  it('expects the exact sums, which are zero together', () => {
    const { expected } = plan(...rows);
    expect(expected).toEqual(
      new Map([
        ['berka:7', -44_85n],
        ['berka:8', 50n],
        ['settlement:cash', 29_75n],
        ['settlement:fees', 14_60n],
      ]),
    );
    expect([...expected.values()].reduce((sum, minor) => sum + minor)).toBe(0n);
  });

  it('gives a row the same id in every run, and each row its own', () => {
    const ids = plan(...rows).transfers.map((transfer) => transfer.transaction_id);
    expect(ids).toEqual(plan(...rows).transfers.map((transfer) => transfer.transaction_id));
    expect(new Set(ids).size).toBe(rows.length);
    expect(ids.every((id) => validate(id) && version(id) === 5)).toBe(true);
  });

  it('knows its ids by heart: changing them would move all money a second time', () => {
    expect(plan(rows[0] ?? '').transfers[0]?.transaction_id).toBe('86b94636-9f7c-5683-805b-3b4bce1f52db');
  });

  it('tells the days', () => {
    expect(plan(...rows).days).toEqual([
      { day: '1993-01-01', first: 0, count: 2 },
      { day: '1993-01-02', first: 2, count: 2 },
    ]);
  });

  it('leaves out movements of nothing, but opens their account', () => {
    const nothing = plan('1,7,930101,PRIJEM,,0.00,0.00,UROK,,');
    expect(nothing).toMatchObject({ transfers: [], leftOut: 1, accounts: [{}, { account_id: 'berka:7' }] });
    expect(nothing.expected.get('berka:7')).toBe(0n);
  });

  it('reads a file with a byte order mark and line ends of another system', () => {
    expect(planBankFile(`\uFEFF${[header, ...rows].join('\r\n')}\r\n`)).toEqual(plan(...rows));
  });
});

describe('order of a day', () => {
  const amounts = (text: ReturnType<typeof plan>) => text.transfers.map((transfer) => transfer.amount);

  it('follows the balances, and leaves other accounts where they were', () => {
    const ordered = plan(
      '1,7,930101,PRIJEM,VKLAD,100.00,100.00,,,',
      '2,7,930102,VYDAJ,VYBER,30.00,60.00,,,',
      '3,8,930102,PRIJEM,VKLAD,5.00,5.00,,,',
      '4,7,930102,VYDAJ,VYBER,10.00,90.00,,,',
      '5,7,930102,PRIJEM,VKLAD,1.00,61.00,,,',
    );
    expect(amounts(ordered)).toEqual(['100.00', '10.00', '5.00', '30.00', '1.00']);
    expect(ordered.unchained).toBe(0);
  });

  it('bears the bank’s hidden rounding', () => {
    const ordered = plan(
      '1,7,930101,PRIJEM,VKLAD,100.00,100.00,,,',
      '2,7,930102,VYDAJ,VYBER,30.10,59.80,,,',
      '3,7,930102,VYDAJ,VYBER,10.00,90.10,,,',
    );
    expect(amounts(ordered)).toEqual(['100.00', '10.00', '30.10']);
    expect(ordered.unchained).toBe(0);
  });

  it('keeps the file’s order, and counts it, where no order fits', () => {
    const ordered = plan('1,7,930101,PRIJEM,VKLAD,100.00,100.00,,,', '2,7,930102,VYDAJ,VYBER,1.00,500.00,,,');
    expect(amounts(ordered)).toEqual(['100.00', '1.00']);
    expect(ordered.unchained).toBe(1);
  });

  it('orders a day with more movements than can be searched', () => {
    const count = 12;
    const rows = Array.from({ length: count }, (_, at) => `${at + 2},7,930102,PRIJEM,VKLAD,1.00,${at + 1}.00,,,`);
    const ordered = plan('1,7,930101,PRIJEM,,0.00,0.00,UROK,,', ...rows.reverse());
    expect(ordered.transfers).toHaveLength(count);
    expect(ordered.unchained).toBe(0);
  });

  it('sorts the days of a file that is out of order', () => {
    const ordered = plan('1,7,930102,VYDAJ,VYBER,1.00,1.00,,,', '2,7,930101,PRIJEM,VKLAD,2.00,2.00,,,');
    expect(amounts(ordered)).toEqual(['2.00', '1.00']);
  });
});

describe('faults', () => {
  const good = '1,7,930101,PRIJEM,VKLAD,10.00,10.00,,,';

  it.each([
    ['trans_id', 'x1,7,930102,PRIJEM,VKLAD,10.00,10.00,,,', '"x1" is not a number of 1 to 18 digits'],
    ['account_id', '2,,930102,PRIJEM,VKLAD,10.00,10.00,,,', '"" is not a number of 1 to 18 digits'],
    ['date', '2,7,930230,PRIJEM,VKLAD,10.00,10.00,,,', '"930230" is not a day written YYMMDD'],
    ['date', '2,7,1993-01-02,PRIJEM,VKLAD,10.00,10.00,,,', '"1993-01-02" is not a day written YYMMDD'],
    ['type', '2,7,930102,CREDIT,VKLAD,10.00,10.00,,,', '"CREDIT" is not PRIJEM, VYDAJ or VYBER'],
    ['operation', '2,7,930102,PRIJEM,GIFT,10.00,10.00,,,', '"GIFT" is not an operation of the bank'],
    ['operation', '2,7,930102,PRIJEM,,10.00,10.00,,,', 'is empty, and k_symbol and bank name no partner'],
    ['amount', '2,7,930102,PRIJEM,VKLAD,10.005,10.00,,,', '"10.005" is not an amount (too_many_decimals)'],
    ['amount', '2,7,930102,PRIJEM,VKLAD,-10.00,10.00,,,', '"-10.00" is not an amount (not_a_decimal)'],
    ['balance', '2,7,930102,PRIJEM,VKLAD,10.00,--1,,,', '"--1" is not a balance'],
    [
      'bank',
      '2,7,930102,VYDAJ,PREVOD NA UCET,10.00,0.00,,A:B,',
      '"A:B" is not a bank code of at most 8 letters and digits',
    ],
    ['row', '2,7,930102,PRIJEM', 'has 4 fields, not 10'],
    ['trans_id', good, '1 was used in line 2 already'],
  ])('%s of %s', (field, row, reason) => {
    expect(faultsOf([header, good, row].join('\n'))).toEqual([{ line: 3, field, reason }]);
  });

  it('names every fault of the file, also after empty lines', () => {
    const text = [
      header,
      '',
      '1,7,930101,GIFT,VKLAD,ten,10.00,,,',
      good,
      '3,7,930101,PRIJEM,VKLAD,10.00,10.00,,,,',
      '',
    ];
    expect(faultsOf(text.join('\n')).map(({ line, field }) => `${line} ${field}`)).toEqual([
      '3 type',
      '3 amount',
      '5 row',
    ]);
  });

  it('shows the first twenty in its message and counts the rest', () => {
    const rows = Array.from({ length: 23 }, () => good);
    expect(() => plan(...rows)).toThrow(/line 3, trans_id: .*and 2 more$/s);
  });

  it.each([
    ['an empty file', '', 1],
    ['another header', 'a,b,c\n1,2,3\n', 1],
    ['no movement', `${header}\n`, 1],
    ['a quote that never ends', `${header}\n${good}\n"2,7\n`, 3],
  ])('%s', (_, text, line) => {
    expect(faultsOf(text)).toMatchObject([{ line, field: 'row' }]);
  });
});

const bankFile = process.env['BANK_FILE'];

describe.skipIf(bankFile === undefined)('the file in BANK_FILE', () => {
  it('chains in full, and its sums are zero together', async () => {
    const whole = await readBankFile(bankFile ?? '');
    expect(whole.unchained).toBe(0);
    expect(whole.transfers.length).toBeGreaterThan(0);
    expect([...whole.expected.values()].reduce((sum, minor) => sum + minor)).toBe(0n);
  });
});
