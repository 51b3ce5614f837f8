/** The check-back Lambda: on its schedule it comes back to open work whose time has come. */
import { DynamoDbOpenWork } from '../../adapters/aws/dynamodb-open-work.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { KinesisCommandStream } from '../../adapters/aws/kinesis-command-stream.ts';
import { SfnSagaStarter } from '../../adapters/aws/sfn-saga-starter.ts';
import { sha256 } from '../../adapters/node/sha256.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { metrics } from '../../core/contracts/env.ts';
import { type CheckBackPorts, type CheckedBack, checkBack } from '../../core/flows/check-back.ts';
import { ledgerWithPast } from '../runtime/ledger-with-past.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { config } from './config.ts';

const ports: CheckBackPorts = {
  log: ledgerWithPast({ tableName: config.ledgerTable }),
  transfers: new DynamoDbTransferStore({ tableName: config.transfersTable }),
  openWork: new DynamoDbOpenWork({ tableName: config.openWorkTable, onUnreadable: tellUnreadable }),
  commands: new KinesisCommandStream({ streamName: config.commandStream, lanes: config.lanes }),
  sagas: new SfnSagaStarter({ stateMachineArn: config.sagaArn }),
  clock: new SystemClock(),
  digest: sha256,
  meter,
  journal,
};

function tellUnreadable(fault: Error): void {
  meter.count(metrics.openWorkOverdue, 1);
  journal.warn('open work cannot be read', { fault: fault.message });
}

/** Open work that could not be checked: an invocation that fails rings, and what failed is due again later. */
class UncheckedWork extends Error {
  override readonly name = 'UncheckedWork';
}

export const handler = observed(async (): Promise<CheckedBack> => {
  const result = await checkBack(ports);
  if (result.failed > 0) throw new UncheckedWork(`${result.failed} of ${result.checked} records could not be checked`);
  return result;
});
