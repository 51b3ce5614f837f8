/**
 * The calls of the README, made of an embedded wallet in their order: each is answered as the README says, member by member, times
 * apart. Their shell is read by a few rules of quoting, so that the test needs no shell and no curl.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedServer } from '../../local/embedded-server.ts';
import { LocalIssuer } from '../../local/issuer.ts';

type Server = Awaited<ReturnType<typeof startEmbeddedServer>>;

interface Call {
  readonly title: string;
  readonly shell: string;
  readonly status: number;
  readonly answer: unknown;
}

const folder = mkdtempSync(path.join(tmpdir(), 'wallet-readme-'));
const readme = readFileSync('README.md', 'utf8');
const section = /### Calls and their answers\n(.*?)\n## /s.exec(readme)?.[1] ?? '';
const [preparation = ''] = /(?<=```sh\n).*?(?=```)/s.exec(section) ?? [];
const shown =
  /\*\*(?<title>[^*]+)\.\*\*[^\n]* (?<status>[0-9]{3}):\n\n```sh\n(?<shell>.*?)```\n\n```json\n(?<json>.*?)```/gs;
const calls = [...section.matchAll(shown)].map(({ groups = {} }): Call => {
  const { title = '', status, shell = '', json = '' } = groups;
  return { title, shell, status: Number(status), answer: JSON.parse(json) };
});

let server: Server;
const variables = new Map<string, string>();

beforeAll(async () => {
  server = await startEmbeddedServer({ folder });
  const issuer = await LocalIssuer.at();
  for (const line of commandsIn(preparation)) {
    const [, name, value = ''] = /^([A-Z]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const [, command] = /^\$\(npm run -s token -- (.*?)\)/.exec(value) ?? [];
    variables.set(name, command === undefined ? value : await issuer.token(tokenOf(wordsIn(command))));
  }
  expect(variables.get('API')).toBe('http://127.0.0.1:8080');
  variables.set('API', server.url);
  for (const line of commandsIn(preparation).filter((command) => command.startsWith('curl'))) {
    expect((await curl(line)).status).toBe(201);
  }
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

test('the README shows what a newcomer wants to do', () => {
  expect(calls.map(({ title }) => title)).toEqual([
    'Open an account',
    'Deposit',
    'Transfer',
    'Refusal',
    'Duplicate',
    'Conflict',
    'Statement',
  ]);
});

test.each(calls)('$title', async ({ shell, status, answer }) => {
  const given = await curl(commandsIn(shell)[0] ?? '');
  expect(given.status).toBe(status);
  expect(timeless(given.body)).toBe(timeless(answer));
});

test('a duplicate is answered as the transfer was', () => {
  const answerTo = (title: string) => calls.find((call) => call.title === title)?.answer;
  expect(answerTo('Duplicate')).toEqual(answerTo('Transfer'));
});

/** As text, so that the order of members counts too. */
function timeless(body: unknown): string {
  return JSON.stringify(body, undefined, 2).replaceAll(/"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z"/g, '"(time)"');
}

/** Commands of a piece of shell: one a line, or more lines where a quote is open or a backslash ends them. */
function commandsIn(shell: string): readonly string[] {
  return shell.match(/(?:'[^']*'|"[^"]*"|\\\n|[^'"\n])+/g) ?? [];
}

/** Words of a command, without their quotes, with the values of variables. */
function wordsIn(command: string): readonly string[] {
  return [...command.replaceAll('\\\n', ' ').matchAll(/'(?<plain>[^']*)'|"(?<double>[^"]*)"|(?<bare>[^\s'"]+)/g)].map(
    ({ groups: { plain, double, bare } = {} }) =>
      plain ?? (double ?? bare ?? '').replaceAll(/\$([A-Z]+)/g, (_, name: string) => variables.get(name) ?? ''),
  );
}

function tokenOf(words: readonly string[]) {
  const after = (option: string) => words[words.indexOf(option) + 1] ?? '';
  return { subject: after('--sub'), ...(words.includes('--scope') ? { scope: after('--scope') } : {}) };
}

/** What curl does with the options that the README uses; others are refused. */
async function curl(command: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const [program, silent, url = '', ...options] = wordsIn(command);
  expect([program, silent]).toEqual(['curl', '-s']);
  const headers = new Headers();
  let sent: string | undefined;
  for (let at = 0; at < options.length; at += 2) {
    const value = options[at + 1] ?? '';
    if (options[at] === '-H')
      headers.set(value.slice(0, value.indexOf(':')), value.slice(value.indexOf(':') + 1).trim());
    else if (options[at] === '-d') sent = value;
    else throw new Error(`curl ${String(options[at])} is not known here`);
  }
  const response = await fetch(url, sent === undefined ? { headers } : { method: 'POST', headers, body: sent });
  return { status: response.status, body: await response.json() };
}
