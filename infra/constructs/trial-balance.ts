/** Trial balance: a schedule that proves, per currency, that balances and money in flight sum to zero. */
import { Duration, Validations } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { env, reportsView } from '../../core/contracts/env.ts';
import type { ArchiveStore } from './archive.ts';
import { allow, allowOnKeys } from './grants.ts';
import type { Ledger } from './ledger.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

/** Lambda's own maximum: the job reads the newest commit of every account. */
const TIMEOUT_SECONDS = 900;

export interface TrialBalanceProps extends Deployment {
  readonly ledger: Ledger;
  readonly archive: ArchiveStore;
}

export class TrialBalance extends Construct {
  readonly fn: WalletFunction;

  constructor(scope: Construct, id: string, props: TrialBalanceProps) {
    super(scope, id);
    const { ledger, transfers, views } = props.ledger;
    this.fn = new WalletFunction(this, 'TrialBalance', {
      ...props,
      name: 'trial-balance',
      description: 'Computes the trial balance of all accounts',
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: 1_024,
      environment: {
        ...props.archive.environment(),
        [env.ledgerTable]: ledger.tableName,
        [env.transfersTable]: transfers.tableName,
        [env.viewsTable]: views.tableName,
      },
      permissions: [
        allow(['dynamodb:GetItem', 'dynamodb:Query'], [ledger.tableArn]),
        allow(['dynamodb:Scan'], [transfers.tableArn]),
        allow(['dynamodb:GetItem', 'dynamodb:Query'], [views.tableArn]),
        // What else stands there is none of its business: registry, lists of owners, generations, breaks.
        allowOnKeys(['dynamodb:PutItem'], views.tableArn, reportsView('*')),
      ],
    });
    props.archive.grantPast(this.fn.role);
    const rule = new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.minutes(props.config.trialBalanceMinutes)),
      // The next run comes soon and computes all again, so a late retry would only compete with it.
      targets: [new LambdaFunction(this.fn.lambda, { retryAttempts: 0 })],
    });
    const reason = 'A run that is lost is made good by the next one, minutes later; there is nothing to redrive.';
    Validations.of(rule).acknowledge({ id: 'Serverless-EventBusDLQ', reason });
  }
}
