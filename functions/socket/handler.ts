/** The socket Lambda: clients that wait for outcomes, from the WebSocket API of API Gateway. It checks their tokens itself. */
import { ApiGatewaySocketChannel } from '../../adapters/aws/apigateway-socket-channel.ts';
import { DynamoDbEventLog } from '../../adapters/aws/dynamodb-event-log.ts';
import { DynamoDbSubscriptionStore } from '../../adapters/aws/dynamodb-subscription-store.ts';
import { DynamoDbTransferStore } from '../../adapters/aws/dynamodb-transfer-store.ts';
import { SystemClock } from '../../adapters/node/system-clock.ts';
import { JwtTokenVerifier } from '../../adapters/node/token-verifier.ts';
import { AccountHolders } from '../../core/flows/see-transfer.ts';
import { journal, meter, observed } from '../runtime/observability.ts';
import { config } from './config.ts';
import { serveEvent } from './serve-event.ts';
import { SocketApi } from './socket-api.ts';

const channel = new ApiGatewaySocketChannel({ endpoint: config.socketEndpoint });
const api = new SocketApi({
  subscriptions: new DynamoDbSubscriptionStore({ tableName: config.subscriptionsTable }),
  transfers: new DynamoDbTransferStore({ tableName: config.transfersTable }),
  holders: new AccountHolders(new DynamoDbEventLog({ tableName: config.ledgerTable })),
  verifier: new JwtTokenVerifier(config.tokens),
  clock: new SystemClock(),
  meter,
  journal,
});

export const handler = observed((event: unknown) => serveEvent(api, channel, event));
