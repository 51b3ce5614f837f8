/** Projector: reads the ledger's stream and derives from it the status of transfers and the registry of accounts. */
import { Duration, Validations } from 'aws-cdk-lib';
import { EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import { allow, arnParameter } from './grants.ts';
import type { Ledger } from './ledger.ts';
import type { Quarantine } from './quarantine.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

const TIMEOUT_SECONDS = 60;
/** A stream of DynamoDB keeps records for 24 hours; the mapping gives up on a record before the stream forgets it. */
const GIVE_UP_AFTER_HOURS = 23;

export interface ProjectorProps extends Deployment {
  readonly ledger: Ledger;
  readonly quarantine: Quarantine;
}

export class Projector extends Construct {
  readonly fn: WalletFunction;
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: ProjectorProps) {
    super(scope, id);
    const { transfers, views, openWork } = props.ledger;
    this.fn = new WalletFunction(this, 'Projector', {
      ...props,
      name: 'projector',
      description: 'Derives statuses and views from the ledger',
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: 1_024,
      environment: {
        [env.transfersTable]: transfers.tableName,
        [env.viewsTable]: views.tableName,
        [env.openWorkTable]: openWork.tableName,
        [env.quarantineBucket]: props.quarantine.bucket.bucketName,
      },
      permissions: [
        allow(['dynamodb:PartiQLUpdate', 'dynamodb:BatchGetItem'], [transfers.tableArn]),
        allow(['dynamodb:PartiQLInsert'], [views.tableArn, openWork.tableArn]),
      ],
    });
    props.quarantine.grantRecords(this.fn.role);
    this.mapping = this.readLedger(props);
  }

  private readLedger(props: ProjectorProps): EventSourceMapping {
    const streamArn = props.ledger.ledger.tableStreamArn;
    if (streamArn === undefined) throw new Error('table of the ledger has no stream, expected one with new images');
    this.fn.role.addToPolicy(
      allow(
        ['DescribeStream', 'GetRecords', 'GetShardIterator'].map((action) => `dynamodb:${action}`),
        [streamArn],
      ),
    );
    this.allowListing(props.ledger);
    const { batchSize, batchingWindowSeconds, parallelizationFactor } = props.config.projectionMapping;
    return new EventSourceMapping(this, 'LedgerMapping', {
      target: this.fn.lambda,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize,
      maxBatchingWindow: Duration.seconds(batchingWindowSeconds),
      parallelizationFactor,
      bisectBatchOnError: true,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
      retryAttempts: -1,
      maxRecordAge: Duration.hours(GIVE_UP_AFTER_HOURS),
      onFailure: props.quarantine.onFailure(),
    });
  }

  /** Lambda refuses a mapping whose role may not list the table's streams, although the mapping names one. */
  private allowListing({ ledger }: Ledger): void {
    this.fn.role.addToPolicy(allow(['dynamodb:ListStreams'], [`${ledger.tableArn}/stream/*`]));
    Validations.of(this.fn.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${arnParameter(ledger)}>/stream/*]`,
      reason: 'A list of streams is asked for without naming one; it is of this table only.',
    });
  }
}
