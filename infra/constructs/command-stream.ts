/** The stream of commands: ordered per lane, kept for a week, so that trouble found after a weekend still finds its commands. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

/** One day longer than the mappings may retry a record, so that whatever they give up on can still be read from the stream. */
const RETENTION_DAYS = 7;

export interface CommandStreamProps {
  readonly config: StageConfig;
}

export class CommandStream extends Construct {
  readonly stream: Stream;

  constructor(scope: Construct, id: string, props: CommandStreamProps) {
    super(scope, id);
    const { streamShards, keepData } = props.config;
    this.stream = new Stream(this, 'Commands', {
      ...(streamShards === undefined
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: streamShards }),
      retentionPeriod: Duration.days(RETENTION_DAYS),
      encryption: StreamEncryption.MANAGED,
      removalPolicy: keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
