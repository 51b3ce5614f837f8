/**
 * `wallet audit` on the folder of an embedded wallet that lived through a bank's file: days are sealed, any balance is proven to
 * somebody who has a file and a root, forged ledgers are found by the seal, and the history is decided again by the same build (no
 * difference) and by builds that decide otherwise (every difference, of each kind).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDecisions } from '../../cli/build-decisions.ts';
import { formatAmount } from '../../core/domain/money.ts';
import { readBankFile } from '../../local/bank/bank-file.ts';
import { samplePath } from '../../local/bank/make-sample.ts';
import { type BankWallet, fileBalance, moveBankFile } from '../bank-wallet.ts';
import { runCommand } from '../wallet-command.ts';

const root = mkdtempSync(path.join(tmpdir(), 'wallet-audit-'));
const folder = path.join(root, 'wallet');
let bank: BankWallet;
let days: readonly string[];
beforeAll(async () => {
  const plan = await readBankFile(samplePath);
  bank = await moveBankFile(plan, folder);
  days = plan.days.map(({ day }) => day);
  for (const day of days.slice(0, 30)) expect((await run('audit', 'seal', '--day', day)).code).toBe(0);
});
afterAll(async () => {
  await bank.wallet.close();
  rmSync(root, { recursive: true });
});

const run = (...args: readonly string[]) => runCommand(...args, '--data', folder);

/** The root of a day as an auditor would have noted it when the day was sealed. */
function rootOf(day: string): string {
  return JSON.parse(readFileSync(path.join(folder, 'seals', 'seals', `${day}.json`), 'utf8')).root;
}

describe('a proof', () => {
  test('of a balance at a moment is checked with a file and a root alone', async () => {
    const moments = bank.movements.filter(({ at }) => at < Date.parse(days[29] ?? '')).filter((_, i) => i % 9 === 0);
    expect(moments.length).toBeGreaterThan(5);
    for (const { account, at } of moments) {
      const proof = await run('audit', 'prove', account, '--at', new Date(at).toISOString());
      expect(proof.code).toBe(0);
      const file = path.join(root, 'proof.json');
      writeFileSync(file, proof.text);
      const { code, text } = await run(
        'audit',
        'check-proof',
        file,
        '--root',
        rootOf(JSON.parse(proof.text).day),
        '--json',
      );
      const balance = formatAmount(fileBalance(bank.movements, account, at), 'CZK');
      expect({ code, ...JSON.parse(text) }).toMatchObject({ code: 0, proven: true, account_id: account, balance });
      expect((await run('audit', 'check-proof', file, '--root', '0'.repeat(64))).code).toBe(1);
      writeFileSync(file, proof.text.replace('\\"balance\\":\\"', '\\"balance\\":\\"1'));
      expect((await run('audit', 'check-proof', file, '--root', rootOf(JSON.parse(proof.text).day))).code).toBe(1);
    }
  });

  test('is refused for what is not sealed, is no account, or is no proof', async () => {
    const [account = ''] = bank.movements.map((movement) => movement.account);
    expect((await run('audit', 'prove', account, '--at', days.at(-1) ?? '')).code).toBe(3);
    expect((await run('audit', 'prove', 'stranger', '--at', days[3] ?? '')).code).toBe(3);
    const file = path.join(root, 'no-proof.json');
    writeFileSync(file, '{}');
    expect((await run('audit', 'check-proof', file, '--root', '0'.repeat(64))).code).toBe(4);
    expect((await run('audit', 'check-proof', file, '--root', 'x')).code).toBe(2);
  });
});

describe('the seals', () => {
  test('are audited with the ledger, and a day is sealed once', async () => {
    expect(await run('audit', 'verify')).toMatchObject({ code: 0, text: expect.stringContaining('30 sealed days') });
    const again = await run('audit', 'seal', '--day', days[29] ?? '', '--json');
    expect(JSON.parse(again.text).sealed[0].root).toBe(rootOf(days[29] ?? ''));
  });

  test.each<[string, (seal: string) => string]>([
    ['a root that was changed', (seal) => seal.replace(/"root":"[0-9a-f]{64}"/, `"root":"${'f'.repeat(64)}"`)],
    ['a seal that is none any more', (seal) => seal.slice(1)],
  ])('tell %s', async (_, change) => {
    const file = path.join(folder, 'seals', 'seals', `${days[5]}.json`);
    const sound = readFileSync(file, 'utf8');
    writeFileSync(file, change(sound));
    const { code, text } = await run('audit', 'verify');
    writeFileSync(file, sound);
    expect({ code, text }).toMatchObject({ code: 1, text: expect.stringContaining('seal_broken') });
  });
});

describe('replay with another build', () => {
  /** This version with one line of its decisions changed. */
  async function buildWith(name: string, find: string, by: string): Promise<string> {
    const file = path.join(root, `${name}.mjs`);
    let isChanged = find === '';
    const plugin: Plugin = {
      name: 'otherwise',
      setup: (build) =>
        build.onLoad({ filter: /core[/\\]domain[/\\]account\.ts$/ }, (args) => {
          const source = readFileSync(args.path, 'utf8');
          isChanged ||= source.includes(find);
          return { contents: find === '' ? source : source.replaceAll(find, by), loader: 'ts' };
        }),
    };
    await buildDecisions(file, [plugin]);
    if (!isChanged) throw new Error(`account.ts holds no "${find}"`);
    return file;
  }

  async function kindsOf(
    file: string,
  ): Promise<{ readonly code: number; readonly kinds: ReadonlySet<string>; readonly count: number }> {
    const { code, text } = await run('audit', 'replay', '--with', file, '--json');
    const { differences, count } = JSON.parse(text);
    return { code, count, kinds: new Set(differences.map(({ kind }: { kind: string }) => kind)) };
  }

  test('of this very version finds none', async () => {
    const file = await buildWith('same', '', '');
    expect(await kindsOf(file)).toEqual({ code: 0, kinds: new Set(), count: 0 });
    expect((await run('audit', 'replay', '--with', file)).text).toContain('decide the same');
  });

  test.each([
    ['outcome', "command.type === 'CreditAccount' && command.cancel", "command.type === 'CreditAccount'"],
    ['event', 'balance: state.balance - amount', 'balance: state.balance - amount - 1n'],
    ['state', 'balance: state.balance + event.amount', 'balance: state.balance + event.amount + 1n'],
    ['unreadable', 'const reason = refusal(state, command, arrival);', "throw new Error('no decisions');"],
  ])('that decides otherwise tells the difference: %s', async (kind, find, by) => {
    const { code, kinds, count } = await kindsOf(await buildWith(kind, find, by));
    expect(code).toBe(1);
    expect(count).toBeGreaterThan(100);
    expect(kinds).toContain(kind);
  });

  test('of one account, which has to have a log', async () => {
    const file = await buildWith('same', '', '');
    const [account = ''] = bank.movements.map((movement) => movement.account);
    const { code, text } = await run('audit', 'replay', '--with', file, '--account', account, '--json');
    expect({ code, ...JSON.parse(text) }).toMatchObject({ code: 0, accounts: 1, count: 0 });
    expect((await run('audit', 'replay', '--with', file, '--account', 'stranger')).code).toBe(3);
  });

  test('that is none is refused', async () => {
    const file = path.join(root, 'none.mjs');
    writeFileSync(file, 'export const DECISIONS_FORMAT = 99;');
    expect((await run('audit', 'replay', '--with', file)).code).toBe(2);
    expect((await run('audit', 'replay', '--with', path.join(root, 'nowhere.mjs'))).code).toBe(2);
    const broken = path.join(root, 'broken.mjs');
    writeFileSync(broken, 'no module (');
    for (const other of [broken, 'README.md']) {
      const { code, complaints } = await run('audit', 'replay', '--with', other);
      expect({ code, complaints }).toEqual({ code: 2, complaints: [expect.stringContaining('holds no decisions: ')] });
    }
  });
});
