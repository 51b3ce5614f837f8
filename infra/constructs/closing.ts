/**
 * Closing: at midnight UTC a state machine closes the day, and every earlier one that is open, seals what is closed, and then lets
 * old commits leave the ledger. It only waits, retries and fans out; the functions do the rest, and everything they do may be done
 * again. Whoever starts it by hand says for how long it waits: `{"waitSeconds":0}`.
 *
 *   00:00 ──> wait until no writer is left ──> plan ──> segments ──> finish ──> plan ──> ... ──> seal ──> seal ──> ... ──> prune ──> done
 *   01:00 ──> check: a day that is over has to be closed by now
 *
 * While a day cannot be sealed nothing leaves the ledger: what does not fit its seal is evidence.
 */
import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  CfnStateMachine,
  Choice,
  Condition,
  DefinitionBody,
  DistributedMap,
  type IChainable,
  JsonPath,
  LogLevel,
  ProcessorMode,
  ProcessorType,
  StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { StageConfig } from '../config.ts';
import { type ArchiveStore, archiveFolders } from './archive.ts';
import { allow } from './grants.ts';
import type { Ledger } from './ledger.ts';
import { allowTracesAndLogs } from './machine-grants.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

/**
 * Writers' clocks are within 600 s beyond doubt and a writer lives for 60 s; the function refuses to close a day before that, so
 * a little more. `core/flows/close-day.ts` (CLOSE_MARGIN_MS) has the reasons.
 */
const MARGIN_SECONDS = 690;
/** Lambda's own maximum: a segment reads the newest commit of each of its accounts, and what they did in a day. */
const TIMEOUT_SECONDS = 900;
/** Segments that are worked on at once; each keeps 50 connections busy. */
const PARALLEL_SEGMENTS = 16;
/** A try may end with its function's time; what it made is there, and the next one makes the same. */
const RETRIES = 4;
/** Where answers go that a later step needs; that of the plan is all that later steps have. */
const resultPaths: Readonly<Record<string, string>> = { Seal: '$.seal' };
/** Longer than any day takes; the next midnight goes on. */
const TIMEOUT_HOURS = 12;

export interface ClosingProps extends Deployment {
  readonly ledger: Ledger;
  readonly archive: ArchiveStore;
  readonly sealing: WalletFunction;
}

export class Closing extends Construct {
  readonly fn: WalletFunction;
  /** Only where the preset lets commits leave the ledger. */
  readonly pruning: WalletFunction | undefined;
  readonly machine: StateMachine;
  private readonly sealing: WalletFunction;

  constructor(scope: Construct, id: string, props: ClosingProps) {
    super(scope, id);
    this.fn = this.closingFunction(props);
    this.pruning = props.config.hotDays === undefined ? undefined : this.pruningFunction(props, props.config.hotDays);
    this.sealing = props.sealing;
    this.machine = this.closingMachine(props.config);
    this.schedule();
  }

  private closingFunction(props: ClosingProps): WalletFunction {
    const { ledger, views } = props.ledger;
    const { index, bucket } = props.archive;
    const fn = new WalletFunction(this, 'Days', {
      ...props,
      name: 'closing',
      description: 'Closes days: balances at midnight and the archive of the log',
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: 2_048,
      environment: {
        [env.ledgerTable]: ledger.tableName,
        [env.viewsTable]: views.tableName,
        [env.archiveSegments]: String(props.config.archiveSegments),
        ...props.archive.environment(),
      },
      permissions: [
        allow(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'], [ledger.tableArn]),
        // Which generations of daily balances are written.
        allow(['dynamodb:GetItem'], [views.tableArn]),
        allow(['dynamodb:Query', 'dynamodb:BatchWriteItem'], [index.tableArn]),
        allow(['s3:ListBucket'], [bucket.bucketArn]),
      ],
    });
    const { log, closing, segments, manifests } = archiveFolders;
    props.archive.grantObjects(fn.role, ['s3:GetObject', 's3:PutObject'], [log, closing, segments, manifests]);
    return fn;
  }

  private pruningFunction(props: ClosingProps, hotDays: number): WalletFunction {
    const { ledger } = props.ledger;
    const fn = new WalletFunction(this, 'Pruning', {
      ...props,
      name: 'pruning',
      description: 'Lets old commits that are archived leave the ledger',
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: 1_024,
      environment: {
        [env.ledgerTable]: ledger.tableName,
        [env.archiveSegments]: String(props.config.archiveSegments),
        [env.hotDays]: String(hotDays),
        ...props.archive.environment(),
      },
      permissions: [
        allow(
          ['GetItem', 'Query', 'Scan', 'DeleteItem'].map((action) => `dynamodb:${action}`),
          [ledger.tableArn],
        ),
        allow(['dynamodb:UpdateItem'], [props.archive.index.tableArn]),
      ],
    });
    props.archive.grantPast(fn.role);
    return fn;
  }

  private closingMachine(config: StageConfig): StateMachine {
    const done = new Succeed(this, 'Closed');
    const plan = this.invoke('Plan', this.fn, { step: 'plan' });
    const segment = this.invoke('CloseSegment', this.fn, {
      step: 'segment',
      plan: JsonPath.objectAt('$.plan'),
      segment: JsonPath.numberAt('$.segment'),
    });
    const segments = this.overSegments('Segments', segment, {
      plan: JsonPath.objectAt('$.plan'),
      segment: JsonPath.numberAt('$$.Map.Item.Value'),
    });
    const finish = this.invoke('Finish', this.fn, { step: 'finish', plan: JsonPath.objectAt('$.plan') });
    const seal = this.sealDays(this.pruneSegments()?.next(done) ?? done);
    const isDue = new Choice(this, 'IsDayDue')
      .when(Condition.booleanEquals('$.due', true), segments.next(finish).next(plan))
      .otherwise(seal);
    const wait = new Wait(this, 'UntilWritersAreOver', { time: WaitTime.secondsPath('$.waitSeconds') });
    return this.stateMachine(config, wait.next(plan.next(isDue)));
  }

  /** One day at a time, so that each has the function's whole time. */
  private sealDays(next: IChainable): IChainable {
    const seal = this.invoke('Seal', this.sealing, { step: 'seal' });
    const isMore = new Choice(this, 'IsMoreToSeal')
      .when(Condition.booleanEquals('$.seal.more', true), seal)
      .otherwise(next);
    return seal.next(isMore);
  }

  private pruneSegments(): DistributedMap | undefined {
    if (this.pruning === undefined) return undefined;
    const prune = this.invoke('PruneSegment', this.pruning, { segment: JsonPath.numberAt('$.segment') });
    return this.overSegments('PruneSegments', prune, { segment: JsonPath.numberAt('$$.Map.Item.Value') });
  }

  /** A distributed map runs each segment as an execution of its own: no history of 25,000 events is shared by all. */
  private overSegments(id: string, task: LambdaInvoke, itemSelector: Record<string, unknown>): DistributedMap {
    const map = new DistributedMap(this, id, {
      itemsPath: '$.segments',
      itemSelector,
      maxConcurrency: PARALLEL_SEGMENTS,
      resultPath: JsonPath.DISCARD,
      mapExecutionType: StateMachineType.STANDARD,
    });
    return map.itemProcessor(task, { mode: ProcessorMode.DISTRIBUTED, executionType: ProcessorType.STANDARD });
  }

  private invoke(id: string, fn: WalletFunction, payload: Record<string, unknown>): LambdaInvoke {
    const task = new LambdaInvoke(this, id, {
      lambdaFunction: fn.lambda,
      payload: TaskInput.fromObject(payload),
      payloadResponseOnly: true,
      retryOnServiceExceptions: false,
      ...(id === 'Plan' ? {} : { resultPath: resultPaths[id] ?? JsonPath.DISCARD }),
    });
    task.addRetry({ interval: Duration.seconds(5), maxDelay: Duration.minutes(2), maxAttempts: RETRIES });
    return task;
  }

  private stateMachine(config: StageConfig, definition: IChainable): StateMachine {
    const role = this.machineRole();
    const machine = new StateMachine(this, 'Machine', {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(definition),
      // The tasks would add grants of their own, wider than what is stated here.
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      timeout: Duration.hours(TIMEOUT_HOURS),
      logs: {
        destination: new LogGroup(this, 'MachineLog', {
          retention: config.logRetentionDays,
          removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    });
    machine.node.addDependency(role);
    this.allowMaps(role, machine);
    return machine;
  }

  private machineRole(): Role {
    const role = new Role(this, 'MachineRole', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const functions = [this.fn, this.sealing, this.pruning].flatMap((fn) =>
      fn === undefined ? [] : [fn.lambda.functionArn],
    );
    role.addToPolicy(allow(['lambda:InvokeFunction'], functions));
    allowTracesAndLogs(role);
    return role;
  }

  /** A distributed map starts its executions as the machine itself. The policy stands apart, or role and machine would need each other. */
  private allowMaps(role: Role, machine: StateMachine): void {
    const policy = new Policy(this, 'MapPolicy', {
      roles: [role],
      statements: [allow(['states:StartExecution'], [machine.stateMachineArn])],
    });
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: `${machine.stateMachineName}/*`,
    });
    policy.addStatements(allow(['states:DescribeExecution', 'states:StopExecution'], [executions]));
    this.acknowledgeExecutions(machine);
  }

  /** CDK makes a policy for maps too; it has no role here and is not deployed, but the checks look at it. */
  private acknowledgeExecutions(machine: StateMachine): void {
    const { defaultChild } = machine.node;
    if (!(defaultChild instanceof CfnStateMachine)) throw new Error('state machine of the closing has no resource');
    const id = Stack.of(this).getLogicalId(defaultChild);
    const name = `{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"${id}"}]}]}`;
    for (const executions of [`${name}:*`, `${name}/*:*`, `<${id}.Name>/*`]) {
      Validations.of(this).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${executions}]`,
        reason: 'Executions of a map are named when they start; all of them are of this machine.',
      });
    }
  }

  private schedule(): void {
    const midnight = new Rule(this, 'Midnight', {
      schedule: Schedule.cron({ hour: '0', minute: '0' }),
      targets: [
        new SfnStateMachine(this.machine, { input: RuleTargetInput.fromObject({ waitSeconds: MARGIN_SECONDS }) }),
      ],
    });
    const check = new Rule(this, 'AnHourLater', {
      schedule: Schedule.cron({ hour: '1', minute: '0' }),
      targets: [new LambdaFunction(this.fn.lambda, { event: RuleTargetInput.fromObject({ step: 'check' }) })],
    });
    for (const rule of [midnight, check]) {
      Validations.of(rule).acknowledge({
        id: 'Serverless-EventBusDLQ',
        reason: 'A run that is lost is made good by the next one, which closes every day that is open.',
      });
    }
  }
}
