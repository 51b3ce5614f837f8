/** The intake Lambda: requests that ask for something, from API Gateway into the command stream. */
import { randomUUID } from 'node:crypto';
import { DynamoDbNoteStore } from '../../adapters/aws/dynamodb-note-store.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { KinesisCommandStream } from '../../adapters/aws/kinesis-command-stream.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { identify } from '../runtime/caller-identity.ts';
import { ledgerWithPast } from '../runtime/ledger-with-past.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { createIntakeApi } from './api.ts';
import { config } from './config.ts';

export const handler = observed(
  createIntakeApi({
    commands: new KinesisCommandStream({ streamName: config.commandStream, lanes: config.lanes }),
    transfers: new DynamoDbTransferStore({ tableName: config.transfersTable }),
    log: ledgerWithPast({ tableName: config.ledgerTable }),
    notes: new DynamoDbNoteStore({ tableName: config.notesTable }),
    clock: new SystemClock(),
    digest: sha256,
    newIdentity: randomUUID,
    identify,
    meter,
    journal,
  }),
);
