/** Projector: reads the ledger's stream and derives from it the status of transfers and the registry of accounts. */
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { ArchiveStore } from './archive.ts';
import { allow } from './grants.ts';
import type { Ledger } from './ledger.ts';
import { readLedgerStream } from './ledger-reader.ts';
import type { Push } from './push.ts';
import type { Quarantine } from './quarantine.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

const TIMEOUT_SECONDS = 60;

export interface ProjectorProps extends Deployment {
  readonly ledger: Ledger;
  readonly archive: ArchiveStore;
  readonly quarantine: Quarantine;
  /** Who may wait for outcomes; only where the preset has it. */
  readonly push: Push | undefined;
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
        ...props.archive.environment(),
        [env.transfersTable]: transfers.tableName,
        [env.viewsTable]: views.tableName,
        [env.openWorkTable]: openWork.tableName,
        [env.quarantineBucket]: props.quarantine.bucket.bucketName,
        ...props.push?.environment(),
      },
      permissions: [
        allow(['dynamodb:PartiQLUpdate', 'dynamodb:BatchGetItem'], [transfers.tableArn]),
        // What of the ledger may have been pruned; which generations of the views are written.
        allow(['dynamodb:GetItem'], [props.archive.index.tableArn, views.tableArn]),
        allow(['dynamodb:PartiQLInsert'], [views.tableArn, openWork.tableArn]),
        ...(props.push?.permissions() ?? []),
      ],
    });
    props.quarantine.grantRecords(this.fn.role);
    // Changes of the ledger come too: the projector is who tells that it was tampered with.
    this.mapping = readLedgerStream(this, { ...props, fn: this.fn, insertsOnly: false });
  }
}
