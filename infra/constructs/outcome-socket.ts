/**
 * OutcomeSocket: the WebSocket API at which clients wait for outcomes, the function behind it, and the one that tells them. API Gateway
 * ends a connection that is idle for ten minutes, and any after two hours.
 */
import { ArnFormat, CfnElement, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { env } from '../../core/contracts/env.ts';
import type { StageConfig } from '../config.ts';
import { allow, allowReceiving } from './grants.ts';
import { API_TIMEOUT_SECONDS } from './intake.ts';
import type { Ledger } from './ledger.ts';
import type { Push } from './push.ts';
import type { TokenEnvironment } from './token-parameters.ts';
import type { WalletApi } from './wallet-api.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

/** A message that fails comes back after six times as long. */
const PUSH_TIMEOUT_SECONDS = 10;
const BATCH_SIZE = 10;
/** Environments that tell, at most: each has some hundred messages to clients under way. */
const MOST_PUSHERS = 20;
/** Handshakes and messages per second, as a share of what the HTTPS API takes: who waits says little. */
const SHARE_OF_THROTTLE = 0.1;

export interface OutcomeSocketProps extends Deployment {
  readonly ledger: Ledger;
  readonly push: Push;
  /** Whose tokens are trusted: it is this function that checks them. */
  readonly tokens: TokenEnvironment;
  /** The HTTPS API, whose construct sets the role by which API Gateway writes logs. */
  readonly api: WalletApi;
}

export class OutcomeSocket extends Construct {
  readonly socket: WalletFunction;
  readonly pusher: WalletFunction;
  readonly url: string;

  constructor(scope: Construct, id: string, props: OutcomeSocketProps) {
    super(scope, id);
    const api = new WebSocketApi(this, 'Api', { description: 'Wallet: clients that wait for outcomes' });
    const stage = this.stageOf(api, props);
    this.url = stage.url;
    const { table, queue } = props.push;
    const environment = {
      [env.ledgerTable]: props.ledger.ledger.tableName,
      [env.transfersTable]: props.ledger.transfers.tableName,
      [env.subscriptionsTable]: table.tableName,
      ...endpointOf(api, stage, props.config),
    };
    const reads = [
      allow(['dynamodb:Query'], [props.ledger.ledger.tableArn]),
      allow(['dynamodb:BatchGetItem'], [props.ledger.transfers.tableArn]),
    ];
    const subscriptions = ['BatchGetItem', 'GetItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`);
    this.socket = new WalletFunction(this, 'Clients', {
      ...props,
      name: 'socket',
      description: 'Lets clients wait for outcomes by WebSocket',
      timeoutSeconds: API_TIMEOUT_SECONDS,
      memoryMb: 512,
      environment: { ...environment, ...props.tokens },
      permissions: [...reads, allow([...subscriptions, 'dynamodb:PutItem'], [table.tableArn])],
    });
    this.pusher = new WalletFunction(this, 'Push', {
      ...props,
      name: 'push',
      description: 'Tells outcomes to clients that wait by WebSocket',
      timeoutSeconds: PUSH_TIMEOUT_SECONDS,
      memoryMb: 512,
      environment,
      permissions: [...reads, allow(subscriptions, [table.tableArn]), allowReceiving([queue])],
    });
    allowConnections(this.socket, api, stage, ['DELETE']);
    allowConnections(this.pusher, api, stage, ['POST', 'DELETE']);
    this.addRoutes(api, props.config);
    this.readQueue(queue.queueArn);
  }

  private stageOf(api: WebSocketApi, { config, api: rest }: OutcomeSocketProps): WebSocketStage {
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: config.logRetentionDays,
      removalPolicy: config.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: api,
      stageName: config.stage,
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: {
        rateLimit: config.throttleRate * SHARE_OF_THROTTLE,
        burstLimit: config.throttleBurst * SHARE_OF_THROTTLE,
      },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat() },
    });
    stage.node.addDependency(rest.api);
    return stage;
  }

  /** One route takes all messages: what is in them is read by the function, as strictly as the bodies of requests. */
  private addRoutes(api: WebSocketApi, { stage }: StageConfig): void {
    const integration = (id: string) => new WebSocketLambdaIntegration(id, this.socket.lambda);
    const connect = api.addRoute('$connect', { integration: integration('Connect') });
    const disconnect = api.addRoute('$disconnect', { integration: integration('Disconnect') });
    // An emulator sends what the function returns in any case, and does not know the resource that asks for it.
    const message = api.addRoute('$default', {
      integration: integration('Message'),
      returnResponse: stage !== 'local',
    });
    Validations.of(connect).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The token is among the subprotocols; the function behind the route checks it before there is a connection.',
    });
    for (const route of [disconnect, message]) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: 'API Gateway authorizes handshakes and nothing else; who has a connection was let in with a token.',
      });
    }
  }

  private readQueue(eventSourceArn: string): void {
    const mapping = new EventSourceMapping(this, 'EndedMapping', {
      target: this.pusher.lambda,
      eventSourceArn,
      batchSize: BATCH_SIZE,
      reportBatchItemFailures: true,
      maxConcurrency: MOST_PUSHERS,
    });
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason:
        'A queue keeps what fails and hands it to its own dead letters; a mapping of a queue has no other target.',
    });
  }
}

/** Emulators resolve no host names of AWS; they serve a stage under a path of their own address. */
function endpointOf(api: WebSocketApi, stage: WebSocketStage, config: StageConfig): Record<string, string> {
  return config.stage === 'local'
    ? { [env.emulatedSocketPath]: `/_aws/execute-api/${api.apiId}/${stage.stageName}` }
    : { [env.socketEndpoint]: stage.callbackUrl };
}

/** Ids of connections are not known before there are any. */
function allowConnections(
  { role }: WalletFunction,
  api: WebSocketApi,
  stage: WebSocketStage,
  methods: readonly string[],
): void {
  const connections = methods.map((method) => `${stage.stageName}/${method}/@connections/*`);
  const arns = connections.map((resourceName) =>
    Stack.of(api).formatArn({
      service: 'execute-api',
      resource: api.apiId,
      resourceName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    }),
  );
  role.addToPolicy(allow(['execute-api:ManageConnections'], arns));
  const { defaultChild } = api.node;
  if (!CfnElement.isCfnElement(defaultChild)) throw new Error('the WebSocket API is no resource of the template');
  const place = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${Stack.of(api).getLogicalId(defaultChild)}>`;
  for (const resourceName of connections) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${place}/${resourceName}]`,
      reason: 'Ids of connections are made by API Gateway as clients connect; they are of this stage only.',
    });
  }
}

/** No header is in it: the token is one. */
function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      requestId: '$context.requestId',
      at: '$context.requestTime',
      ip: '$context.identity.sourceIp',
      connection: '$context.connectionId',
      event: '$context.eventType',
      route: '$context.routeKey',
      status: '$context.status',
      integrationLatencyMs: '$context.integrationLatency',
      error: '$context.error.message',
    }),
  );
}
