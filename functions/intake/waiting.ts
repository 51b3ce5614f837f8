/** What all routes of the entrance have in common: how long they wait, and what they say when they cannot wait any longer. */
import type { ClaimSubject } from '../../core/contracts/claim.ts';
import { differingFields } from '../../core/contracts/http-answers.ts';
import { type Problem, problemOf } from '../../core/contracts/problems.ts';
import type { EntrancePorts } from '../../core/flows/accept-commands.ts';
import type { Clock, EventLog, Meter, NoteStore } from '../../core/ports.ts';
import type { ApiCall } from '../runtime/route.ts';
import { RETRY_AFTER_SECONDS } from '../runtime/trouble.ts';
import { readPrefer } from './prefer.ts';

export interface IntakePorts extends EntrancePorts {
  readonly log: EventLog;
  readonly notes: NoteStore;
  readonly meter: Meter;
  /** A new identity for a request that came without one; at most 64 of the characters an identity may have. */
  readonly newIdentity: () => string;
}

/** Time that the last look and the answer need after the waiting is over. */
const ANSWER_MS = 1_500;

export interface Wait {
  /** UTC milliseconds. */
  readonly until: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** How long this request waits: as its client prefers, and not beyond the time that is left to serve it. */
export function waitOf(call: ApiCall, clock: Clock): Wait {
  const { waitSeconds, applied } = readPrefer(call.headers['prefer']);
  const waitMs = Math.min(waitSeconds * 1_000, call.remainingMs - ANSWER_MS);
  return {
    until: clock.now() + Math.max(waitMs, 0),
    headers: applied === undefined ? {} : { 'preference-applied': applied },
  };
}

/**
 * Headers of an answer that says "not yet": where to look, and when.
 *
 * `Location` is a reference relative to the request's own path (RFC 9110 allows it). API Gateway serves the wallet below the name
 * of a stage, emulators below more than that, and only the client knows the whole path that it used.
 *
 * @param route path of the route that answers, as the wallet knows it
 * @param path where to look, as the wallet knows it
 */
export function pendingHeaders(route: string, path: string): Readonly<Record<string, string>> {
  const depth = route.split('/').length - 2;
  return { location: '../'.repeat(depth) + path.slice(1), 'retry-after': String(RETRY_AFTER_SECONDS) };
}

/** The problem of an identity that stands for something else. It names the fields, not what is in them. */
export function conflictOf(
  standing: ClaimSubject,
  asked: ClaimSubject,
  identity: Readonly<Record<string, string>>,
): Problem {
  const fields = differingFields(standing, asked);
  const what = fields.length === 0 ? 'other content' : `another ${fields.join(', ')}`;
  return problemOf('content_conflict', `This identity was used before, with ${what}.`, { ...identity, fields });
}
