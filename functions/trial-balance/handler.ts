/** The trial balance Lambda: on its schedule it computes the trial balance, keeps it, and rings if it is not zero. */
import { dynamoDbViews } from '../../adapters/aws/dynamodb-live-views.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { metrics } from '../../core/contracts/env.ts';
import { DEFAULT_SCOPE } from '../../core/contracts/scope.ts';
import { keepTrialBalance, type TrialBalancePorts } from '../../core/flows/compute-trial-balance.ts';
import { ledgerWithPast } from '../runtime/ledger-with-past.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { config } from './config.ts';

const ports: TrialBalancePorts = {
  log: ledgerWithPast({ tableName: config.ledgerTable }),
  transfers: new DynamoDbTransferStore({ tableName: config.transfersTable }),
  views: dynamoDbViews({ tableName: config.viewsTable }),
  clock: new SystemClock(),
};

export const handler = observed(async (): Promise<void> => {
  const { balanced, asOf, unmatched } = await keepTrialBalance(ports, DEFAULT_SCOPE);
  if (balanced) return;
  meter.count(metrics.unbalanced, 1);
  journal.warn('the trial balance is not zero', { asOf, transfers: unmatched.map(({ transfer }) => transfer) });
});
