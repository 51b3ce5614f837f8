/** Check-back: a schedule that comes back to what was begun and is not over, and drives it to its end. */
import { Duration, Validations } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { ArchiveStore } from './archive.ts';
import type { CommandStream } from './command-stream.ts';
import { allow } from './grants.ts';
import type { Ledger } from './ledger.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

/** A run takes no new work after 30 s; what it has begun by then takes seconds, also where requests are retried. */
const TIMEOUT_SECONDS = 120;
/** EventBridge's shortest rate. */
const EVERY_MINUTE = Duration.minutes(1);

export interface CheckBackProps extends Deployment {
  readonly ledger: Ledger;
  readonly archive: ArchiveStore;
  readonly commands: CommandStream;
  readonly saga: IStateMachine;
}

export class CheckBack extends Construct {
  readonly fn: WalletFunction;

  constructor(scope: Construct, id: string, props: CheckBackProps) {
    super(scope, id);
    const { ledger, transfers, openWork } = props.ledger;
    const { stream } = props.commands;
    this.fn = new WalletFunction(this, 'CheckBack', {
      ...props,
      name: 'check-back',
      description: 'Drives to its end what was begun and is not over',
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: 1_024,
      environment: {
        ...props.archive.environment(),
        [env.ledgerTable]: ledger.tableName,
        [env.transfersTable]: transfers.tableName,
        [env.openWorkTable]: openWork.tableName,
        [env.commandStream]: stream.streamName,
        [env.sagaArn]: props.saga.stateMachineArn,
        [env.lanes]: String(props.config.lanes),
      },
      permissions: [
        allow(['dynamodb:GetItem', 'dynamodb:Query'], [ledger.tableArn]),
        allow(['dynamodb:BatchGetItem'], [transfers.tableArn]),
        allow(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], [openWork.tableArn]),
        allow(['kinesis:PutRecords'], [stream.streamArn]),
        allow(['states:StartExecution'], [props.saga.stateMachineArn]),
      ],
    });
    props.archive.grantPast(this.fn.role);
    const rule = new Rule(this, 'Schedule', {
      schedule: Schedule.rate(EVERY_MINUTE),
      // The next run comes soon and finds all that is due, so a late retry would only compete with it.
      targets: [new LambdaFunction(this.fn.lambda, { retryAttempts: 0 })],
    });
    const reason = 'A run that is lost is made good by the next one, a minute later; there is nothing to redrive.';
    Validations.of(rule).acknowledge({ id: 'Serverless-EventBusDLQ', reason });
  }
}
