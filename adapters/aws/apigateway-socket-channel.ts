/** Messages to clients that are connected to a WebSocket API of API Gateway. */
import {
  type ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  LimitExceededException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { SocketChannel } from '../../core/ports.ts';
import { connections } from './clients.ts';

export class ApiGatewaySocketChannel implements SocketChannel {
  private readonly client: ApiGatewayManagementApiClient;

  /** @param settings.endpoint address of the API's stage, as its functions reach it */
  constructor(settings: { readonly endpoint: string; readonly client?: ApiGatewayManagementApiClient }) {
    this.client = settings.client ?? connections(settings.endpoint);
  }

  async send(connection: string, message: string): Promise<'sent' | 'gone' | 'full'> {
    try {
      await this.client.send(new PostToConnectionCommand({ ConnectionId: connection, Data: Buffer.from(message) }));
      return 'sent';
    } catch (error) {
      if (error instanceof GoneException) return 'gone';
      // "or the WebSocket client side buffer is full", as AWS says, and is so still after the tries of the SDK.
      if (error instanceof LimitExceededException) return 'full';
      throw error;
    }
  }

  async close(connection: string): Promise<void> {
    try {
      await this.client.send(new DeleteConnectionCommand({ ConnectionId: connection }));
    } catch (error) {
      if (!(error instanceof GoneException)) throw error;
    }
  }
}
