/**
 * Shows that commands survive the stream as they are, that a record may hold several of which each is read on its own, and that
 * nothing else is ever taken for a command. Random commands for the way and back, a table of damage for the rest.
 */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { sha256 } from '../../adapters/node/sha256.ts';
import {
  decodeRecord,
  encodeCommand,
  encodeRecord,
  MAX_RECORD_BYTES,
  type ReadCommand,
} from '../../core/contracts/commands.ts';
import { packRecords } from '../../core/contracts/record-packing.ts';
import { type AccountCommand, addressee } from '../../core/domain/account.ts';
import { accountKey, laneOf } from '../../core/domain/lane.ts';
import { credit, debit, open } from '../account-commands.ts';
import { commands } from '../arbitrary-commands.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const record = (...members: readonly string[]) => bytes(encodeRecord(members));

function commandsIn(data: Uint8Array): readonly AccountCommand[] {
  return decodeRecord(data).flatMap((read) => (read.ok ? [read.command] : []));
}

function only(reads: readonly ReadCommand[]): ReadCommand {
  const [read] = reads;
  if (read === undefined || reads.length !== 1) throw new Error(`${reads.length} readings, expected one`);
  return read;
}

describe('a record', () => {
  test('gives back the commands that it was made of, in order', () => {
    fc.assert(
      fc.property(fc.array(commands, { minLength: 1, maxLength: 5 }), (sent) => {
        const read = decodeRecord(record(...sent.map(encodeCommand)));
        expect(read).toEqual(sent.map((command, index) => ({ ok: true, index, command })));
      }),
    );
  });

  test('holds amounts as digits, never as numbers', () => {
    const text = encodeCommand(debit(10n ** 18n - 1n));
    expect(text).toContain('"amount":"999999999999999999"');
  });

  test('with one command that cannot be read still gives the others', () => {
    const read = decodeRecord(record(encodeCommand(open()), '{"type":"MintMoney"}', encodeCommand(debit(1n))));
    expect(read.map(({ ok, index }) => [ok, index])).toEqual([
      [true, 0],
      [false, 1],
      [true, 2],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no object', '[]'],
    ['null', 'null'],
    ['no version', '{"commands":[{}]}'],
    ['another version', '{"v":2,"commands":[{}]}'],
    ['no commands', '{"v":1,"commands":[]}'],
    ['commands that are no list', '{"v":1,"commands":{}}'],
  ])('that is %s is one fault', (_, text) => {
    expect(only(decodeRecord(bytes(text)))).toMatchObject({ ok: false, index: -1 });
  });

  test('that is not UTF-8 is one fault', () => {
    const read = only(decodeRecord(Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d)));
    expect(read).toMatchObject({ ok: false, index: -1 });
  });
});

describe('a command is not read if', () => {
  const without = (field: string) => {
    const { [field]: _, ...rest } = JSON.parse(encodeCommand(debit(5n)));
    return rest;
  };
  const debitWith = (change: object) => ({ ...JSON.parse(encodeCommand(debit(5n))), ...change });

  it.each([
    ['its type is unknown', debitWith({ type: 'MintMoney' }), 'type'],
    ['the transfer is missing', without('transfer'), 'transfer'],
    ['the scope is missing', without('scope'), 'scope'],
    ['recheck is missing', without('recheck'), 'recheck'],
    ['the amount is a number', debitWith({ amount: 5 }), 'amount'],
    ['the amount is zero', debitWith({ amount: '0' }), 'amount'],
    ['the amount is negative', debitWith({ amount: '-5' }), 'amount'],
    ['the amount has decimals', debitWith({ amount: '5.0' }), 'amount'],
    ['the amount has 19 digits', debitWith({ amount: '1'.repeat(19) }), 'amount'],
    ['the currency is none', debitWith({ currency: 'XXX' }), 'currency'],
    ['the transfer is no UUID', debitWith({ transfer: 'x' }), 'transfer'],
    ['the UUID has capitals', debitWith({ transfer: 'AAAAAAAA-2222-4333-8444-555555555555' }), 'transfer'],
    ['an account has a character that keys are made of', debitWith({ from: 'a#b' }), 'from'],
    ['an account is too long', debitWith({ to: 'a'.repeat(65) }), 'to'],
    ['the scope has a character that keys are made of', debitWith({ scope: 'a#b' }), 'scope'],
    ['the actor is longer than 64 bytes', debitWith({ actor: 'a'.repeat(65) }), 'actor'],
    ['the actor has a control character', debitWith({ actor: 'a\n' }), 'actor'],
  ])('%s', (_, candidate, field) => {
    const read = only(decodeRecord(record(JSON.stringify(candidate))));
    expect(read.ok).toBe(false);
    expect(read.ok || read.fault).toMatch(new RegExp(`^${field}: `));
  });

  test('it is a credit without its origin', () => {
    const { issuedAt: _, ...rest } = JSON.parse(encodeCommand(credit(5n)));
    expect(only(decodeRecord(record(JSON.stringify(rest))))).toMatchObject({ ok: false });
  });

  test('it is anything else', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(only(decodeRecord(record(text))).ok).toBe(false);
      }),
    );
  });

  test('a member of it was changed to something else', () => {
    const damaged = fc.tuple(commands, fc.nat(), fc.jsonValue());
    fc.assert(
      fc.property(damaged, ([command, n, value]) => {
        const members = Object.entries(JSON.parse(encodeCommand(command)));
        const place = n % members.length;
        const changed = members.map(([name, member], i) => [name, i === place ? value : member]);
        const [read] = decodeRecord(record(JSON.stringify(Object.fromEntries(changed))));
        // Whatever is still read as a command is one: writing it gives a command that is read as the same.
        if (read?.ok) expect(commandsIn(record(encodeCommand(read.command)))).toEqual([read.command]);
      }),
    );
  });
});

describe('packing', () => {
  const lanes = 4;
  const settings = { lanes, digest: sha256 };

  test('puts every command into its lane, keeps the order within a lane, and loses none', () => {
    fc.assert(
      fc.property(fc.array(commands, { maxLength: 20 }), (sent) => {
        const packed = packRecords(sent, settings);
        const laneOfCommand = (command: AccountCommand) => laneOf(sha256(accountKey(addressee(command))), lanes);
        for (let lane = 0; lane < lanes; lane += 1) {
          const inLane = packed.filter(({ partitionKey }) => partitionKey === String(lane));
          expect(inLane.flatMap(({ data }) => commandsIn(data))).toEqual(
            sent.filter((command) => laneOfCommand(command) === lane),
          );
        }
      }),
    );
  });

  test('fills records up to their limit and not beyond', () => {
    const many = Array.from({ length: 3_000 }, () => debit(1n));
    const packed = packRecords(many, settings);
    expect(packed.length).toBeGreaterThan(1);
    for (const { data } of packed) expect(data.length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
    const smallest = Math.min(...packed.slice(0, -1).map(({ data }) => data.length));
    expect(smallest).toBeGreaterThan(MAX_RECORD_BYTES - 1_000);
    expect(packed.flatMap(({ data }) => commandsIn(data))).toHaveLength(many.length);
  });

  test('of nothing is nothing', () => {
    expect(packRecords([], settings)).toEqual([]);
  });
});
