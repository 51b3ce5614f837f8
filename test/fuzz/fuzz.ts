/**
 * Fuzzes an API over raw sockets: whatever comes, no answer is a failure of the wallet, each is a resource or a problem as the
 * document has it, and none tells of the inside.
 */
import { assertDocumented } from '../documented-answer.ts';
import { Random } from '../simulation/random.ts';
import { type Asked, type FuzzCase, fuzzCase, type World } from './fuzz-cases.ts';
import { exchange, type RawAnswer } from './raw-exchange.ts';

export interface FuzzSettings extends World {
  readonly requests: number;
  readonly seed: number;
  /** Connections at a time. */
  readonly parallel?: number;
}

export interface FuzzReport {
  readonly cases: number;
  readonly answers: Readonly<Record<string, number>>;
  /** What should not have been, with the case that led to it; at most {@link MAX_FAULTS}. */
  readonly faults: readonly string[];
}

const MAX_FAULTS = 20;
const EXCERPT_LENGTH = 600;

/** What no answer may hold: places in code, names of files and services, the language's own words for failures. */
const inside =
  /\bat [\w.<>]+ \(|node_modules|\.ts:\d|file:\/\/|\b[A-Z][a-z]\w*Error\b|\bE[A-Z]{5,}\b|[Dd]ynamo|[Kk]inesis|\/(?:usr|home|var|tmp)\//;

export async function fuzz({ requests, seed, parallel = 16, ...world }: FuzzSettings): Promise<FuzzReport> {
  const random = new Random(seed);
  const answers: Record<string, number> = {};
  const faults: string[] = [];
  let cases = 0;
  const work = async (): Promise<void> => {
    while (cases < requests && faults.length < MAX_FAULTS) {
      cases += 1;
      const one = fuzzCase(random, world);
      const fault = await faultOf(world, one, ({ status }) => {
        answers[status] = (answers[status] ?? 0) + 1;
      });
      if (fault !== undefined) faults.push(`${one.kind}: ${fault}\n${excerpt(one)}`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return { cases, answers, faults };
}

async function faultOf(world: World, one: FuzzCase, count: (answer: RawAnswer) => void): Promise<string | undefined> {
  try {
    const answers = await exchange(world.url, one);
    for (const [i, answer] of answers.entries()) {
      count(answer);
      const fault = faultOfAnswer(answer, one.asked?.[i], world);
      if (fault !== undefined) return fault;
    }
    if (one.asked === undefined || answers.length === one.asked.length) return undefined;
    return answers.some(({ headers }) => headers['connection'] === 'close')
      ? undefined
      : `${answers.length} answers to ${one.asked.length} requests`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function faultOfAnswer(
  { status, headers, body }: RawAnswer,
  asked: Asked | undefined,
  { through }: World,
): string | undefined {
  const text = body.toString();
  if (!(status >= 200 && status < 500)) return `status ${status}: ${text}`;
  // What an emulator's gateway says itself is not the wallet's to answer for; AWS is told to mark that too.
  if (through === 'gateway' && headers['x-correlation-id'] === undefined) return undefined;
  const told = `${JSON.stringify(headers)}${text}`;
  const leak = headers['content-type']?.includes('problem') ? inside.exec(told) : null;
  if (leak !== null) return `an answer tells of the inside ("${leak[0]}"): ${told.slice(0, EXCERPT_LENGTH)}`;
  if (headers['cache-control'] === undefined) return 'an answer may be kept by a cache';
  if (asked?.method === 'HEAD') return undefined;
  const contentType = headers['content-type'] ?? '';
  const isJson = /json/.test(contentType);
  const path = asked?.path ?? '';
  // Some gateways take an encoded slash for one: what is answered then is what is at that path.
  assertDocumented(asked?.method ?? '', through === 'gateway' ? path.replaceAll(/%2f/gi, '/') : path, {
    status,
    contentType,
    body: isJson ? JSON.parse(text) : text,
  });
  return undefined;
}

function excerpt({ pieces }: FuzzCase): string {
  return JSON.stringify(
    Buffer.concat([...pieces])
      .toString('latin1')
      .replaceAll(/(authorization: Bearer )[^\r]+/gi, '$1...')
      .slice(0, EXCERPT_LENGTH),
  );
}
