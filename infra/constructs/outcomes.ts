/**
 * The bus that outcomes of transfers are told on. It stands beside the data, because others attach their rules to it: it must not
 * go with a deployment.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

export interface OutcomesProps {
  readonly config: StageConfig;
}

export class Outcomes extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: OutcomesProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { description: 'Outcomes of transfers of the wallet' });
    this.bus.applyRemovalPolicy(props.config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
  }
}
