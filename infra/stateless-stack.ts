/** The pipeline: everything that can be replaced at any time, because all it knows is in the root stack's tables and stream. */
import { CfnResource, NestedStack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { Alarms } from './constructs/alarms.ts';
import type { ArchiveStore } from './constructs/archive.ts';
import { Authorizer } from './constructs/authorizer.ts';
import { CheckBack } from './constructs/check-back.ts';
import { tiersOf } from './constructs/client-tiers.ts';
import { Closing } from './constructs/closing.ts';
import type { CommandStream } from './constructs/command-stream.ts';
import { Documentation } from './constructs/documentation.ts';
import { Faults } from './constructs/faults.ts';
import { Intake } from './constructs/intake.ts';
import type { Ledger } from './constructs/ledger.ts';
import type { Operators } from './constructs/operators.ts';
import { OutcomeSocket } from './constructs/outcome-socket.ts';
import type { Outcomes } from './constructs/outcomes.ts';
import { Processor } from './constructs/processor.ts';
import { Projector } from './constructs/projector.ts';
import { Publisher } from './constructs/publisher.ts';
import { Push } from './constructs/push.ts';
import type { Quarantine } from './constructs/quarantine.ts';
import { Query } from './constructs/query.ts';
import { Saga } from './constructs/saga.ts';
import { Sealing } from './constructs/sealing.ts';
import type { Seals } from './constructs/seals.ts';
import type { TokenEnvironment } from './constructs/token-parameters.ts';
import { TrialBalance } from './constructs/trial-balance.ts';
import { WalletApi } from './constructs/wallet-api.ts';
import type { Deployment } from './constructs/wallet-function.ts';
import { WebhookFunctions } from './constructs/webhook-functions.ts';
import type { Webhooks } from './constructs/webhooks.ts';

export interface StatelessStackProps extends Deployment {
  readonly ledger: Ledger;
  readonly archive: ArchiveStore;
  readonly seals: Seals;
  readonly commands: CommandStream;
  readonly quarantine: Quarantine;
  readonly operators: Operators;
  /** Only where the preset tells outcomes. */
  readonly outcomes: Outcomes | undefined;
  /** Whose tokens are trusted. */
  readonly tokens: TokenEnvironment;
  readonly webhooks: Webhooks | undefined;
}

export class StatelessStack extends NestedStack {
  readonly api: WalletApi;
  /** Absent where each function checks tokens itself. */
  readonly authorizer: Authorizer | undefined;
  readonly saga: Saga;
  readonly intake: Intake;
  readonly processor: Processor;
  readonly projector: Projector;
  readonly query: Query;
  readonly trialBalance: TrialBalance;
  readonly checkBack: CheckBack;
  readonly sealing: Sealing;
  readonly closing: Closing;
  /** Only where the preset tells outcomes. */
  readonly publisher: Publisher | undefined;
  readonly webhooks: WebhookFunctions | undefined;
  /** Only where the preset has a WebSocket. */
  readonly push: Push | undefined;
  readonly outcomeSocket: OutcomeSocket | undefined;
  /** Only where the preset allows fault injection. */
  readonly faults: TableV2 | undefined;

  constructor(scope: Construct, id: string, props: StatelessStackProps) {
    super(scope, id, { description: 'Wallet: the functions and state machines that work on the data' });
    // Names of functions begin with the nested stack's name and are cut at 64 characters; CDK's own id would leave nothing else.
    if (this.nestedStackResource instanceof CfnResource) this.nestedStackResource.overrideLogicalId(id);
    this.faults = props.config.faultInjection ? new Faults(this, 'Faults').table : undefined;
    this.saga = new Saga(this, 'Saga', props);
    this.processor = new Processor(this, 'Processor', { ...props, saga: this.saga.express, faults: this.faults });
    this.push = props.config.webSocketPush ? new Push(this, 'Push', props) : undefined;
    this.projector = new Projector(this, 'Projector', { ...props, push: this.push });
    const { outcomes, webhooks } = props;
    this.publisher = outcomes === undefined ? undefined : new Publisher(this, 'Publisher', { ...props, outcomes });
    const checksTokens = props.config.faultInjection && props.functionsCheckTokens === true;
    const tokens = checksTokens ? props.tokens : {};
    this.authorizer = checksTokens
      ? undefined
      : new Authorizer(this, 'Authorizer', { ...props, tiers: tiersOf(props.config) });
    this.intake = new Intake(this, 'Intake', { ...props, tokens });
    this.query = new Query(this, 'Query', { ...props, tokens });
    // A processor of an earlier version would not see that a command is a customer's: it is replaced before one can come.
    this.intake.node.addDependency(this.processor.fn.lambda);
    this.webhooks =
      webhooks === undefined ? undefined : new WebhookFunctions(this, 'Webhooks', { ...props, webhooks, tokens });
    this.trialBalance = new TrialBalance(this, 'TrialBalance', props);
    this.checkBack = new CheckBack(this, 'CheckBack', { ...props, saga: this.saga.express });
    this.sealing = new Sealing(this, 'Sealing', props);
    this.closing = new Closing(this, 'Closing', { ...props, sealing: this.sealing.fn });
    this.api = new WalletApi(this, 'WalletApi', {
      config: props.config,
      functions: {
        intake: this.intake.fn.lambda,
        query: this.query.fn.lambda,
        documentation: new Documentation(this, 'Documentation', props).fn.lambda,
        ...(this.webhooks === undefined ? {} : { webhooks: this.webhooks.api.lambda }),
      },
      authorizer: this.authorizer?.authorizer,
    });
    const { api, push } = this;
    this.outcomeSocket =
      push === undefined ? undefined : new OutcomeSocket(this, 'OutcomeSocket', { ...props, api, push });
    new Alarms(this, 'Alarms', { ...this.watched(), operators: props.operators, webhookQueues: props.webhooks });
  }

  private watched() {
    const { api, authorizer, saga, processor, projector, publisher, webhooks } = this;
    const { intake, query, trialBalance, checkBack, closing, sealing, push, outcomeSocket } = this;
    const written = { saga, processor, projector, publisher, webhooks, closing, sealing, push, outcomeSocket };
    return { api: api.api, authorizer, ...written, intake, query, trialBalance, checkBack };
  }
}
