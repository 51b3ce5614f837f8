/** How a function reads the ledger's stream: as long as DynamoDB keeps it, halving a batch that fails, and putting aside what it gives up. */
import { Duration, Validations } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { allow, arnParameter } from './grants.ts';
import type { Ledger } from './ledger.ts';
import type { Quarantine } from './quarantine.ts';
import type { WalletFunction } from './wallet-function.ts';

/** A stream of DynamoDB keeps records for 24 hours; the mapping gives up on a record before the stream forgets it. */
const GIVE_UP_AFTER_HOURS = 23;

export interface LedgerReaderProps {
  readonly fn: WalletFunction;
  readonly config: StageConfig;
  readonly ledger: Ledger;
  readonly quarantine: Quarantine;
  /** Only commits that were added, so that changes of the ledger by other hands invoke nothing. */
  readonly insertsOnly: boolean;
}

/**
 * Lets a function read the ledger's stream, by a mapping `LedgerMapping` in its construct. DynamoDB lets two functions read a
 * table's stream without throttling each other, and no more.
 */
export function readLedgerStream(reader: Construct, props: LedgerReaderProps): EventSourceMapping {
  const { fn, quarantine } = props;
  const streamArn = props.ledger.ledger.tableStreamArn;
  if (streamArn === undefined) throw new Error('table of the ledger has no stream, expected one with new images');
  fn.role.addToPolicy(
    allow(
      ['DescribeStream', 'GetRecords', 'GetShardIterator'].map((action) => `dynamodb:${action}`),
      [streamArn],
    ),
  );
  allowListing(fn, props.ledger);
  const { batchSize, batchingWindowSeconds, parallelizationFactor } = props.config.projectionMapping;
  return new EventSourceMapping(reader, 'LedgerMapping', {
    target: fn.lambda,
    eventSourceArn: streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize,
    maxBatchingWindow: Duration.seconds(batchingWindowSeconds),
    parallelizationFactor,
    bisectBatchOnError: true,
    metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    retryAttempts: -1,
    maxRecordAge: Duration.hours(GIVE_UP_AFTER_HOURS),
    onFailure: quarantine.onFailure(),
    ...(props.insertsOnly ? { filters: [FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT') })] } : {}),
  });
}

/** Lambda refuses a mapping whose role may not list the table's streams, although the mapping names one. */
function allowListing({ role }: WalletFunction, { ledger }: Ledger): void {
  role.addToPolicy(allow(['dynamodb:ListStreams'], [`${ledger.tableArn}/stream/*`]));
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${arnParameter(ledger)}>/stream/*]`,
    reason: 'A list of streams is asked for without naming one; it is of this table only.',
  });
}
