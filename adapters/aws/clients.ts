/**
 * The clients of AWS's services, all made alike: HTTP/1.1 with connections that are kept, an end to every wait, retries within
 * bounds. One client per service and process, so that stores share connections.
 */
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { logCalls } from './call-log.ts';
import { beforeRequest } from './fault-points.ts';
import type { CommandStack } from './request-stack.ts';

/** A connection within a region takes milliseconds; a second means that it does not come about. */
const CONNECTION_TIMEOUT_MS = 1_000;
/** Longest wait for one answer. Three of them fit the 29 s of an API request and the 60 s of a processor. */
const REQUEST_TIMEOUT_MS = 8_000;
/** Tries of one request in all; what still fails is told to the caller, who knows what it means. */
const MAX_ATTEMPTS = 3;
/** Requests of one process to one service at a time; more wait in line. */
const MAX_SOCKETS = 50;

/** What all clients have in common. */
export function clientSettings() {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  const requestHandler = new NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
    httpAgent: agent,
    httpsAgent: agent,
  });
  return { requestHandler, retryMode: 'standard', maxAttempts: MAX_ATTEMPTS };
}

let connectionsClient: ApiGatewayManagementApiClient | undefined;
let dynamoDbClient: DynamoDBClient | undefined;
let eventBridgeClient: EventBridgeClient | undefined;
let kinesisClient: KinesisClient | undefined;
let s3Client: S3Client | undefined;
let sfnClient: SFNClient | undefined;
let sqsClient: SQSClient | undefined;

/** The connections of one WebSocket API; a process speaks to one only. @param endpoint address of its stage */
export function connections(endpoint: string): ApiGatewayManagementApiClient {
  connectionsClient ??= observed(new ApiGatewayManagementApiClient({ ...clientSettings(), endpoint }));
  return connectionsClient;
}

export function dynamoDb(): DynamoDBClient {
  dynamoDbClient ??= observed(new DynamoDBClient(clientSettings()));
  return dynamoDbClient;
}

export function eventBridge(): EventBridgeClient {
  eventBridgeClient ??= observed(new EventBridgeClient(clientSettings()));
  return eventBridgeClient;
}

/** Over HTTP/1.1 as the others: the client's own default of HTTP/2 is not spoken everywhere. */
export function kinesis(): KinesisClient {
  kinesisClient ??= observed(new KinesisClient(clientSettings()));
  return kinesisClient;
}

export function s3(): S3Client {
  s3Client ??= observed(new S3Client(clientSettings()));
  return s3Client;
}

export function stepFunctions(): SFNClient {
  sfnClient ??= observed(new SFNClient(clientSettings()));
  return sfnClient;
}

/** By the endpoint of the region, and not by the host in a queue's address: an emulator's names a host that may not resolve. */
export function sqs(): SQSClient {
  sqsClient ??= observed(new SQSClient({ ...clientSettings(), useQueueUrlAsEndpoint: false }));
  return sqsClient;
}

/** The client with the two taps of preset `local`; both do nothing elsewhere. */
function observed<Client extends { readonly middlewareStack: CommandStack }>(client: Client): Client {
  logCalls(client.middlewareStack);
  client.middlewareStack.add(
    (next, context) => async (args) => {
      await beforeRequest(context.commandName ?? '');
      return next(args);
    },
    { step: 'initialize', name: 'faultPoints' },
  );
  return client;
}
