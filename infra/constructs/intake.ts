/** Intake: takes requests that move money or change accounts, puts commands into the stream and waits for their outcome. */
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { ArchiveStore } from './archive.ts';
import type { CommandStream } from './command-stream.ts';
import { allow } from './grants.ts';
import type { Ledger } from './ledger.ts';
import type { TokenEnvironment } from './token-parameters.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

/** API Gateway answers for a function that takes longer. AWS quota, seconds. */
export const API_TIMEOUT_SECONDS = 29;

export interface IntakeProps extends Deployment {
  readonly ledger: Ledger;
  readonly archive: ArchiveStore;
  readonly commands: CommandStream;
  /** Whose tokens it trusts, where nobody checks them before it. */
  readonly tokens: TokenEnvironment;
}

export class Intake extends Construct {
  readonly fn: WalletFunction;

  constructor(scope: Construct, id: string, props: IntakeProps) {
    super(scope, id);
    const { ledger, transfers, notes } = props.ledger;
    const { stream } = props.commands;
    this.fn = new WalletFunction(this, 'Intake', {
      ...props,
      name: 'intake',
      description: 'Accepts transfers and account commands',
      timeoutSeconds: API_TIMEOUT_SECONDS,
      memoryMb: 512,
      mostConcurrent: props.config.mostWaitingRequests,
      environment: {
        ...props.archive.environment(),
        ...props.tokens,
        [env.commandStream]: stream.streamName,
        [env.transfersTable]: transfers.tableName,
        [env.ledgerTable]: ledger.tableName,
        [env.notesTable]: notes.tableName,
        [env.lanes]: String(props.config.lanes),
      },
      permissions: [
        allow(['kinesis:PutRecords'], [stream.streamArn]),
        allow(['dynamodb:BatchGetItem'], [transfers.tableArn]),
        allow(['dynamodb:PartiQLInsert'], [notes.tableArn]),
        allow(['dynamodb:GetItem', 'dynamodb:Query'], [ledger.tableArn]),
      ],
    });
    props.archive.grantPast(this.fn.role);
  }
}
