/** Publisher: the second reader of the ledger's stream. It archives every commit, and tells the outcomes of transfers on the bus. */
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import { type ArchiveStore, archiveFolders } from './archive.ts';
import { allow } from './grants.ts';
import type { Ledger } from './ledger.ts';
import { readLedgerStream } from './ledger-reader.ts';
import type { Outcomes } from './outcomes.ts';
import type { Quarantine } from './quarantine.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

/** A full batch holds some 20,000 outcomes, which are 2,000 calls to the bus, eight at a time. */
const TIMEOUT_SECONDS = 60;

export interface PublisherProps extends Deployment {
  readonly ledger: Ledger;
  readonly archive: ArchiveStore;
  readonly quarantine: Quarantine;
  readonly outcomes: Outcomes;
}

export class Publisher extends Construct {
  readonly fn: WalletFunction;
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: PublisherProps) {
    super(scope, id);
    const { ledger } = props.ledger;
    const { bus } = props.outcomes;
    this.fn = new WalletFunction(this, 'Publisher', {
      ...props,
      name: 'publisher',
      description: 'Archives commits and tells outcomes of transfers',
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: 1_024,
      environment: {
        ...props.archive.environment(),
        [env.ledgerTable]: ledger.tableName,
        [env.outcomeBus]: bus.eventBusName,
        [env.quarantineBucket]: props.quarantine.bucket.bucketName,
      },
      permissions: [allow(['dynamodb:GetItem'], [ledger.tableArn]), allow(['events:PutEvents'], [bus.eventBusArn])],
    });
    props.archive.grantPast(this.fn.role);
    props.archive.grantObjects(this.fn.role, ['s3:PutObject'], [archiveFolders.raw]);
    props.quarantine.grantRecords(this.fn.role);
    this.mapping = readLedgerStream(this, { ...props, fn: this.fn, insertsOnly: true });
  }
}
