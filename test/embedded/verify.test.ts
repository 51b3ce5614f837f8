/**
 * `wallet audit verify` on the folder of an embedded wallet: it finds nothing in a sound one, while the wallet works and in any
 * number of parts and threads; and it names the commit of which one byte was changed by somebody who also mended the frame's
 * checksum. A broken off audit goes on where it ended, a finished one begins anew.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { FRAME_HEADER_BYTES, readHeader, sealFrame } from '../../adapters/embedded/frame.ts';
import { LEDGER_FILE } from '../../adapters/embedded/frame-file.ts';
import { verifyFolderPart } from '../../cli/verify/verify-part.ts';
import { readBankFile } from '../../local/bank/bank-file.ts';
import { samplePath } from '../../local/bank/make-sample.ts';
import { type BankWallet, moveBankFile } from '../bank-wallet.ts';
import { askCommand } from '../wallet-command.ts';

const root = mkdtempSync(path.join(tmpdir(), 'wallet-verify-'));
const folder = path.join(root, 'wallet');
let bank: BankWallet;
beforeAll(async () => {
  bank = await moveBankFile(await readBankFile(samplePath), folder);
});
afterAll(async () => {
  await bank.wallet.close();
  rmSync(root, { recursive: true });
});

interface Report {
  readonly accounts: number;
  readonly commits: number;
  readonly findings: readonly { readonly kind: string; readonly account: string; readonly version: number }[];
}

async function verify(
  data: string,
  ...options: readonly string[]
): Promise<{ readonly code: number; readonly report: Report }> {
  const { code, told } = await askCommand('audit', 'verify', '--data', data, ...options);
  return { code, report: told };
}

/** A copy of the folder in which one text of the ledger stands for another of the same length, checksums mended. */
function forged(name: string, text: string, by: string): string {
  const copy = path.join(root, name);
  cpSync(folder, copy, { recursive: true });
  rmSync(path.join(copy, 'lock'), { force: true });
  const ledger = path.join(copy, LEDGER_FILE);
  const bytes = readFileSync(ledger);
  const at = bytes.lastIndexOf(text);
  if (at < 0 || text.length !== by.length) throw new Error(`the ledger holds no "${text}", or "${by}" does not fit`);
  bytes.write(by, at);
  for (let start = 0; start < bytes.length; ) {
    const header = readHeader(bytes.subarray(start));
    if (header === undefined) throw new Error(`no frame begins at ${start}`);
    const end = FRAME_HEADER_BYTES + header.payloadBytes;
    sealFrame(bytes.subarray(start, start + end), end, header.number);
    start += end;
  }
  writeFileSync(ledger, bytes);
  return copy;
}

test('finds nothing in a sound wallet that is at work', async () => {
  const { code, report } = await verify(folder);
  const commits = [...bank.wallet.store.commits()];
  const accounts = new Set(commits.map(({ account }) => account)).size;
  expect({ code, ...report }).toMatchObject({ code: 0, accounts, commits: commits.length, findings: [] });
  for (const parts of ['1', '7'])
    expect((await verify(folder, '--parts', parts)).report).toMatchObject({ accounts, findings: [] });
});

test('of one account, and of a period', async () => {
  const [account = ''] = bank.movements.map((movement) => movement.account);
  expect((await verify(folder, '--account', account)).report).toMatchObject({ accounts: 1, findings: [] });
  const { report } = await verify(folder, '--from', '1999-02-01', '--to', '1999-03-01');
  expect(report.findings).toEqual([]);
  expect(report.commits).toBeGreaterThan(10);
});

test('names the commit in which a byte of an amount was changed, although its checksum is right', async () => {
  const newest = [...bank.wallet.store.commits()].at(-1);
  if (newest === undefined) throw new Error('there is no commit');
  const [, amount = ''] = /"amount":"(\d+)"/.exec(newest.events) ?? [];
  const other = `${amount.slice(0, -1)}${amount.endsWith('1') ? '2' : '1'}`;
  const { code, report } = await verify(forged('byte', `"amount":"${amount}"`, `"amount":"${other}"`));
  expect(code).toBe(1);
  const { account, version } = newest;
  expect(report.findings).toContainEqual(expect.objectContaining({ kind: 'wrong_hash', account, version }));
});

test('a commit whose head is no head any more is told by its place', async () => {
  const newest = [...bank.wallet.store.commits()].at(-1);
  const { findings } = verifyFolderPart({
    folder: forged('head', `${newest?.hash}",`, `${newest?.hash}";`),
    part: 0,
    parts: 1,
  });
  expect(findings).toEqual([
    expect.objectContaining({ kind: 'unreadable', what: expect.stringMatching(/at byte [0-9]+/) }),
  ]);
});

test.each([
  ['a length', 1],
  ['a text', 40],
])('a frame in which %s was changed is told by its place, whichever part reads it', async (_, at) => {
  const copy = path.join(root, `frame-${at}`);
  cpSync(folder, copy, { recursive: true });
  rmSync(path.join(copy, 'lock'), { force: true });
  const ledger = path.join(copy, LEDGER_FILE);
  const sound = readFileSync(ledger);
  for (let start = 0, frame = 1; frame <= 4; frame += 1) {
    const bytes = Buffer.from(sound);
    const place = start + FRAME_HEADER_BYTES + at;
    bytes[place] = (bytes[place] ?? 0) ^ 0x80;
    writeFileSync(ledger, bytes);
    const told = [0, 1].map((part) => complaintOf(() => verifyFolderPart({ folder: copy, part, parts: 2 })));
    for (const complaint of told) expect(complaint).toContain(`at byte ${start}: frame ${frame} is damaged`);
    start += FRAME_HEADER_BYTES + (readHeader(sound.subarray(start))?.payloadBytes ?? 0);
  }
});

function complaintOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return String(error);
  }
}

test('names a newest commit whose state cannot be read, though nothing else can be computed from it', async () => {
  const newest = [...bank.wallet.store.commits()].at(-1);
  const { code, report } = await verify(forged('state', '"status":"open"', '"status":"oqen"'));
  expect(code).toBe(1);
  const { account, version } = newest ?? { account: '', version: 0 };
  for (const kind of ['wrong_hash', 'unreadable'])
    expect(report.findings).toContainEqual(expect.objectContaining({ kind, account, version }));
  const nothing = { kind: 'unreadable', account: '', what: expect.stringContaining('no trial balance') };
  expect(report.findings).toContainEqual(expect.objectContaining(nothing));
});

test('a checkpoint that cannot be written is told by its name, without a trace', async () => {
  const file = path.join(root, 'nowhere', 'checkpoint');
  const { code, complaints } = await askCommand('audit', 'verify', '--data', folder, '--checkpoint', file);
  expect({ code, complaints }).toEqual({ code: 4, complaints: [expect.stringMatching(/^ENOENT: .*checkpoint'$/)] });
});

test('shows how far it is while somebody watches, and nobody else', async () => {
  const shown: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
  const { isTTY } = process.stderr;
  try {
    process.stderr.isTTY = false;
    await verify(folder, '--parts', '3');
    expect(shown).toEqual([]);
    process.stderr.isTTY = true;
    await verify(folder, '--parts', '3');
  } finally {
    process.stderr.isTTY = isTTY;
    write.mockRestore();
  }
  expect(shown.join('')).toMatch(/audit .* 0 %.* 100 %/s);
});

describe('an audit that was broken off', () => {
  const partsIn = (file: string): readonly string[] =>
    [...readFileSync(file, 'utf8').matchAll(/^\{"part":([0-9]+),.*\}$/gm)].map(([, part = '']) => part);

  /** Leaves a file as a crash does: some parts are done, the line of another is cut off. */
  function breakOff(file: string, parts: number): void {
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${lines.slice(0, 1 + parts).join('\n')}\n${lines[1 + parts]?.slice(0, 20)}`);
  }

  test.each([
    ['whole', []],
    ['period', ['--from', '1999-02-01', '--to', '1999-03-01']],
  ])('goes on where it ended, and begins anew once it is done: %s', async (name, period) => {
    const file = path.join(root, `checkpoint-${name}`);
    const options = ['--parts', '5', '--checkpoint', file, ...period];
    const { accounts, commits } = (await verify(folder, ...options)).report;
    breakOff(file, 2);
    const done = partsIn(file);
    expect((await verify(folder, ...options)).report).toMatchObject({ accounts, commits, findings: [] });
    expect(partsIn(file).slice(0, 2)).toEqual(done);
    expect([...partsIn(file)].sort()).toEqual(['0', '1', '2', '3', '4']);
    // All parts are done, the audit is not: what is done is not looked at again, what its line says is what is told.
    const text = readFileSync(file, 'utf8').replace('{"finished":true}\n', '');
    writeFileSync(file, text.replace(/"commits":[0-9]+/, '"commits":1000000'));
    expect((await verify(folder, ...options)).report.commits).toBeGreaterThan(999_999);
    expect((await verify(folder, ...options)).report).toMatchObject({ accounts, commits });
  });

  test('keeps what it had found', async () => {
    const file = path.join(root, 'checkpoint-findings');
    const newest = [...bank.wallet.store.commits()].at(-1);
    const [, amount = ''] = /"amount":"(\d+)"/.exec(newest?.events ?? '') ?? [];
    const other = `${amount.slice(0, -1)}${amount.endsWith('1') ? '2' : '1'}`;
    const copy = forged('found', `"amount":"${amount}"`, `"amount":"${other}"`);
    const options = ['--parts', '5', '--checkpoint', file];
    const { findings } = (await verify(copy, ...options)).report;
    const lines = readFileSync(file, 'utf8').split('\n');
    const clean = lines.findIndex((line) => line.includes('"findings":[]'));
    expect(clean).toBeGreaterThan(0);
    writeFileSync(file, lines.filter((line, i) => i !== clean && !line.includes('finished')).join('\n'));
    const again = await verify(copy, ...options);
    expect(again.code).toBe(1);
    expect(again.report.findings).toEqual(expect.arrayContaining([...findings]));
    expect(again.report.findings).toHaveLength(findings.length);
  });

  test('is not taken for another audit, nor for that of another wallet', async () => {
    const file = path.join(root, 'checkpoint-other');
    await verify(folder, '--parts', '5', '--checkpoint', file);
    const copy = path.join(root, 'copy');
    cpSync(folder, copy, { recursive: true });
    expect((await verify(folder, '--parts', '4', '--checkpoint', file)).code).toBe(2);
    expect((await verify(copy, '--parts', '5', '--checkpoint', file)).code).toBe(2);
  });
});
