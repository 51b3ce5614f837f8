/**
 * `npm run redrive -- [--list] [NAME ...]`: sends what was set aside on its way again, after its cause was mended. Without names,
 * everything. Works on the stack whose names stand in the environment (see the runbook for how to set them).
 */
import { parseArgs } from 'node:util';
import { DynamoDbEventLog } from '../adapters/aws/dynamodb-event-log.ts';
import { dynamoDbViews } from '../adapters/aws/dynamodb-live-views.ts';
import { DynamoDbOpenWork } from '../adapters/aws/dynamodb-open-work.ts';
import { DynamoDbTransferStore } from '../adapters/aws/dynamodb-transfer-store.ts';
import { EventBridgeOutcomePublisher } from '../adapters/aws/eventbridge-outcome-publisher.ts';
import { KinesisCommandStream } from '../adapters/aws/kinesis-command-stream.ts';
import { S3Quarantine } from '../adapters/aws/s3-quarantine.ts';
import { S3SetAside } from '../adapters/aws/s3-set-aside.ts';
import { env } from '../core/contracts/env.ts';
import { type Redriven, type RedrivePorts, redrive } from '../core/flows/redrive.ts';

const { values, positionals } = parseArgs({ options: { list: { type: 'boolean' } }, allowPositionals: true });
const ports = portsOf(process.env);
const names = positionals.length > 0 ? positionals : await Array.fromAsync(ports.setAside.list(''));

if (values.list === true) {
  for (const name of names) console.log(name);
} else {
  const outcomes: Redriven[] = [];
  for (const name of names) outcomes.push(await redriveAndTell(name));
  const left = outcomes.filter(({ faults }) => faults.length > 0).length;
  console.log(`${outcomes.length - left} of ${outcomes.length} redriven`);
  process.exitCode = left === 0 ? 0 : 1;
}

async function redriveAndTell(name: string): Promise<Redriven> {
  const outcome = await redrive(ports, name).catch((error: unknown) => {
    return { name, sent: 0, projected: 0, faults: [error instanceof Error ? error.message : String(error)] };
  });
  const done = `${outcome.sent} commands sent, ${outcome.projected} commits projected`;
  console.log([`${name}: ${done}`, ...outcome.faults.map((fault) => `  stays: ${fault}`)].join('\n'));
  return outcome;
}

function portsOf(environment: NodeJS.ProcessEnv): RedrivePorts {
  const required = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Error(`the environment has no ${name}`);
    return value;
  };
  return {
    setAside: new S3SetAside({ bucketName: required(env.quarantineBucket) }),
    commands: new KinesisCommandStream({
      streamName: required(env.commandStream),
      lanes: Number(required(env.lanes)),
    }),
    log: new DynamoDbEventLog({ tableName: required(env.ledgerTable) }),
    transfers: new DynamoDbTransferStore({ tableName: required(env.transfersTable) }),
    views: dynamoDbViews({ tableName: required(env.viewsTable) }),
    openWork: new DynamoDbOpenWork({ tableName: required(env.openWorkTable) }),
    quarantine: new S3Quarantine({ bucketName: required(env.quarantineBucket) }),
    ...outcomesOf(environment[env.outcomeBus]),
    meter: { count: () => undefined },
    journal: { warn: (message, fields) => console.warn(message, fields) },
  };
}

/** A deployment that tells no outcomes has no bus. */
function outcomesOf(busName: string | undefined): Pick<RedrivePorts, 'outcomes'> {
  return busName === undefined || busName === '' ? {} : { outcomes: new EventBridgeOutcomePublisher({ busName }) };
}
