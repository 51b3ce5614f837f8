/**
 * Proof that the simulation sees: each deliberate bug is put into a copy of the sources, and days are lived there until the auditor
 * finds something. A bug that survives means that the simulation is too kind.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Edit, Mutation } from './mutations.ts';
import { runWorker, WORKERS } from './workers.ts';

/** `stale`: the text that was to be replaced does not stand in its file exactly once. */
export type MutationOutcome = 'caught' | 'survived' | 'stale';

export interface MutationResult {
  readonly mutation: Mutation;
  readonly outcome: MutationOutcome;
  /** The seed that caught it. */
  readonly seed?: number;
  /** What the auditor said. */
  readonly violation?: string;
}

const ROOT = join(import.meta.dirname, '../..');
/** Where days are lived, and what they need. */
export interface Simulated {
  readonly folder: string;
  readonly sources: readonly string[];
}

const cloud: Simulated = {
  folder: 'test/simulation',
  sources: ['core', 'adapters/memory', 'adapters/node', 'test/simulation', 'package.json'],
};
/** A mutant that hangs is killed then, which counts as caught: nothing hangs without its bug. */
const MUTANT_TIMEOUT_MS = 120_000;

/** Checks mutations, several at a time. */
export async function checkMutations(
  mutations: readonly Mutation[],
  onResult: (result: MutationResult) => void = () => {},
  simulated: Simulated = cloud,
): Promise<readonly MutationResult[]> {
  const results: MutationResult[] = [];
  const queue = mutations.entries();
  const worker = async (): Promise<void> => {
    const copy = await copySources(simulated);
    try {
      for (const [i, mutation] of queue) {
        const result = await checkOne(copy, simulated, mutation);
        results[i] = result;
        onResult(result);
      }
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return results;
}

async function copySources({ sources }: Simulated): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'wallet-mutants-'));
  for (const source of sources) await cp(join(ROOT, source), join(copy, source), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function checkOne(copy: string, { folder }: Simulated, mutation: Mutation): Promise<MutationResult> {
  const originals = new Map<string, string>();
  try {
    for (const edit of mutation.edits) if (!(await apply(copy, edit, originals))) return { mutation, outcome: 'stale' };
    const days = await runWorker(join(copy, folder), mutation.from ?? 1, mutation.within, MUTANT_TIMEOUT_MS);
    const bad = days.find(({ violations }) => violations.length > 0);
    if (bad !== undefined) {
      return { mutation, outcome: 'caught', seed: bad.seed, violation: bad.violations[0]?.what ?? '' };
    }
    if (days.length === mutation.within) return { mutation, outcome: 'survived' };
    return { mutation, outcome: 'caught', seed: (mutation.from ?? 1) + days.length, violation: 'the process ended' };
  } finally {
    for (const [file, text] of originals) await writeFile(join(copy, file), text);
  }
}

async function apply(copy: string, { file, find, replace }: Edit, originals: Map<string, string>): Promise<boolean> {
  const text = await readFile(join(copy, file), 'utf8');
  if (text.split(find).length !== 2) return false;
  if (!originals.has(file)) originals.set(file, text);
  await writeFile(
    join(copy, file),
    text.replace(find, () => replace),
  );
  return true;
}

/** The results as a table in Markdown. */
export function tableOf(results: readonly MutationResult[]): string {
  const rows = results.map(({ mutation, outcome, seed, violation }) => {
    const catches = outcome === 'caught' ? `seed ${seed}: ${violation?.slice(0, 90)}` : outcome;
    return `| ${mutation.rules.join(', ')} | ${mutation.name} | ${catches} |`;
  });
  return ['| rule | deliberate bug | caught by |', '|---|---|---|', ...rows].join('\n');
}
