/**
 * The closing Lambda: the steps of a day's closing, as its state machine asks for them, and the look at whether it is done.
 *
 *   plan ──> segment (each of many at once) ──> finish ──> plan: the next day, or nothing
 */
import { DynamoDbArchiveIndex } from '../../adapters/aws/dynamodb-archive-index.ts';
import { DynamoDbLedgerScan } from '../../adapters/aws/dynamodb-ledger-scan.ts';
import { dynamoDbDailyBalances } from '../../adapters/aws/dynamodb-live-views.ts';
import { S3Archive } from '../../adapters/aws/s3-archive.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { type ClosingStep, readClosingStep } from '../../core/contracts/closing-step.ts';
import { metrics } from '../../core/contracts/env.ts';
import { closeSegment, type DayPlan, finishDay, planDay } from '../../core/flows/close-day.ts';
import { ledgerWithPast } from '../runtime/ledger-with-past.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { config } from './config.ts';

const tables = { tableName: config.archiveIndexTable };
const ports = {
  log: ledgerWithPast({ tableName: config.ledgerTable }),
  scan: new DynamoDbLedgerScan({ tableName: config.ledgerTable }),
  archive: new S3Archive({ bucketName: config.archiveBucket }),
  index: new DynamoDbArchiveIndex(tables),
  dailyBalances: dynamoDbDailyBalances({ ...tables, viewsTable: config.viewsTable }),
  clock: new SystemClock(),
  digest: sha256,
};

export const handler = observed(async (event: unknown): Promise<unknown> => take(readClosingStep(event)));

async function take(step: ClosingStep): Promise<unknown> {
  switch (step.step) {
    case 'plan':
      return plan();
    case 'segment':
      await closeSegment(ports, step.plan, step.segment);
      return {};
    case 'finish':
      return finish(step.plan);
    case 'check':
      return check();
    default:
      return step satisfies never;
  }
}

async function plan() {
  const next = await planDay(ports, config.segments);
  const segments = Array.from({ length: config.segments }, (_, segment) => segment);
  return next === undefined ? { due: false, segments } : { due: true, plan: next, segments };
}

async function finish(dayPlan: DayPlan) {
  const { day, balanced, late, damaged, currencies, accounts, commits } = await finishDay(ports.archive, dayPlan);
  if (late > 0) meter.count(metrics.lateCommits, late);
  if (!balanced) {
    meter.count(metrics.dayUnbalanced, 1);
    const unbalanced = currencies.flatMap(({ currency, sum }) => (sum === 0n ? [] : [currency]));
    journal.warn('the closing of a day is not sound', { day, currencies: unbalanced, damaged });
  }
  return { day, accounts, commits };
}

/** An hour after midnight the day has to be closed. */
async function check() {
  const open = await planDay(ports, config.segments);
  if (open === undefined) return {};
  meter.count(metrics.dayNotClosed, 1);
  journal.warn('a day that is over is not closed', { day: open.day });
  return {};
}
