/** Alarms: what people are woken for. Each names the page in `docs/runbooks/` that says what it means and what to do. */
import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE, type MetricName, metrics } from '../../core/contracts/env.ts';
import type { Authorizer } from './authorizer.ts';
import type { CheckBack } from './check-back.ts';
import type { Closing } from './closing.ts';
import type { Intake } from './intake.ts';
import type { Operators } from './operators.ts';
import type { OutcomeSocket } from './outcome-socket.ts';
import type { Processor } from './processor.ts';
import type { Projector } from './projector.ts';
import type { Publisher } from './publisher.ts';
import type { Push } from './push.ts';
import type { Query } from './query.ts';
import type { Saga } from './saga.ts';
import type { Sealing } from './sealing.ts';
import type { TrialBalance } from './trial-balance.ts';
import type { WalletFunction } from './wallet-function.ts';
import type { WebhookFunctions } from './webhook-functions.ts';
import type { Webhooks } from './webhooks.ts';

/** Copies of a command are told apart for longer than it may travel; that holds as long as the stream is not later than this. */
const MAX_ITERATOR_AGE_MS = 60_000;
/** Who waits by WebSocket expects to be told within seconds. */
const MAX_PUSH_AGE_SECONDS = 60;
/** A client that does not read is its own trouble; so many in a minute are more likely a quota that is used up. */
const MANY_CLIENTS = 20;
/** Turning an event into deliveries takes no longer than a read and a write. */
const MAX_EVENT_AGE_SECONDS = 300;
const PERIOD = Duration.minutes(1);
/** Old open work is checked once an hour at least, so a shorter period would ring off between two checks. */
const CHECKS_PERIOD = Duration.hours(1);

export interface AlarmsProps {
  readonly operators: Operators;
  readonly api: RestApi;
  /** Absent where each function checks tokens itself. */
  readonly authorizer: Authorizer | undefined;
  readonly saga: Saga;
  readonly intake: Intake;
  readonly processor: Processor;
  readonly projector: Projector;
  /** Only where the preset tells outcomes. */
  readonly publisher: Publisher | undefined;
  readonly webhooks: WebhookFunctions | undefined;
  readonly webhookQueues: Webhooks | undefined;
  /** Only where the preset has a WebSocket. */
  readonly push: Push | undefined;
  readonly outcomeSocket: OutcomeSocket | undefined;
  readonly query: Query;
  readonly trialBalance: TrialBalance;
  readonly checkBack: CheckBack;
  readonly closing: Closing;
  readonly sealing: Sealing;
}

interface Watch {
  /** File name, without its ending, under `docs/runbooks/`. */
  readonly runbook: string;
  readonly meaning: string;
  readonly metric: IMetric;
  /** The alarm goes off above it; 0 where it is not stated. */
  readonly above?: number;
}

export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(props.operators.topic);
    for (const [name, watch] of Object.entries({
      ...ofStreams(props),
      ...ofMoney(props),
      ...ofExecution(props),
      ...ofPush(props),
      ...ofArchive(props),
      ...ofWebhooks(props),
      ...ofSocket(props),
    })) {
      this.watch(name, watch).addAlarmAction(action);
    }
  }

  private watch(id: string, watch: Watch): Alarm {
    return new Alarm(this, id, {
      alarmDescription: `${watch.meaning} See docs/runbooks/${watch.runbook}.md`,
      metric: watch.metric,
      threshold: watch.above ?? 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // No traffic writes no metric, and that is no trouble.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

function ofStreams({ processor, projector }: AlarmsProps): Readonly<Record<string, Watch>> {
  return {
    ProcessorLate: {
      runbook: 'processor-late',
      meaning: 'Commands wait more than a minute for the processor.',
      metric: iteratorAge(processor.fn),
      above: MAX_ITERATOR_AGE_MS,
    },
    ProjectorLate: {
      runbook: 'projector-late',
      meaning: 'Commits wait more than a minute for the projector.',
      metric: iteratorAge(projector.fn),
      above: MAX_ITERATOR_AGE_MS,
    },
    CommandsGivenUp: {
      runbook: 'commands-given-up',
      meaning: 'The mapping of commands gave up on records and put them into the quarantine bucket.',
      metric: givenUp(processor.mapping),
    },
    CommitsGivenUp: {
      runbook: 'commits-given-up',
      meaning: 'The mapping of commits gave up on records and put them into the quarantine bucket.',
      metric: givenUp(projector.mapping),
    },
  };
}

function ofMoney({ saga }: AlarmsProps): Readonly<Record<string, Watch>> {
  return {
    Quarantined: {
      runbook: 'quarantined',
      meaning: 'The processor put records aside that it could not read or decide.',
      metric: own('processor', metrics.quarantined),
    },
    CommitsQuarantined: {
      runbook: 'quarantined',
      meaning: 'The projector put commits aside that it could not read; their transfers stay pending.',
      metric: own('projector', metrics.quarantined),
    },
    OrderBroken: {
      runbook: 'order-broken',
      meaning: 'A command came below the position of its account and had no outcome.',
      metric: own('processor', metrics.orderBroken),
    },
    OutsideWindow: {
      runbook: 'outside-window',
      meaning: 'A credit or refund came outside the window of its origin: clocks differ, or the stream is late.',
      metric: own('processor', metrics.outsideWindow),
    },
    RefundsToClosed: {
      runbook: 'refunds-to-closed',
      meaning: 'A refund was applied to an account that is closed.',
      metric: own('processor', metrics.refundsToClosed),
    },
    LedgerTampered: {
      runbook: 'ledger-tampered',
      meaning: 'A commit of the ledger was changed, or deleted without having been announced.',
      metric: own('projector', metrics.ledgerTampered),
    },
    Unbalanced: {
      runbook: 'unbalanced',
      meaning: 'A trial balance was not zero.',
      metric: own('trial-balance', metrics.unbalanced),
    },
    OpenWorkOverdue: {
      runbook: 'open-work-overdue',
      meaning: 'Transfers or a closing were begun more than 15 minutes ago and are not over.',
      metric: own('check-back', metrics.openWorkOverdue, CHECKS_PERIOD),
    },
    TransfersReported: {
      runbook: 'recovery-failed',
      meaning: 'A recovery gave transfers to the operators.',
      metric: own('saga', metrics.reported),
    },
    RecoveryFailed: {
      runbook: 'recovery-failed',
      meaning: 'A recovery could not settle all transfers of its chunk.',
      metric: saga.recovery.metricFailed({ period: PERIOD }),
    },
    RecoveryTimedOut: {
      runbook: 'recovery-failed',
      meaning: 'A recovery ran for a day without an end.',
      metric: saga.recovery.metricTimedOut({ period: PERIOD }),
    },
    SagaFailed: {
      runbook: 'saga-failed',
      meaning: 'A saga could not even hand its chunk over to a recovery.',
      metric: saga.express.metricFailed({ period: PERIOD }),
    },
    SagaTimedOut: {
      runbook: 'saga-failed',
      meaning: 'A saga met the five-minute limit of Express executions.',
      metric: saga.express.metricTimedOut({ period: PERIOD }),
    },
  };
}

function ofExecution(props: AlarmsProps): Readonly<Record<string, Watch>> {
  const { processor, projector, saga, intake, query, trialBalance, checkBack } = props;
  const functions = { Processor: processor, Projector: projector, Saga: saga, Intake: intake, Query: query };
  const watches: Record<string, Watch> = {
    ApiErrors: {
      runbook: 'api-errors',
      meaning: 'The API answered with 5xx.',
      metric: props.api.metricServerError({ period: PERIOD, statistic: Stats.SUM }),
    },
    TrialBalanceErrors: {
      runbook: 'trial-balance-errors',
      meaning: 'The trial balance could not be computed.',
      metric: trialBalance.fn.lambda.metricErrors({ period: PERIOD }),
    },
    CheckBackErrors: {
      runbook: 'check-back-errors',
      meaning: 'The check-back failed, or could not check all that is due.',
      metric: checkBack.fn.lambda.metricErrors({ period: PERIOD }),
    },
  };
  for (const [name, { fn }] of Object.entries(functions)) Object.assign(watches, ofFunction(name, fn));
  if (props.authorizer !== undefined) Object.assign(watches, ofFunction('Authorizer', props.authorizer.fn));
  return watches;
}

/** What others are told. The money is right whatever happens here. */
function ofPush({ publisher }: AlarmsProps): Readonly<Record<string, Watch>> {
  if (publisher === undefined) return {};
  return {
    PublisherLate: {
      runbook: 'publisher-late',
      meaning: 'Commits wait more than a minute for the publisher.',
      metric: iteratorAge(publisher.fn),
      above: MAX_ITERATOR_AGE_MS,
    },
    OutcomesGivenUp: {
      runbook: 'outcomes-given-up',
      meaning: 'The mapping of the publisher gave up on commits and put them into the quarantine bucket.',
      metric: givenUp(publisher.mapping),
    },
    OutcomesQuarantined: {
      runbook: 'outcomes-given-up',
      meaning: 'The publisher put commits aside that it could not read; their outcomes are not told.',
      metric: own('publisher', metrics.quarantined),
    },
    ...ofFunction('Publisher', publisher.fn),
  };
}

/** Closed days and the archive. Transfers go on whatever happens here. */
function ofArchive({ closing, sealing }: AlarmsProps): Readonly<Record<string, Watch>> {
  const { pruning } = closing;
  return {
    DayNotClosed: {
      runbook: 'day-not-closed',
      meaning: 'A day that is over is not closed an hour after midnight.',
      metric: own('closing', metrics.dayNotClosed),
    },
    ClosingFailed: {
      runbook: 'day-not-closed',
      meaning: 'The closing of days, or the sealing or pruning after it, failed.',
      metric: closing.machine.metricFailed({ period: PERIOD }),
    },
    ClosingTimedOut: {
      runbook: 'day-not-closed',
      meaning: 'The closing of days, or the sealing or pruning after it, ran for twelve hours without an end.',
      metric: closing.machine.metricTimedOut({ period: PERIOD }),
    },
    DayUnbalanced: {
      runbook: 'day-unbalanced',
      meaning: 'The sums of a closed day are not zero, or the log of an account is damaged.',
      metric: own('closing', metrics.dayUnbalanced),
    },
    LateCommits: {
      runbook: 'late-commits',
      meaning: 'Commits were appended with a time inside a day that was closed.',
      metric: own('closing', metrics.lateCommits),
    },
    DayNotSealed: {
      runbook: 'day-not-sealed',
      meaning: 'A closed day is not sealed an hour after midnight.',
      metric: own('sealing', metrics.dayNotSealed),
    },
    SealDiffers: {
      runbook: 'day-not-sealed',
      meaning: 'What is stored as the seal of a day is not what the day was closed with: somebody changed one of them.',
      metric: own('sealing', metrics.sealDiffers),
    },
    ...ofFunction('Closing', closing.fn),
    ...ofFunction('Sealing', sealing.fn),
    ...(pruning === undefined ? {} : ofPruning(pruning)),
  };
}

function ofPruning(pruning: WalletFunction): Readonly<Record<string, Watch>> {
  return {
    ArchiveDamaged: {
      runbook: 'archive-damaged',
      meaning: 'The archive does not hold commits that were to leave the ledger.',
      metric: own('pruning', metrics.archiveDamaged),
    },
    ...ofFunction('Pruning', pruning),
  };
}

function ofWebhooks({ webhooks, webhookQueues }: AlarmsProps): Readonly<Record<string, Watch>> {
  if (webhooks === undefined || webhookQueues === undefined) return {};
  return {
    WebhookMessagesBroken: {
      runbook: 'webhook-messages-broken',
      meaning: 'The sender of webhooks could not handle messages, and they were set aside.',
      metric: webhookQueues.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: PERIOD,
        statistic: Stats.MAXIMUM,
      }),
    },
    WebhookEventsLate: {
      runbook: 'webhook-messages-broken',
      meaning: 'Events wait more than five minutes to be turned into deliveries.',
      metric: webhookQueues.events.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM }),
      above: MAX_EVENT_AGE_SECONDS,
    },
    WebhooksDead: {
      runbook: 'webhooks-dead',
      meaning: 'A webhook did not take events for a day.',
      metric: own('webhook-sender', metrics.webhooksDead),
    },
    ...ofFunction('Webhooks', webhooks.api),
    ...ofFunction('WebhookSender', webhooks.sender),
  };
}

/** Who waits for outcomes. Transfers, statuses and what the API answers are right whatever happens here. */
function ofSocket({ push, outcomeSocket }: AlarmsProps): Readonly<Record<string, Watch>> {
  if (push === undefined || outcomeSocket === undefined) return {};
  return {
    PushesLost: {
      runbook: 'pushes-lost',
      meaning: 'It could not be found out, or not passed on, that clients wait for transfers that have ended.',
      metric: own('projector', metrics.pushesLost),
    },
    PushesBroken: {
      runbook: 'pushes-lost',
      meaning: 'Clients that wait could not be told, and what they wait for was set aside.',
      metric: push.deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
    },
    PushesLate: {
      runbook: 'pushes-lost',
      meaning: 'Clients wait more than a minute to be told of transfers that have ended.',
      metric: push.queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM }),
      above: MAX_PUSH_AGE_SECONDS,
    },
    ClientsDropped: {
      runbook: 'pushes-lost',
      meaning:
        'Many clients did not take what they were told, and were disconnected: they are slow, or a quota is used up.',
      metric: own('push', metrics.clientsDropped),
      above: MANY_CLIENTS,
    },
    SocketTrouble: {
      runbook: 'socket-trouble',
      meaning: 'Clients that connect over WebSocket, or ask for outcomes there, met trouble.',
      metric: own('socket', metrics.socketTrouble),
    },
    ...ofFunction('Socket', outcomeSocket.socket),
    ...ofFunction('Push', outcomeSocket.pusher),
  };
}

function ofFunction(name: string, { lambda }: WalletFunction): Readonly<Record<string, Watch>> {
  return {
    [`${name}Errors`]: {
      runbook: 'function-errors',
      meaning: `The function ${name.toLowerCase()} failed.`,
      metric: lambda.metricErrors({ period: PERIOD }),
    },
    [`${name}Throttles`]: {
      runbook: 'function-throttles',
      meaning: `The function ${name.toLowerCase()} had no capacity left.`,
      metric: lambda.metricThrottles({ period: PERIOD }),
    },
  };
}

function iteratorAge(fn: WalletFunction): IMetric {
  return fn.lambda.metric('IteratorAge', { period: PERIOD, statistic: Stats.MAXIMUM });
}

/** Events that a mapping put into its target for failures; it counts them because the mapping asks for event counts. */
function givenUp(mapping: EventSourceMapping): IMetric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName: 'OnFailureDestinationDeliveredEventCount',
    dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
    period: PERIOD,
    statistic: Stats.SUM,
  });
}

/** A metric of the wallet's own; its dimension is the function that emits it. */
function own(service: string, metricName: MetricName, period = PERIOD): IMetric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { service },
    period,
    statistic: Stats.SUM,
  });
}
