/**
 * Processor: the one writer of each account. It reads the stream of commands in order, decides, appends to the ledger, and starts
 * the saga for what was debited.
 */
import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { ArchiveStore } from './archive.ts';
import type { CommandStream } from './command-stream.ts';
import { allow } from './grants.ts';
import type { Ledger } from './ledger.ts';
import type { Quarantine } from './quarantine.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

/** Also bounds how long a processor that Lambda has given up on can still write. */
const TIMEOUT_SECONDS = 60;
/** One day less than the stream keeps a record, so that the target for failures gets it before it is gone. */
const GIVE_UP_AFTER_DAYS = 6;

export interface ProcessorProps extends Deployment {
  readonly ledger: Ledger;
  readonly archive: ArchiveStore;
  readonly commands: CommandStream;
  readonly quarantine: Quarantine;
  readonly saga: IStateMachine;
  /** Table that says where to fail; only where the preset allows fault injection. */
  readonly faults: TableV2 | undefined;
}

export class Processor extends Construct {
  readonly fn: WalletFunction;
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: ProcessorProps) {
    super(scope, id);
    const { ledger, transfers, openWork } = props.ledger;
    this.fn = new WalletFunction(this, 'Processor', {
      ...props,
      name: 'processor',
      description: 'Decides commands and appends to the ledger',
      timeoutSeconds: TIMEOUT_SECONDS,
      // Lambda's processor share grows with memory, one whole core from 1,769 MB on.
      memoryMb: 1_769,
      environment: {
        ...props.archive.environment(),
        [env.ledgerTable]: ledger.tableName,
        [env.transfersTable]: transfers.tableName,
        [env.openWorkTable]: openWork.tableName,
        [env.quarantineBucket]: props.quarantine.bucket.bucketName,
        [env.sagaArn]: props.saga.stateMachineArn,
        [env.lanes]: String(props.config.lanes),
        [env.streamEpoch]: String(props.config.streamEpoch),
      },
      permissions: [
        allow(['dynamodb:PartiQLInsert', 'dynamodb:GetItem', 'dynamodb:Query'], [ledger.tableArn]),
        allow(['dynamodb:PartiQLInsert', 'dynamodb:BatchGetItem'], [transfers.tableArn]),
        allow(['dynamodb:PartiQLInsert'], [openWork.tableArn]),
        allow(['states:StartExecution'], [props.saga.stateMachineArn]),
      ],
    });
    props.archive.grantPast(this.fn.role);
    props.quarantine.grantRecords(this.fn.role);
    this.listenForFaults(props.faults);
    if (props.config.faultInjection && props.appendOneByOne === true) this.appendOneByOne(ledger);
    this.mapping = this.readCommands(props);
  }

  private listenForFaults(faults: TableV2 | undefined): void {
    if (faults === undefined) return;
    this.fn.lambda.addEnvironment(env.faultsTable, faults.tableName);
    this.fn.role.addToPolicy(allow(['dynamodb:GetItem', 'dynamodb:DeleteItem'], [faults.tableArn]));
  }

  /** Some emulators write no stream record for what a batch of statements inserts; a put of one item has one everywhere. */
  private appendOneByOne(ledger: TableV2): void {
    this.fn.lambda.addEnvironment(env.appendOneByOne, 'true');
    this.fn.role.addToPolicy(allow(['dynamodb:PutItem'], [ledger.tableArn]));
  }

  private readCommands(props: ProcessorProps): EventSourceMapping {
    const { streamArn } = props.commands.stream;
    this.fn.role.addToPolicy(
      allow(
        ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards', 'ListStreams'].map(
          (action) => `kinesis:${action}`,
        ),
        [streamArn],
      ),
    );
    const { batchSize, batchingWindowSeconds, parallelizationFactor } = props.config.commandMapping;
    return new EventSourceMapping(this, 'CommandMapping', {
      target: this.fn.lambda,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize,
      maxBatchingWindow: Duration.seconds(batchingWindowSeconds),
      parallelizationFactor,
      bisectBatchOnError: true,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
      retryAttempts: -1,
      maxRecordAge: Duration.days(GIVE_UP_AFTER_DAYS),
      onFailure: props.quarantine.onFailure(),
    });
  }
}
