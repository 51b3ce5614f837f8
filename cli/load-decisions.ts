/** The decisions of another build: a module as `npm run build:decisions` makes it, or any other with the same two exports. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DECISIONS_FORMAT, type DecidedCommit } from '../core/flows/decide-again.ts';
import type { Decisions } from '../core/flows/replay-log.ts';
import { CommandError, exitCodes } from './exit-codes.ts';

/** Runs the file's code: give it only what you built. @throws {CommandError} if it holds no decisions of this format */
export async function loadDecisions(file: string): Promise<Decisions> {
  if (!existsSync(file)) throw new CommandError(exitCodes.usage, `there is no file ${file}`);
  const loaded: unknown = await import(pathToFileURL(path.resolve(file)).href).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(exitCodes.usage, `${file} holds no decisions: ${why}`);
  });
  const { DECISIONS_FORMAT: format, decideAgain } = membersOf(loaded);
  if (format !== DECISIONS_FORMAT || typeof decideAgain !== 'function')
    throw new CommandError(exitCodes.usage, `${file} holds no decisions of format ${DECISIONS_FORMAT}`);
  return { decideAgain: (commit) => decidedIn(decideAgain(commit)) };
}

/** What another build gives back is checked: its mistakes must not look like ours. */
function decidedIn(answer: unknown): DecidedCommit {
  const { events, state } = membersOf(answer);
  const isList = Array.isArray(events) && events.every((event): event is string => typeof event === 'string');
  if (!isList || typeof state !== 'string') throw new Error('the other build gives back no events and state');
  return { events, state };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
