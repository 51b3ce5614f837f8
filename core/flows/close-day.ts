/**
 * The closing of a day: the balance of every account at midnight UTC, and the archiving of everything committed until then.
 *
 *   midnight ──> margin is over ──> plan ──> segments, each on its own ──> manifest
 *
 * The cut is exact: it holds what was committed before midnight. A commit takes its time from its writer's clock, and a writer may
 * append it as late as its function may run, so the closing waits for longer than both can make: then no commit with an earlier time
 * can come any more. Should one come nevertheless, it is found by its version, counted as late, and belongs to the next day.
 *
 * Everything is made from the ledger itself. Whoever does it again, after a crash or beside another, makes the same texts under the
 * same names.
 */
import {
  ARCHIVE_VERSION,
  type ClosedSegment,
  type DayManifest,
  decodeManifest,
  decodeSegment,
  encodeManifest,
  encodeSegment,
  MANIFESTS_PREFIX,
  manifestName,
  segmentName,
} from '../contracts/archive.ts';
import { DAY_MS, dayAfter, dayOf, endOfDay } from '../contracts/day.ts';
import type { Archive, Clock } from '../ports.ts';
import { type ClosingPorts, SegmentClosing } from './close-segment.ts';
import { ClosingTotals } from './closing-totals.ts';
import { CLOCK_MARGIN_MS } from './cut-ledger.ts';

/** A processor may run for 60 s (PROTOCOL, stream mapping), so it appends at most so much after it read its clock. */
export const ZOMBIE_MS = 60_000;
/** The closing of a day begins no earlier after midnight: clocks' margin, and the longest that a writer lives. */
export const CLOSE_MARGIN_MS = CLOCK_MARGIN_MS + ZOMBIE_MS;

/** A day is asked for that cannot be closed now. */
export class DayNotClosable extends Error {
  override readonly name = 'DayNotClosable';
}

/** What a closing works on; plain data, so that it travels between processes. */
export interface DayPlan {
  readonly day: string;
  /** The last day that is closed; null if none is. */
  readonly previous: string | null;
  readonly segments: number;
}

/**
 * Plans the closing of a day: the one after the last that is closed, or yesterday for the first.
 *
 * @returns undefined if every day that is over is closed
 * @throws {DayNotClosable} if `day` is given, and is not over or not the next in order
 */
export async function planDay(
  { archive, clock }: { readonly archive: Archive; readonly clock: Pick<Clock, 'now'> },
  segments: number,
  day?: string,
): Promise<DayPlan | undefined> {
  const previous = await lastClosedDay(archive);
  const newest = dayOf(clock.now() - CLOSE_MARGIN_MS - DAY_MS);
  const next = previous === undefined ? (day ?? newest) : dayAfter(previous);
  if (day !== undefined && day !== next)
    throw new DayNotClosable(
      `day ${day} cannot be closed: ${previous ?? 'none'} is the last that is, so ${next} is next`,
    );
  if (next > newest) {
    if (day !== undefined) throw new DayNotClosable(`day ${day} cannot be closed yet: writers may still add to it`);
    return undefined;
  }
  return { day: next, previous: previous ?? null, segments };
}

/** The last day that is closed. */
export async function lastClosedDay(archive: Pick<Archive, 'list'>): Promise<string | undefined> {
  let last: string | undefined;
  for await (const name of archive.list(MANIFESTS_PREFIX)) last = name.slice(MANIFESTS_PREFIX.length);
  return last;
}

/** Closes one segment of a day, unless it is closed. */
export async function closeSegment(ports: ClosingPorts, plan: DayPlan, segment: number): Promise<ClosedSegment> {
  const name = segmentName(plan.day, segment, plan.segments);
  const made = await ports.archive.get(name);
  if (made !== undefined) return decodeSegment(made);
  const closing = new SegmentClosing(ports, {
    day: plan.day,
    before: endOfDay(plan.day),
    openSince: plan.previous === null ? 0 : endOfDay(plan.previous),
  });
  const closed = await closing.run(segment, plan.segments);
  await ports.archive.put([{ name, text: encodeSegment(closed) }]);
  return closed;
}

/**
 * Writes the manifest of a day whose segments are all closed. Money in flight is what was debited and neither credited nor refunded
 * up to the cut: that of the day before, and what this day changed.
 *
 * @throws {DayNotClosable} if a segment is not closed
 */
export async function finishDay(archive: Archive, plan: DayPlan): Promise<DayManifest> {
  const { day, previous, segments } = plan;
  const closed = await readManifest(archive, day);
  if (closed !== undefined) return closed;
  const before = previous === null ? undefined : await readManifest(archive, previous);
  if (previous !== null && before === undefined) throw new DayNotClosable(`day ${previous} has no manifest`);
  const totals = new ClosingTotals(before?.currencies);
  const parts: ClosedSegment[] = [];
  for (let segment = 0; segment < segments; segment += 1) {
    const part = await readSegment(archive, plan, segment);
    for (const currency of part.currencies) totals.add(currency);
    parts.push(part);
  }
  const currencies = totals.result();
  const damaged = parts.flatMap((part) => part.damaged);
  const manifest: DayManifest = {
    v: ARCHIVE_VERSION,
    day,
    before: endOfDay(day),
    previous,
    segments,
    closings: parts.flatMap(({ closings }) => closings),
    accounts: sumOf(parts, 'accounts'),
    commits: sumOf(parts, 'commits'),
    late: sumOf(parts, 'late'),
    balanced: damaged.length === 0 && currencies.every(({ sum }) => sum === 0n),
    currencies,
    damaged,
  };
  await archive.put([{ name: manifestName(day), text: encodeManifest(manifest) }]);
  return manifest;
}

/** The manifest of a day, or undefined if it is not closed. */
export async function readManifest(archive: Pick<Archive, 'get'>, day: string): Promise<DayManifest | undefined> {
  const text = await archive.get(manifestName(day));
  return text === undefined ? undefined : decodeManifest(text);
}

/** Closes a whole day in one process: for the embedded wallet, and for who does not need many. Undefined if none is over. */
export async function closeDay(
  ports: ClosingPorts & { readonly clock: Pick<Clock, 'now'> },
  segments: number,
  day?: string,
): Promise<DayManifest | undefined> {
  const plan = await planDay(ports, segments, day);
  if (plan === undefined) return undefined;
  for (let segment = 0; segment < plan.segments; segment += 1) await closeSegment(ports, plan, segment);
  return finishDay(ports.archive, plan);
}

async function readSegment(archive: Archive, { day, segments }: DayPlan, segment: number): Promise<ClosedSegment> {
  const text = await archive.get(segmentName(day, segment, segments));
  if (text === undefined) throw new DayNotClosable(`segment ${segment} of day ${day} is not closed`);
  return decodeSegment(text);
}

function sumOf(parts: readonly ClosedSegment[], member: 'accounts' | 'commits' | 'late'): number {
  return parts.reduce((sum, part) => sum + part[member], 0);
}
