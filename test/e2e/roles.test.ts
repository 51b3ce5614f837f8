/**
 * What each function asked of AWS during the other tests stays within its synthesized role. The functions write down their own
 * requests (a tap of preset `local`); the roles come from the deployed templates, so a wider role or a new request shows here.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, inject, test } from 'vitest';
import * as z from 'zod';
import { LocalIssuer } from '../../local/issuer.ts';
import { freshAccount, funded, get, OUTCOME_LIMIT_MS, open, settle, transferOf, until } from './api.ts';

const { callLog, socketUrl, templates } = inject('stack');

const callSchema = z.object({
  fn: z.string(),
  service: z.string(),
  operation: z.string(),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
});
type Call = z.infer<typeof callSchema>;

const resourceSchema = z.object({ Type: z.string(), Properties: z.optional(z.record(z.string(), z.unknown())) });
const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });

/** Prefix of a service's actions in IAM, by the SDK's name of the service. */
const actionPrefix: Readonly<Record<string, string>> = {
  DynamoDB: 'dynamodb',
  EventBridge: 'events',
  Kinesis: 'kinesis',
  S3: 's3',
  SFN: 'states',
  SQS: 'sqs',
};
const partiqlActions: Readonly<Record<string, string>> = {
  INSERT: 'PartiQLInsert',
  UPDATE: 'PartiQLUpdate',
  SELECT: 'PartiQLSelect',
  DELETE: 'PartiQLDelete',
};

/** The IAM actions that a request needs. */
function actionsOf({ service, operation, verbs }: Call): readonly string[] {
  if (service === 'ApiGatewayManagementApi') return ['execute-api:ManageConnections'];
  const prefix = actionPrefix[service] ?? service.toLowerCase();
  return namesOf(operation, verbs).map((name) => `${prefix}:${name}`);
}

/** Statements and transactions are allowed by what their parts do. */
function namesOf(operation: string, verbs: readonly string[]): readonly string[] {
  if (operation === 'BatchExecuteStatement') return verbs.map((verb) => partiqlActions[verb] ?? verb);
  // A batch of messages needs what one message needs.
  if (operation === 'SendMessageBatch') return ['SendMessage'];
  if (operation === 'HeadObject') return ['GetObject'];
  if (operation === 'ListObjectsV2') return ['ListBucket'];
  if (operation === 'ListObjectVersions') return ['ListBucketVersions'];
  return operation === 'TransactWriteItems' ? verbs.map((verb) => `${verb}Item`) : [operation];
}

function calls(): readonly Call[] {
  const lines = readFileSync(callLog, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => callSchema.parse(JSON.parse(line)));
}

/** Allowed actions by the name of the function's construct, from all templates of the deployment. */
function allowedActions(name: string): ReadonlySet<string> {
  const allowed = new Set<string>();
  for (const template of templates) {
    for (const [id, { Type, Properties }] of Object.entries(templateSchema.parse(JSON.parse(template)).Resources)) {
      if (Type !== 'AWS::IAM::Policy' || !id.toLowerCase().startsWith(name)) continue;
      for (const action of JSON.stringify(Properties).matchAll(
        /"((?:dynamodb|events|execute-api|kinesis|s3|sqs|states):\w+)"/g,
      ))
        allowed.add(action[1] ?? '');
    }
  }
  return allowed;
}

/** Construct names of the functions, as their policies' and functions' logical ids begin. */
const functions = [
  'intake',
  'query',
  'processor',
  'saga',
  'projector',
  'publisher',
  'webhooksapi',
  'webhookssender',
  'trialbalance',
  'checkback',
  ...(socketUrl === '' ? [] : ['outcomesocketclients', 'outcomesocketpush']),
];
/** Runs by the clock alone, every five minutes: in a short run not once. */
const functionsByTheClock = ['trialbalance'];
/** Those that only other tests put to work. */
const functionsOfOtherTests = ['closingdays', 'closingpruning', 'sealing'];

function functionOf(call: Call): string | undefined {
  const physical = call.fn.toLowerCase().replaceAll('-', '');
  return [...functions, ...functionsOfOtherTests].find((name) => physical.includes(name));
}

/**
 * Settles a transfer while somebody waits for it by WebSocket, where there is one. It is sent once it is known who waits: the outcome
 * of one that has ended before is told with the answer, and nothing is pushed.
 */
async function settleWatched(transfer: ReturnType<typeof transferOf>): Promise<void> {
  if (socketUrl === '') return void (await settle(transfer));
  const token = await (await LocalIssuer.at()).token({ subject: 'operator' });
  const socket = new WebSocket(socketUrl, ['wallet.v1', `bearer.${token}`]);
  const heard: string[] = [];
  const until = (type: string) =>
    expect
      .poll(() => heard.some((text) => text.includes(`"type":"${type}"`)), { timeout: OUTCOME_LIMIT_MS })
      .toBe(true);
  socket.addEventListener('message', ({ data }) => heard.push(String(data)));
  socket.addEventListener('open', () => {
    socket.send(JSON.stringify({ action: 'subscribe', transaction_ids: [transfer.transaction_id] }));
  });
  await until('subscribed');
  await settle(transfer);
  await until('outcome');
  socket.close();
}

describe.skipIf(callLog === '')('requests of the functions', () => {
  test('were all allowed by the roles of those who made them', async () => {
    const [alice, bob] = [await funded('alice', '9'), await open(freshAccount('bob'))];
    await settleWatched(transferOf(alice, bob, '1'));
    await settle(transferOf(alice, freshAccount('nobody'), '1'));
    await get('/v1/wallet/trial_balance');
    await get('/v1/wallet/webhooks');
    const awaited = functions.filter((name) => !functionsByTheClock.includes(name));
    const silentIn = (all: readonly Call[]) => {
      const heard = new Set(all.map(functionOf));
      return awaited.filter((name) => !heard.has(name));
    };
    const made = await until(
      async () => calls(),
      (all) => silentIn(all).length === 0,
    );
    expect(silentIn(made)).toEqual([]);
    const beyond = made.flatMap((call) => {
      const name = functionOf(call);
      const allowed = name === undefined ? new Set<string>() : allowedActions(name);
      return actionsOf(call).flatMap((action) => (allowed.has(action) ? [] : [`${call.fn} asked for ${action}`]));
    });
    expect([...new Set(beyond)]).toEqual([]);
  });
});
