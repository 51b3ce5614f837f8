/** The query Lambda: requests that only ask, from API Gateway to the tables. */
import { dynamoDbViews } from '../../adapters/aws/dynamodb-live-views.ts';
import { DynamoDbNoteStore } from '../../adapters/aws/dynamodb-note-store.ts';
import { DynamoDbOpenWork } from '../../adapters/aws/dynamodb-open-work.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { identify } from '../runtime/caller-identity.ts';
import { ledgerWithPast } from '../runtime/ledger-with-past.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { createQueryApi } from './api.ts';
import { config } from './config.ts';

export const handler = observed(
  createQueryApi({
    log: ledgerWithPast({ tableName: config.ledgerTable }),
    transfers: new DynamoDbTransferStore({ tableName: config.transfersTable }),
    views: dynamoDbViews({ tableName: config.viewsTable }),
    openWork: new DynamoDbOpenWork({
      tableName: config.openWorkTable,
      onUnreadable: (fault) => journal.warn('open work cannot be read', { error: fault }),
    }),
    notes: new DynamoDbNoteStore({ tableName: config.notesTable }),
    clock: new SystemClock(),
    identify,
    meter,
    journal,
  }),
);
