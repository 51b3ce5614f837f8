/**
 * What the fuzzer sends: valid requests from the examples of the API's document, and what a careless client or an attacker makes of
 * them. A seed fixes all of it.
 */
import { randomUUID } from 'node:crypto';
import { type Example, type OperationDocument, operationDocuments } from '../../core/contracts/operation-documents.ts';
import { operation, operationIds } from '../../core/contracts/operations.ts';
import type { Random } from '../simulation/random.ts';

/** Bytes to send over one connection, and what may come back. */
export interface FuzzCase {
  readonly kind: string;
  /** Pieces, with a pause between them. */
  readonly pieces: readonly Buffer[];
  /** The requests that are whole: each has one answer, in this order. Undefined: any number of answers, also none. */
  readonly asked: readonly Asked[] | undefined;
}

export interface Asked {
  readonly method: string;
  /** Path as it was sent, without its query. */
  readonly path: string;
}

interface Draft {
  readonly url: URL;
  method: string;
  path: string;
  query: string;
  headers: [string, string][];
  body: Buffer | undefined;
}

export interface World {
  /** Where the API is; its path comes before every path. */
  readonly url: URL;
  /** Header lines that every request has, a token among them. */
  readonly headers: readonly (readonly [string, string])[];
  /** Whether bytes reach the wallet as they are, or a gateway reads them first, whose HTTP is not ours to try. */
  readonly through: 'nothing' | 'gateway';
}

const nasty: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  'null',
  '10.005',
  '1e3',
  '-5',
  '99999999999999999999',
  '0',
  '٣',
  'a\u0000b',
  'ａｌｉｃｅ',
  'alice\n',
  '../../etc/passwd',
  "' OR 1=1 --",
  '%{jndi:ldap://x}',
  '<script>alert(1)</script>',
  '__proto__',
  [],
  {},
  [[[[]]]],
  { constructor: { prototype: { admin: true } } },
  'x'.repeat(70),
  'x'.repeat(5_000),
];
/** Cursors as the wallet makes them, of other lists, of no place, of what is somebody else's. */
const cursors: readonly string[] = [
  'log 0 0',
  'log 1 0',
  'log 999999999999999 999999999999999',
  'statement 0 0 1',
  'statement 1 0 1',
  'statement 2 0 999999999999999',
  'statement 999999999999999 0 1',
  'account alice',
  'account settlement:bank',
  'account ../x',
  'open 0 00000000000000#closing default#alice 1',
  `open 999999 00000000000000#${'0'.repeat(64)}`,
  'log 1 0\nlog 1 0',
].map((place) => btoa(place).replace(/=+$/, ''));
const nastyPaths: readonly string[] = [
  '/',
  '//',
  '*',
  '/v1/wallet/../../etc/passwd',
  '/v1/wallet/accounts/..%2f..%2fetc%2fpasswd',
  '/v1/wallet/accounts/%00',
  '/v1/wallet/accounts/%E0%A4%A',
  '/v1/wallet/accounts/%F0%9F%92%B8/balance',
  '/v1/wallet//accounts',
  '/v1/wallet/accounts/',
  '/V1/WALLET/accounts',
  '/v1/wallet/accounts/alice%2fbalance',
  '/v1/wallet/accounts/alice;x=1/balance',
  '/v1/docs/..%2fopenapi.json',
  '/v1/docs/../../package.json',
  'http://other.example/v1/wallet/accounts/alice',
  `/v1/wallet/accounts/${'a'.repeat(6_000)}`,
  `/${'a/'.repeat(2_000)}`,
];
const methods: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND'];
const contentTypes: readonly string[] = [
  'text/plain',
  'application/json; charset=latin1',
  'application/json, application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
  '\u00ff',
];
const nastyHeaders: readonly (readonly [string, string])[] = [
  ['prefer', 'wait=-1'],
  ['prefer', 'wait=99999999999999999999, respond-async; x="'],
  ['idempotency-key', 'a b'],
  ['idempotency-key', 'finish-1'],
  ['idempotency-key', '"'.repeat(300)],
  ['x-correlation-id', 'x'.repeat(500)],
  ['x-correlation-id', '<b>'],
  ['accept', 'text/html;q=0, */*;q=1'],
  ['expect', 'the unexpected'],
  ['x-http-method-override', 'DELETE'],
  ['x-forwarded-for', '127.0.0.1'],
  ['range', 'bytes=0-1'],
  ['cookie', 'a=b'.repeat(300)],
  ['x-huge', 'h'.repeat(12_000)],
];
/** Openings of other protocols, and of HTTP as nobody should speak it. */
const openings: readonly string[] = [
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'GET /\r\n\r\n',
  'GET / HTTP/9.9\r\nhost: x\r\n\r\n',
  'GET /v1/openapi.json HTTP/1.1\r\n\r\n',
  'POST /v1/wallet/balance_transfer HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
  'POST /v1/wallet/balance_transfer HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{}',
  'POST /v1/wallet/balance_transfer HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /v1/wallet/balance_transfer HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
  'POST /v1/wallet/balance_transfer HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip\r\n\r\n',
  'GET /v1/wallet/accounts/\x00 HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET /v1/wallet HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n',
  `GET /v1/wallet HTTP/1.1\r\nhost: x\r\nx: ${'h'.repeat(20_000)}\r\n\r\n`,
  '\r\n\r\n\r\n',
  '{"amount":"1"}',
];

/** Paths that are worth fuzzing: the page's script is megabytes that nobody computes. */
const examples: readonly (Example & { readonly method: string; readonly route: string })[] = operationIds
  .filter((id) => operation(id).served !== 'documentation')
  .flatMap((id) => {
    const page: OperationDocument = operationDocuments[id];
    const { method, path: route } = operation(id);
    return Object.values(page.examples).map((example) => ({ ...example, method, route }));
  });

/** How often each way of going wrong is taken, of 100. */
const kinds: readonly (readonly [string, number, (random: Random, world: World) => Omit<FuzzCase, 'kind'>])[] = [
  ['valid', 15, (random, world) => whole(valid(random, world))],
  ['body values', 25, (random, world) => whole(withBody(valid(random, world), (body) => mutatedValue(random, body)))],
  ['body bytes', 15, (random, world) => whole(withBodyBytes(random, valid(random, world)))],
  ['path', 8, (random, world) => whole({ ...valid(random, world), path: random.pick(nastyPaths) })],
  ['query', 8, (random, world) => whole({ ...valid(random, world), query: nastyQuery(random) })],
  ['method', 5, (random, world) => whole({ ...valid(random, world), method: random.pick(methods) })],
  ['header', 10, (random, world) => whole(withHeader(random, valid(random, world)))],
  ['pipelined', 5, pipelined],
  ['slow', 2, slow],
  ['no HTTP', 4, (random) => ({ pieces: [Buffer.from(random.pick(openings), 'latin1')], asked: undefined })],
  ['noise', 3, (random) => ({ pieces: [noise(random, random.between(1, 400))], asked: undefined })],
];
/** Kinds that a gateway would judge by itself. */
const belowHttp: readonly string[] = ['pipelined', 'slow', 'no HTTP', 'noise'];

/** The next case. */
export function fuzzCase(random: Random, world: World): FuzzCase {
  const possible = kinds.filter(([kind]) => world.through === 'nothing' || !belowHttp.includes(kind));
  let left = random.between(0, possible.reduce((sum, [, share]) => sum + share, 0) - 1);
  for (const [kind, share, make] of possible) {
    left -= share;
    if (left < 0) return { kind, ...make(random, world) };
  }
  throw new Error('the shares of the kinds do not add up');
}

/** A request as the examples have it, with an identity of its own now and then. */
function valid(random: Random, world: World): Draft {
  const { method, route, params = {}, query = {}, headers = {}, body } = random.pick(examples);
  const path = route.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? 'nobody'));
  const fresh = random.chance(0.7) ? renewed(body) : body;
  return {
    url: world.url,
    method,
    path,
    query: new URLSearchParams(query).toString(),
    headers: [...world.headers.map(([name, value]): [string, string] => [name, value]), ...Object.entries(headers)],
    body: fresh === undefined ? undefined : Buffer.from(JSON.stringify(fresh)),
  };
}

function renewed(body: object | undefined): object | undefined {
  return body !== undefined && 'transaction_id' in body ? { ...body, transaction_id: randomUUID() } : body;
}

function withBody(draft: Draft, change: (body: unknown) => unknown): Draft {
  const body: unknown = draft.body === undefined ? {} : JSON.parse(draft.body.toString());
  const text = JSON.stringify(change(body));
  return { ...draft, method: 'POST', body: Buffer.from(text ?? '') };
}

/** Changes one member somewhere, takes one away, or adds one. */
function mutatedValue(random: Random, value: unknown): unknown {
  if (random.chance(0.15)) return random.pick(nasty);
  if (Array.isArray(value)) {
    const at = random.between(0, Math.max(value.length - 1, 0));
    return value.map((item, i) => (i === at ? mutatedValue(random, item) : item));
  }
  if (typeof value !== 'object' || value === null) return random.pick(nasty);
  const members = Object.entries(value);
  if (members.length === 0 || random.chance(0.1)) return { ...value, [String(random.pick(nasty))]: random.pick(nasty) };
  const [chosen] = random.pick(members);
  if (random.chance(0.15)) return Object.fromEntries(members.filter(([name]) => name !== chosen));
  return Object.fromEntries(
    members.map(([name, member]) => [name, name === chosen ? mutatedValue(random, member) : member]),
  );
}

function withBodyBytes(random: Random, draft: Draft): Draft {
  const bytes = [...(draft.body ?? Buffer.from('{}'))];
  for (let n = random.between(1, 5); n > 0; n -= 1) {
    const at = random.between(0, Math.max(bytes.length - 1, 0));
    if (random.chance(0.4)) bytes.splice(at, 1);
    else if (random.chance(0.5)) bytes.splice(at, 0, random.between(0, 255));
    else bytes[at] = random.between(0, 255);
  }
  const body = Buffer.from(random.chance(0.2) ? bytes.slice(0, random.between(0, bytes.length)) : bytes);
  return {
    ...draft,
    method: 'POST',
    body: random.chance(0.05) ? Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]) : body,
  };
}

function nastyQuery(random: Random): string {
  if (random.chance(0.3)) return `cursor=${random.pick(cursors)}`;
  const known = ['consistent', 'at', 'accepted_at', 'limit', 'cursor', 'from', 'to', 'direction', 'owner', 'state'];
  const name = random.pick([...known, '__proto__', '%', 'x'.repeat(200), 'a[b]']);
  const value = encodeURIComponent(String(random.pick(nasty)));
  return random.chance(0.3) ? `${name}=${value}&${name}=1` : `${name}=${value}`;
}

function withHeader(random: Random, draft: Draft): Draft {
  const header = random.chance(0.3)
    ? (['content-type', random.pick(contentTypes)] as const)
    : random.pick(nastyHeaders);
  const others = draft.headers.filter(([name]) => name !== header[0]);
  return { ...draft, headers: [...others, [header[0], header[1]]] };
}

/** Several whole requests in one go. */
function pipelined(random: Random, world: World): Omit<FuzzCase, 'kind'> {
  const drafts = Array.from({ length: random.between(2, 8) }, () => valid(random, world));
  return { pieces: [Buffer.concat(drafts.map(bytesOf))], asked: drafts.map(askedOf) };
}

/** A request that comes in small pieces; sometimes its end never does. */
function slow(random: Random, world: World): Omit<FuzzCase, 'kind'> {
  const draft = valid(random, world);
  const bytes = bytesOf(draft);
  const size = Math.ceil(bytes.length / random.between(2, 6));
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return random.chance(0.3) ? { pieces: pieces.slice(0, -1), asked: undefined } : { pieces, asked: [askedOf(draft)] };
}

function whole(draft: Draft): Omit<FuzzCase, 'kind'> {
  return { pieces: [bytesOf(draft)], asked: [askedOf(draft)] };
}

function askedOf({ method, path }: Draft): Asked {
  return { method, path };
}

function bytesOf({ url, method, path, query, headers, body }: Draft): Buffer {
  const target = url.pathname.replace(/\/+$/, '') + (query === '' ? path : `${path}?${query}`);
  const lines = [`${method} ${target} HTTP/1.1`, `host: ${url.host}`];
  const hasType = headers.some(([name]) => name === 'content-type');
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (body !== undefined) {
    if (!hasType) lines.push('content-type: application/json');
    lines.push(`content-length: ${body.length}`);
  }
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)]);
}

function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.between(0, 255)));
}
