/** The topic that people listen to: alarms, and transfers that a recovery could not settle. Subscriptions are theirs to make. */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
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
  private readonly key: Key | undefined;

  constructor(scope: Construct, id: string, props: OperatorsProps) {
    super(scope, id);
    this.key = props.config.encryptReports ? this.ownKey(props.config) : undefined;
    this.topic = new Topic(this, 'Reports', {
      ...(this.key === undefined ? {} : { masterKey: this.key }),
      enforceSSL: true,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: ofThisAccount(this),
      }),
    );
  }

  /** What a role needs to tell the operators something. */
  publish(): readonly PolicyStatement[] {
    const publish = allow(['sns:Publish'], [this.topic.topicArn]);
    return this.key === undefined ? [publish] : [publish, allow(KEY_ACTIONS, [this.key.keyArn])];
  }

  /** A key of our own, because CloudWatch may not use the one that AWS manages for SNS: alarms would be dropped in silence. */
  private ownKey(config: StageConfig): Key {
    const key = new Key(this, 'Key', {
      description: 'Encrypts what is told to the operators of the wallet',
      enableKeyRotation: true,
      removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: [...KEY_ACTIONS],
        resources: ['*'],
        conditions: ofThisAccount(this),
      }),
    );
    return key;
  }
}

/** Alarms of other accounts that know the topic must not be able to call the operators. */
function ofThisAccount(scope: Construct): { readonly StringEquals: Record<string, string> } {
  return { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } };
}

const KEY_ACTIONS: readonly string[] = ['kms:Decrypt', 'kms:GenerateDataKey'];
