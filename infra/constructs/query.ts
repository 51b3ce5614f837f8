/** Query: answers what became of transfers, what accounts hold, and the trial balance. It writes nothing. */
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { ArchiveStore } from './archive.ts';
import { allow } from './grants.ts';
import { API_TIMEOUT_SECONDS } from './intake.ts';
import type { Ledger } from './ledger.ts';
import type { TokenEnvironment } from './token-parameters.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

export interface QueryProps extends Deployment {
  readonly ledger: Ledger;
  /** Whose tokens it trusts, where nobody checks them before it. */
  readonly tokens: TokenEnvironment;
  readonly archive: ArchiveStore;
}

export class Query extends Construct {
  readonly fn: WalletFunction;

  constructor(scope: Construct, id: string, props: QueryProps) {
    super(scope, id);
    const { ledger, transfers, views, openWork, notes } = props.ledger;
    this.fn = new WalletFunction(this, 'Query', {
      ...props,
      name: 'query',
      description: 'Answers questions about transfers and accounts',
      timeoutSeconds: API_TIMEOUT_SECONDS,
      memoryMb: 1_024,
      environment: {
        ...props.tokens,
        ...props.archive.environment(),
        [env.ledgerTable]: ledger.tableName,
        [env.transfersTable]: transfers.tableName,
        [env.viewsTable]: views.tableName,
        [env.openWorkTable]: openWork.tableName,
        [env.notesTable]: notes.tableName,
      },
      permissions: [
        allow(['dynamodb:GetItem', 'dynamodb:Query'], [ledger.tableArn]),
        // The live trial balance looks for transfers in flight; the scheduled one spares callers that where there are many.
        allow(['dynamodb:BatchGetItem', 'dynamodb:Scan'], [transfers.tableArn]),
        allow(['dynamodb:GetItem', 'dynamodb:Query'], [views.tableArn]),
        allow(['dynamodb:Query'], [openWork.tableArn]),
        allow(['dynamodb:BatchGetItem'], [notes.tableArn]),
      ],
    });
    props.archive.grantPast(this.fn.role);
  }
}
