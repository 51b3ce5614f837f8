/** The push Lambda: reads the queue of transfers that have ended and that somebody waits for, and tells those who wait. */
import { ApiGatewaySocketChannel } from '../../adapters/aws/apigateway-socket-channel.ts';
import { DynamoDbEventLog } from '../../adapters/aws/dynamodb-event-log.ts';
import { DynamoDbSubscriptionStore } from '../../adapters/aws/dynamodb-subscription-store.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { decodePush } from '../../core/contracts/outcome-socket.ts';
import { type PushPorts, pushOutcomes } from '../../core/flows/push-outcomes.ts';
import { AccountHolders } from '../../core/flows/see-transfer.ts';
import { eachMessage } from '../runtime/each-message.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { config } from './config.ts';

const ports: PushPorts = {
  subscriptions: new DynamoDbSubscriptionStore({ tableName: config.subscriptionsTable }),
  transfers: new DynamoDbTransferStore({ tableName: config.transfersTable }),
  holders: new AccountHolders(new DynamoDbEventLog({ tableName: config.ledgerTable })),
  channel: new ApiGatewaySocketChannel({ endpoint: config.socketEndpoint }),
  clock: new SystemClock(),
  meter,
};

export const handler = observed(
  eachMessage((body) => pushOutcomes(ports, decodePush(body)), journal, 'outcomes were not pushed and will come again'),
);
