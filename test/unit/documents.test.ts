/**
 * What the documents refer to is there: files, links, scripts of npm, commands of `wallet` with their options, and the tests and
 * mutations that docs/INVARIANTS.md quotes by their titles.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { walletProgram } from '../../cli/wallet.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const documents = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
];
const folders = ['core', 'adapters', 'functions', 'infra', 'cli', 'client', 'local', 'test', 'bench', 'docs'];
const file = new RegExp(`\`((?:${folders.join('|')})/[\\w./-]*)\``, 'g');
const matchesIn = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

describe.each(documents)('%s', (document) => {
  const text = read(document);

  test('names files that exist', () => {
    expect(matchesIn(text, file).filter((name) => !existsSync(name))).toEqual([]);
  });

  test('links to pages that exist', () => {
    const links = matchesIn(text, /\]\(([^)#]+)[^)]*\)/g).filter((link) => !link.includes('://'));
    expect(links.filter((link) => !existsSync(path.join(path.dirname(document), link)))).toEqual([]);
  });

  test('runs scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const names = matchesIn(text, /npm run (?:-s )?([\w:]+)/g);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('runs tests and programs with the Node that comes with the checkout', () => {
    expect(matchesIn(text, /(?:^|`)(vitest run|node [\w/.-]+\.ts)/gm)).toEqual([]);
  });

  test('calls commands of the wallet as they are', () => {
    const calls = matchesIn(text, /(?:npm run wallet -- |`wallet )([^`#|\n]*)/g);
    expect(calls.filter((call) => !isCall(call.replace(/[[\]]/g, '').trim().split(/\s+/)))).toEqual([]);
  });
});

/** Words that stand for a command, or for its name and options. */
const PLACEHOLDER = 'COMMAND';
/** The command that a group of commands is by itself. */
const byItself: Readonly<Record<string, string>> = { reconcile: 'statement' };

/** Whether words are names of commands, each of its group, arguments, and options that these commands have. */
function isCall(words: readonly string[]): boolean {
  let command: Command = walletProgram();
  const given: string[] = [];
  const known = ['--help'];
  for (const [i, word] of words.entries()) {
    const isValue = i > 0 && words[i - 1]?.startsWith('--');
    if (word.startsWith('--')) given.push(word);
    else if (command.commands.length > 0 && !isValue && word !== PLACEHOLDER) {
      const name = byItself[command.name()];
      const next =
        command.commands.find((one) => one.name() === word) ?? command.commands.find((one) => one.name() === name);
      if (next === undefined) return false;
      known.push(...optionsOf(command));
      command = next;
    }
  }
  known.push(...optionsOf(command));
  return given.every((option) => known.includes(option));
}

const optionsOf = (command: Command): readonly string[] => command.options.map(({ long }) => long ?? '');

/** Where a title stands that is quoted without a file. */
const histories = 'test/unit/protocol-histories.test.ts';

/** Titles that a text quotes and that are not in the file named before them, one file between semicolons. */
function missingTitles(text: string): readonly string[] {
  return text.split('; ').flatMap((part) => {
    const source = read(matchesIn(part, file)[0] ?? histories);
    return matchesIn(part, /"([^"]+)"/g).filter((title) => !source.includes(title));
  });
}

describe('an invariant', () => {
  const rows = read('docs/INVARIANTS.md')
    .split('\n')
    .filter((line) => /^\| [0-9]+ \|/.test(line))
    .map((line) => line.split(' | '));

  test('is found in the table', () => {
    expect(rows.length).toBeGreaterThan(15);
  });

  test.each(rows.map(([number = '', , , shown = '']) => [number, shown]))(
    '%s is shown by tests of that title',
    (_, shown) => {
      expect(missingTitles(shown)).toEqual([]);
    },
  );

  test.each(rows.map(([number = '', , , , mutation = '']) => [number, mutation]))(
    '%s fails with mutations of that name',
    (_, names) => {
      const mutations = read('test/simulation/mutations.ts');
      expect(matchesIn(names, /"([^"]+)"/g).filter((name) => !mutations.includes(name))).toEqual([]);
    },
  );
});

test('each rule of the protocol has tests of the titles that it quotes', () => {
  const paragraphs = read('docs/PROTOCOL.md')
    .split('\n\n')
    .filter((text) => text.startsWith('**Test.**'));
  expect(paragraphs.length).toBeGreaterThan(15);
  expect(paragraphs.flatMap((text) => missingTitles(text.replaceAll(/\s+/g, ' ')))).toEqual([]);
});
