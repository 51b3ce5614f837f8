/**
 * The tables: `ledger` (one item per commit, the only source of outcomes), `transfers` (claims and statuses), `views` (what the
 * projections derive), `open work` (what somebody must come back to) and `notes` (what clients write beside transfers). Their keys are part of the protocol; none has an index,
 * because an index would cost a write per transfer.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

export interface LedgerProps {
  readonly config: StageConfig;
}

export class Ledger extends Construct {
  readonly ledger: TableV2;
  readonly transfers: TableV2;
  readonly views: TableV2;
  readonly openWork: TableV2;
  readonly notes: TableV2;

  constructor(scope: Construct, id: string, props: LedgerProps) {
    super(scope, id);
    const common = {
      billing: Billing.onDemand(),
      // The key that DynamoDB owns: always on, free and without a request quota that the hot path could meet.
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.config.keepData,
      removalPolicy: props.config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    this.ledger = new TableV2(this, 'Commits', {
      ...common,
      partitionKey: { name: 'account', type: AttributeType.STRING },
      sortKey: { name: 'version', type: AttributeType.NUMBER },
      dynamoStream: StreamViewType.NEW_IMAGE,
    });
    this.transfers = new TableV2(this, 'Transfers', {
      ...common,
      partitionKey: { name: 'id', type: AttributeType.STRING },
    });
    this.views = new TableV2(this, 'Views', {
      ...common,
      partitionKey: { name: 'view', type: AttributeType.STRING },
      sortKey: { name: 'key', type: AttributeType.STRING },
    });
    this.notes = new TableV2(this, 'Notes', {
      ...common,
      partitionKey: { name: 'id', type: AttributeType.STRING },
    });
    this.openWork = new TableV2(this, 'OpenWork', {
      ...common,
      partitionKey: { name: 'bucket', type: AttributeType.NUMBER },
      sortKey: { name: 'key', type: AttributeType.STRING },
    });
  }
}
