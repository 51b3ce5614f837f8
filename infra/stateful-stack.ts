/** The root stack: everything that must outlive a deployment. The pipeline that works on it is nested in it and can be replaced. */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfig } from './config.ts';
import { ArchiveStore } from './constructs/archive.ts';
import { CommandStream } from './constructs/command-stream.ts';
import { Ledger } from './constructs/ledger.ts';
import { Operators } from './constructs/operators.ts';
import { Outcomes } from './constructs/outcomes.ts';
import { Quarantine } from './constructs/quarantine.ts';
import { Seals } from './constructs/seals.ts';
import { tokenParameters } from './constructs/token-parameters.ts';
import { Webhooks } from './constructs/webhooks.ts';
import { StatelessStack } from './stateless-stack.ts';

export interface StatefulStackProps {
  readonly config: StageConfig;
  /** File that each function writes its calls to AWS to; only where the preset allows fault injection. */
  readonly callLog?: string;
  /** The processor appends its commits one by one; only where the preset allows fault injection, for clouds that need it. */
  readonly appendOneByOne?: boolean;
  /** Each function checks tokens itself; only where the preset allows fault injection, for clouds without authorizers. */
  readonly functionsCheckTokens?: boolean;
}

export class StatefulStack extends Stack {
  readonly pipeline: StatelessStack;

  constructor(scope: Construct, id: string, props: StatefulStackProps) {
    const { config } = props;
    super(scope, id, {
      description: 'Wallet: stream of commands, ledger and what is derived from it',
      terminationProtection: config.keepData,
    });
    const ledger = new Ledger(this, 'Ledger', { config });
    const commands = new CommandStream(this, 'CommandStream', { config });
    const quarantine = new Quarantine(this, 'Quarantine', { config });
    const archive = new ArchiveStore(this, 'Archive', { config });
    const seals = new Seals(this, 'Seals', { config });
    const operators = new Operators(this, 'Operators', { config });
    const outcomes = config.publishOutcomes ? new Outcomes(this, 'Outcomes', { config }) : undefined;
    const webhooks = outcomes === undefined ? undefined : new Webhooks(this, 'Webhooks', { config, outcomes });
    const made = { archive, seals, ledger, commands, quarantine, operators, outcomes, webhooks };
    this.pipeline = new StatelessStack(this, 'Pipeline', { ...props, tokens: tokenParameters(this), ...made });
    this.exportNames(made, config.lanes);
  }

  /** What tests, operators and the start-up of the local cloud need to know; all other names stay private. */
  private exportNames(
    made: {
      readonly archive: ArchiveStore;
      readonly seals: Seals;
      readonly ledger: Ledger;
      readonly commands: CommandStream;
      readonly quarantine: Quarantine;
      readonly operators: Operators;
      readonly outcomes: Outcomes | undefined;
      readonly webhooks: Webhooks | undefined;
    },
    lanes: number,
  ): void {
    const { api, saga, processor, projector, checkBack } = this.pipeline;
    const values: Readonly<Record<string, string>> = {
      ApiUrl: api.url,
      ApiId: api.apiId,
      ApiStage: api.stageName,
      LedgerTable: made.ledger.ledger.tableName,
      TransfersTable: made.ledger.transfers.tableName,
      ViewsTable: made.ledger.views.tableName,
      ArchiveBucket: made.archive.bucket.bucketName,
      ArchiveIndexTable: made.archive.index.tableName,
      SealsBucket: made.seals.bucket.bucketName,
      ClosingMachine: this.pipeline.closing.machine.stateMachineArn,
      OpenWorkTable: made.ledger.openWork.tableName,
      NotesTable: made.ledger.notes.tableName,
      CommandStreamName: made.commands.stream.streamName,
      Lanes: String(lanes),
      QuarantineBucket: made.quarantine.bucket.bucketName,
      OperatorsTopic: made.operators.topic.topicArn,
      SagaArn: saga.express.stateMachineArn,
      RecoveryArn: saga.recovery.stateMachineArn,
      ProcessorFunction: processor.fn.lambda.functionName,
      ProjectorFunction: projector.fn.lambda.functionName,
      CheckBackFunction: checkBack.fn.lambda.functionName,
      ...(made.outcomes === undefined ? {} : { OutcomeBus: made.outcomes.bus.eventBusName }),
      ...(made.webhooks === undefined ? {} : { WebhookDeadLetters: made.webhooks.deadLetters.queueUrl }),
      ...(this.pipeline.outcomeSocket === undefined ? {} : { SocketUrl: this.pipeline.outcomeSocket.url }),
      ...(this.pipeline.faults === undefined ? {} : { FaultsTable: this.pipeline.faults.tableName }),
    };
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}
