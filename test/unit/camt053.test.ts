/**
 * Shows what of a camt.053 becomes a booking: both directions, reversals, batches, pending entries, both shapes of codes, any
 * namespace prefix; and that whatever is wrong is refused as a whole under the name of its element, also what an attacker would
 * send.
 */
import { describe, expect, it } from 'vitest';
import { readCamt053 } from '../../adapters/bank/camt053.ts';
import { StatementFileError } from '../../adapters/bank/statement-file.ts';
import type { BankLine } from '../../core/domain/bank-statement.ts';
import { day } from '../statements.ts';

interface Parts {
  readonly version?: string;
  readonly entries?: string;
  readonly opening?: string;
  readonly closing?: string;
  readonly balances?: string;
  readonly head?: string;
}

const bal = (code: string, amount: string, date: string, indicator = 'CRDT') =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${indicator}</CdtDbtInd><Dt><Dt>${date}</Dt></Dt></Bal>`;
const ntry = (amount: string, indicator: string, more = '', status = '<Sts>BOOK</Sts>') =>
  `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${indicator}</CdtDbtInd>${status}<BookgDt><Dt>2026-03-05</Dt></BookgDt>${more}</Ntry>`;

function camt({ version = '02', entries = '', opening = '0', closing = '0', balances, head = '' }: Parts): Uint8Array {
  const told = balances ?? bal('OPBD', opening, '2026-03-01') + bal('CLBD', closing, '2026-03-31');
  return Buffer.from(`${head}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><BkToCstmrStmt>
    <GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>S 7</Id><Acct><Id><IBAN>CZ6508000000192000145399</IBAN></Id><Ccy>EUR</Ccy></Acct>
    ${told}${entries}</Stmt></BkToCstmrStmt></Document>`);
}

function linesOf(parts: Parts): readonly BankLine[] {
  return readCamt053(camt(parts)).flatMap(({ lines }) => lines);
}

function faultsOf(bytes: Uint8Array): readonly string[] {
  try {
    readCamt053(bytes);
  } catch (error) {
    if (error instanceof StatementFileError) return error.faults.map(({ place, reason }) => `${place}: ${reason}`);
    throw error;
  }
  return [];
}

describe('a statement', () => {
  it('has an account, days and balances', () => {
    const [read] = readCamt053(camt({ opening: '5.00', closing: '15', entries: ntry('10.00', 'CRDT') }));
    expect(read).toMatchObject({
      id: 'S 7',
      bankAccount: 'CZ6508000000192000145399',
      currency: 'EUR',
      from: day('2026-03-01'),
      to: day('2026-03-31'),
      opening: 500n,
      closing: 1_500n,
    });
  });

  it('may begin with the closing balance of the day before, below zero', () => {
    const balances = bal('PRCD', '3', '2026-02-28', 'DBIT') + bal('CLBD', '3.00', '2026-03-31', 'DBIT');
    expect(readCamt053(camt({ balances }))[0]).toMatchObject({
      opening: -300n,
      closing: -300n,
      from: day('2026-03-01'),
    });
  });

  it.each(['02', '04', '06', '08', '10', '13'])('may be of version %s, with a prefix or without', (version) => {
    const plain = camt({ version, entries: ntry('1', 'CRDT') + ntry('1', 'DBIT') });
    const prefixed = Buffer.from(
      Buffer.from(plain)
        .toString()
        .replace('xmlns=', 'xmlns:n=')
        .replaceAll(/<(\/?)([A-Z])/g, '<$1n:$2'),
    );
    expect(readCamt053(prefixed)).toEqual(readCamt053(plain));
  });

  it('may be written in another encoding', () => {
    const head = '<?xml version="1.0" encoding="ISO-8859-1"?>';
    const text = ntry('1', 'CRDT', '<AddtlNtryInf>Café</AddtlNtryInf>') + ntry('1', 'DBIT');
    const bytes = Buffer.from(Buffer.from(camt({ head, entries: text })).toString(), 'latin1');
    expect(readCamt053(bytes)[0]?.lines[0]?.text).toBe('Café');
  });
});

describe('an entry', () => {
  it('is money in or out, on a day, with references and a text', () => {
    const details = `<ValDt><DtTm>2026-03-04T23:00:00</DtTm></ValDt><AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls><Refs>
      <EndToEndId>E2E</EndToEndId><TxId>TX</TxId></Refs><RmtInf><Ustrd>Invoice &amp; more &#233;</Ustrd></RmtInf></TxDtls></NtryDtls>
      <AddtlNtryInf>fee</AddtlNtryInf>`;
    const [line, other] = linesOf({ entries: ntry('7.50', 'DBIT', details) + ntry('7.5', 'CRDT') });
    expect(line).toEqual({
      id: '2026-03-05 B1',
      place: 'Stmt[1]/Ntry[1]',
      references: ['E2E', 'TX', 'Invoice & more é'],
      amount: -750n,
      bookingDay: day('2026-03-05'),
      valueDay: day('2026-03-04'),
      text: 'Invoice & more é fee',
      reversal: false,
    });
    expect(other).toMatchObject({ amount: 750n, references: [], valueDay: day('2026-03-05') });
  });

  it('is a reversal, whose direction is that of the money', () => {
    const entries = ntry('7', 'CRDT') + ntry('7', 'DBIT', '<RvslInd>true</RvslInd>');
    expect(linesOf({ entries })[1]).toMatchObject({ amount: -700n, reversal: true });
  });

  it('counts when it is booked, whatever shape the status has', () => {
    const pending = ntry('9', 'CRDT', '', '<Sts>PDNG</Sts>') + ntry('9', 'CRDT', '', '<Sts><Cd>INFO</Cd></Sts>');
    const booked = ntry('1', 'CRDT', '', '<Sts><Cd>BOOK</Cd></Sts>') + ntry('1', 'DBIT', '', '');
    expect(linesOf({ entries: pending + booked })).toHaveLength(2);
  });

  const part = (amount: string, reference: string, indicator = '') =>
    `<TxDtls><Refs><EndToEndId>${reference}</EndToEndId></Refs>${amount === '' ? '' : `<Amt Ccy="EUR">${amount}</Amt>`}${indicator}</TxDtls>`;

  it('is as many bookings as its batch has transactions, when those make its amount', () => {
    const back = '<CdtDbtInd>DBIT</CdtDbtInd>';
    const batch = `<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls>${part('6', 'A')}${part('5', 'B')}${part('1', 'C', back)}</NtryDtls>`;
    const lines = linesOf({ closing: '10', entries: ntry('10', 'CRDT', batch) });
    expect(lines.map(({ amount, references, id, place }) => [amount, references[0], id, place])).toEqual([
      [600n, 'A', '2026-03-05 B1', 'Stmt[1]/Ntry[1]/TxDtls[1]'],
      [500n, 'B', '2026-03-05 B1 #2', 'Stmt[1]/Ntry[1]/TxDtls[2]'],
      [-100n, 'C', '2026-03-05 B1 #3', 'Stmt[1]/Ntry[1]/TxDtls[3]'],
    ]);
  });

  it.each([
    ['tell no amounts', part('', 'A') + part('', 'B')],
    ['make another amount, as with charges', part('6', 'A') + part('5', 'B')],
  ])('is one booking with all references when its transactions %s', (_, transactions) => {
    const entries = ntry('10', 'CRDT', `<NtryDtls>${transactions}</NtryDtls>`);
    expect(linesOf({ closing: '10', entries })).toMatchObject([{ amount: 1_000n, references: ['A', 'B'] }]);
  });

  it('without an id of the bank is named by what it says, so that it has the same name in another file', () => {
    const twice = linesOf({ closing: '2', entries: ntry('1', 'CRDT') + ntry('1', 'CRDT') });
    const later = linesOf({ closing: '3', entries: ntry('1', 'CRDT') + ntry('2', 'CRDT') });
    expect(twice[0]?.id).toBe(later[0]?.id);
    expect(new Set(twice.map(({ id }) => id)).size).toBe(2);
  });
});

describe('a file is refused', () => {
  it.each<[string, Parts, string]>([
    [
      'does not add up',
      { closing: '9.99', entries: ntry('10', 'CRDT') },
      'Stmt[1]/Bal: the closing balance is -0.01 more',
    ],
    [
      'has no closing balance',
      { balances: bal('OPBD', '0', '2026-03-01') },
      'Stmt[1]/Bal: no balance has the code CLBD',
    ],
    ['has an amount of letters', { entries: ntry('1O', 'CRDT') }, 'Stmt[1]/Ntry[1]/Amt: "1O" is no amount of EUR'],
    ['has a negative amount', { entries: ntry('-1', 'CRDT') }, 'Stmt[1]/Ntry[1]/Amt: "-1" is no amount of EUR'],
    ['has an exponent', { entries: ntry('1e3', 'CRDT') }, 'Stmt[1]/Ntry[1]/Amt: "1e3"'],
    ['has parts of a cent', { entries: ntry('1.001', 'CRDT') }, 'Stmt[1]/Ntry[1]/Amt: "1.001"'],
    ['has no direction', { entries: ntry('1', 'UP') }, 'Stmt[1]/Ntry[1]/CdtDbtInd: is neither CRDT nor DBIT'],
    [
      'has another currency',
      { entries: ntry('1', 'CRDT').replace('EUR', 'USD') },
      'Stmt[1]/Ntry[1]/Amt: is in USD, the account in EUR',
    ],
    [
      'has a day that does not exist',
      { balances: bal('OPBD', '0', '2026-02-30') },
      'Stmt[1]/Bal[1]/Dt: "2026-02-30" is no date',
    ],
    ['is of a version that is not known', { version: '99' }, 'Document: is no camt.053.001 of version 2 to 13'],
    [
      'declares a document type',
      { head: '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>' },
      'Document: has a document type',
    ],
    ['is cut off', { entries: '<Ntry>' }, 'file: is not well-formed XML'],
    ['nests without end', { entries: `${'<a>'.repeat(1_000)}${'</a>'.repeat(1_000)}` }, 'file: is not well-formed XML'],
  ])('that %s', (_, parts, fault) => {
    expect(faultsOf(camt(parts))[0]).toContain(fault);
  });

  it('that is no camt.053, no XML, nothing at all, or not in its encoding', () => {
    for (const text of [
      '<Document/>',
      'booking_date,amount\n',
      '',
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>',
    ])
      expect(faultsOf(Buffer.from(text))).toHaveLength(1);
    expect(faultsOf(Buffer.from([0xff, 0xfe, 0xfd]))[0]).toBe('file: is not text in utf-8');
  });

  it('with every element that is wrong', () => {
    const faults = faultsOf(camt({ entries: ntry('x', 'CRDT') + ntry('1', 'CRDT').replace('2026-03-05', 'soon') }));
    expect(faults).toEqual(['Stmt[1]/Ntry[2]/BookgDt: "soon" is no date']);
    expect(faultsOf(camt({ entries: ntry('x', 'CRDT') + ntry('y', 'CRDT') }))).toHaveLength(2);
  });
});
