/** The saga Lambda: one step of the transfer saga or of its recovery, as the state machine asks for it. */
import { DynamoDbOpenWork } from '../../adapters/aws/dynamodb-open-work.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { KinesisCommandStream } from '../../adapters/aws/kinesis-command-stream.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { decodeStepInput, encodeChunk } from '../../core/contracts/saga-chunk.ts';
import { advanceTransfers, type SagaPorts } from '../../core/flows/advance-transfer.ts';
import { ledgerWithPast } from '../runtime/ledger-with-past.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { config } from './config.ts';

const ports: SagaPorts = {
  log: ledgerWithPast({ tableName: config.ledgerTable }),
  transfers: new DynamoDbTransferStore({ tableName: config.transfersTable }),
  commands: new KinesisCommandStream({ streamName: config.commandStream, lanes: config.lanes }),
  openWork: new DynamoDbOpenWork({ tableName: config.openWorkTable }),
  clock: new SystemClock(),
  meter,
  journal,
};

export const handler = observed(async (event: unknown): Promise<unknown> => {
  const { mode, chunk } = decodeStepInput(event);
  return JSON.parse(encodeChunk(await advanceTransfers(ports, chunk, mode)));
});
