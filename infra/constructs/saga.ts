/**
 * Saga: settles the debited transfers of a batch, a chunk at a time. Both state machines only wait, retry and branch; what a chunk
 * needs next is decided by the function, so the same decisions hold in tests without any cloud.
 *
 *   express   Advance -> wait -> Advance -> ... -> done
 *                |  late, or no answer
 *                v
 *   recovery  Advance -> wait -> Advance -> ... -> done | report to the operators, and fail so that it shows
 */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  type Chain,
  Choice,
  Condition,
  DefinitionBody,
  Errors,
  Fail,
  type IChainable,
  JsonPath,
  LogLevel,
  StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, SnsPublish, StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { StageConfig } from '../config.ts';
import type { ArchiveStore } from './archive.ts';
import type { CommandStream } from './command-stream.ts';
import { allow } from './grants.ts';
import type { Ledger } from './ledger.ts';
import { allowTracesAndLogs } from './machine-grants.ts';
import type { Operators } from './operators.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

const FUNCTION_TIMEOUT_SECONDS = 60;
/**
 * An Express execution is cut off after five minutes. The domain escalates a chunk after two; a step that begins just before may
 * then take three tries of 40 s and their waits, 130 s in all, and there is still time to hand the chunk over.
 */
const EXPRESS_STEP_SECONDS = 40;
const EXPRESS_STEP_RETRIES = 2;
/** What Lambda itself answers when it is short of capacity passes quickly. */
const CAPACITY_RETRIES = 5;
const CAPACITY_ERRORS = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
];
/** 5 s doubled up to 5 min, twelve times: about half an hour without any answer before people are called. */
const RECOVERY_RETRIES = 12;
const RECOVERY_RETRY_SECONDS = 5;
const RECOVERY_RETRY_MAX_SECONDS = 300;
/** A recovery waits itself; after that long it is no recovery any more. */
const RECOVERY_TIMEOUT_HOURS = 24;
/** Another execution of the same name works on the same chunk already. The second spelling is that of some emulators. */
const ALREADY_STARTED = ['StepFunctions.ExecutionAlreadyExistsException', 'ExecutionAlreadyExists'];

export interface SagaProps extends Deployment {
  readonly ledger: Ledger;
  readonly archive: ArchiveStore;
  readonly commands: CommandStream;
  readonly operators: Operators;
}

export class Saga extends Construct {
  readonly fn: WalletFunction;
  readonly express: StateMachine;
  readonly recovery: StateMachine;

  constructor(scope: Construct, id: string, props: SagaProps) {
    super(scope, id);
    this.fn = this.advanceFunction(props);
    props.archive.grantPast(this.fn.role);
    this.recovery = this.recoveryMachine(props);
    this.express = this.expressMachine(props);
  }

  private advanceFunction(props: SagaProps): WalletFunction {
    const { ledger, transfers, openWork } = props.ledger;
    const { stream } = props.commands;
    return new WalletFunction(this, 'Steps', {
      ...props,
      name: 'saga',
      description: 'Decides what a chunk of transfers needs next, and does it',
      timeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
      memoryMb: 1_024,
      environment: {
        ...props.archive.environment(),
        [env.transfersTable]: transfers.tableName,
        [env.ledgerTable]: ledger.tableName,
        [env.openWorkTable]: openWork.tableName,
        [env.commandStream]: stream.streamName,
        [env.lanes]: String(props.config.lanes),
      },
      permissions: [
        allow(['dynamodb:BatchGetItem'], [transfers.tableArn]),
        allow(['dynamodb:GetItem'], [ledger.tableArn]),
        allow(['dynamodb:DeleteItem'], [openWork.tableArn]),
        allow(['kinesis:PutRecords'], [stream.streamArn]),
      ],
    });
  }

  private expressMachine(props: SagaProps): StateMachine {
    const done = new Succeed(this, 'Done');
    const escalate = new StepFunctionsStartExecution(this, 'Escalate', {
      stateMachine: this.recovery,
      name: JsonPath.stringAt('$.recovery_name'),
      input: TaskInput.fromJsonPathAt('$'),
      resultPath: JsonPath.DISCARD,
    });
    escalate.addRetry({ errors: ALREADY_STARTED, maxAttempts: 0 });
    escalate.addRetry({ errors: [Errors.ALL], interval: Duration.seconds(1), maxAttempts: CAPACITY_RETRIES });
    escalate.addCatch(done, { errors: ALREADY_STARTED, resultPath: JsonPath.DISCARD });
    escalate.next(done);
    const advance = this.advance('Advance', 'saga', EXPRESS_STEP_SECONDS);
    advance.addRetry({ errors: [Errors.ALL], interval: Duration.seconds(2), maxAttempts: EXPRESS_STEP_RETRIES });
    advance.addCatch(escalate, { resultPath: JsonPath.DISCARD });
    const definition = this.branch('Next', advance, (choice) =>
      choice.when(Condition.stringEquals('$.next_action', 'done'), done).otherwise(escalate),
    );
    const role = this.machineRole('ExpressRole');
    role.addToPolicy(allow(['states:StartExecution'], [this.recovery.stateMachineArn]));
    return this.machine('Express', props.config, role, definition, { type: StateMachineType.EXPRESS });
  }

  private recoveryMachine(props: SagaProps): StateMachine {
    const failed = new Fail(this, 'NeedsOperator', {
      error: 'NeedsOperator',
      cause: 'Transfers of this chunk are not settled; the operators were told.',
    });
    const advance = this.advance('Recover', 'recovery', FUNCTION_TIMEOUT_SECONDS);
    advance.addRetry({
      errors: [Errors.ALL],
      interval: Duration.seconds(RECOVERY_RETRY_SECONDS),
      maxDelay: Duration.seconds(RECOVERY_RETRY_MAX_SECONDS),
      maxAttempts: RECOVERY_RETRIES,
    });
    const noAnswer = JsonPath.format(
      'Recovery {} has no answer: {}',
      JsonPath.stringAt('$.recovery_name'),
      JsonPath.stringAt('$.failure.Cause'),
    );
    advance.addCatch(this.tell('ReportNoAnswer', props.operators, noAnswer).next(failed), { resultPath: '$.failure' });
    const report = this.tell('Report', props.operators, JsonPath.stringAt('$.report')).next(failed);
    const definition = this.branch('NextInRecovery', advance, (choice) =>
      choice.when(Condition.stringEquals('$.next_action', 'done'), new Succeed(this, 'Recovered')).otherwise(report),
    );
    const role = this.machineRole('RecoveryRole');
    for (const statement of props.operators.publish()) role.addToPolicy(statement);
    return this.machine('Recovery', props.config, role, definition, {
      type: StateMachineType.STANDARD,
      timeout: Duration.hours(RECOVERY_TIMEOUT_HOURS),
    });
  }

  private advance(id: string, mode: 'saga' | 'recovery', timeoutSeconds: number): LambdaInvoke {
    const task = new LambdaInvoke(this, id, {
      lambdaFunction: this.fn.lambda,
      payload: TaskInput.fromObject({ mode, chunk: JsonPath.entirePayload }),
      payloadResponseOnly: true,
      retryOnServiceExceptions: false,
      taskTimeout: Timeout.duration(Duration.seconds(timeoutSeconds)),
    });
    task.addRetry({
      errors: CAPACITY_ERRORS,
      interval: Duration.seconds(1),
      maxDelay: Duration.seconds(10),
      maxAttempts: CAPACITY_RETRIES,
    });
    return task;
  }

  /** `advance`, then what it answered: wait and advance again, or what `rest` adds to the choice. */
  private branch(id: string, advance: LambdaInvoke, rest: (choice: Choice) => Choice): Chain {
    const wait = new Wait(this, `${id}Wait`, { time: WaitTime.secondsPath('$.wait_seconds') });
    const choice = new Choice(this, id);
    choice.when(Condition.stringEquals('$.next_action', 'wait'), wait.next(advance));
    return advance.next(rest(choice));
  }

  private tell(id: string, operators: Operators, message: string): SnsPublish {
    const publish = new SnsPublish(this, id, {
      topic: operators.topic,
      subject: 'Wallet: transfers need an operator',
      message: TaskInput.fromText(message),
      resultPath: JsonPath.DISCARD,
    });
    publish.addRetry({ interval: Duration.seconds(RECOVERY_RETRY_SECONDS), maxAttempts: CAPACITY_RETRIES });
    return publish;
  }

  private machineRole(id: string): Role {
    const role = new Role(this, id, { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(allow(['lambda:InvokeFunction'], [this.fn.lambda.functionArn]));
    allowTracesAndLogs(role);
    return role;
  }

  private machine(
    id: string,
    config: StageConfig,
    role: Role,
    definition: IChainable,
    rest: { readonly type: StateMachineType; readonly timeout?: Duration },
  ): StateMachine {
    const machine = new StateMachine(this, id, {
      ...rest,
      definitionBody: DefinitionBody.fromChainable(definition),
      // The tasks would add grants of their own, wider than what is stated here.
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, `${id}Log`, {
          retention: config.logRetentionDays,
          removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        }),
        level: config.logSagaData ? LogLevel.ALL : LogLevel.ERROR,
        includeExecutionData: config.logSagaData,
      },
    });
    // Step Functions checks the role's rights to write logs when it makes the machine.
    machine.node.addDependency(role);
    if (!config.logSagaData) acknowledgeErrorLogs(machine);
    return machine;
  }
}

function acknowledgeErrorLogs(machine: StateMachine): void {
  Validations.of(machine).acknowledge({
    id: 'AwsSolutions-SF1',
    reason:
      'All states of all chunks would be logged with what customers pay each other; the ledger already holds every step.',
  });
}
