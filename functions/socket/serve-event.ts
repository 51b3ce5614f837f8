/** From events of a WebSocket API to what they ask for, and back. */
import * as z from 'zod/mini';
import { SUBPROTOCOL } from '../../core/contracts/outcome-socket.ts';
import type { SocketChannel } from '../../core/ports.ts';
import type { SocketApi } from './socket-api.ts';

const eventSchema = z.object({
  requestContext: z.object({ connectionId: z.string(), eventType: z.enum(['CONNECT', 'MESSAGE', 'DISCONNECT']) }),
  /** Of a CONNECT; names as the client wrote them. */
  headers: z.optional(z.nullable(z.record(z.string(), z.string()))),
  body: z.optional(z.nullable(z.string())),
  isBase64Encoded: z.optional(z.boolean()),
});

/** What API Gateway makes an answer of: the status of a handshake, or a message to the client. */
export interface SocketResult {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Serves one event. Rejects for what is none of API Gateway's. */
export async function serveEvent(
  api: SocketApi,
  channel: Pick<SocketChannel, 'close'>,
  event: unknown,
): Promise<SocketResult> {
  const { requestContext, headers, body, isBase64Encoded } = eventSchema.parse(event);
  const { connectionId: id, eventType } = requestContext;
  switch (eventType) {
    case 'CONNECT':
      return admit(api, id, headerOf(headers ?? {}, 'sec-websocket-protocol'));
    case 'MESSAGE': {
      const { text, ends } = await api.message(id, isBase64Encoded === true ? undefined : (body ?? ''));
      if (!ends) return { statusCode: 200, body: text };
      await channel.close(id);
      return { statusCode: 200 };
    }
    case 'DISCONNECT':
      await api.disconnect(id);
      return { statusCode: 200 };
    default:
      return eventType satisfies never;
  }
}

/** The client sees the status of a refusal, and the protocol of a handshake; the token is never said back. */
async function admit(api: SocketApi, id: string, protocols: string | undefined): Promise<SocketResult> {
  const connecting = await api.connect(id, protocols);
  if (!connecting.ok) return { statusCode: connecting.problem.status };
  return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } };
}

function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1];
}
