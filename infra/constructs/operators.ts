/** The topic that people listen to: alarms, and transfers that a recovery could not settle. Subscriptions are theirs to make. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { allow } from './grants.ts';

export interface OperatorsProps {
  readonly config: StageConfig;
}

export class Operators extends Construct {
  readonly topic: Topic;
  readonly key: Key;

  constructor(scope: Construct, id: string, props: OperatorsProps) {
    super(scope, id);
    // A key of our own, because CloudWatch may not use the one that AWS manages for SNS: alarms would be dropped in silence.
    this.key = new Key(this, 'Key', {
      description: 'Encrypts what is told to the operators of the wallet',
      enableKeyRotation: true,
      removalPolicy: props.config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
      }),
    );
    this.topic = new Topic(this, 'Reports', { masterKey: this.key, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
      }),
    );
  }

  /** What a role needs to tell the operators something. */
  publish(): readonly PolicyStatement[] {
    return [
      allow(['sns:Publish'], [this.topic.topicArn]),
      allow(['kms:Decrypt', 'kms:GenerateDataKey'], [this.key.keyArn]),
    ];
  }
}
