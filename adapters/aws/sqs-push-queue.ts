/** Transfers that have ended and are waited for, as messages of an SQS queue. */
import type { SQSClient } from '@aws-sdk/client-sqs';
import { encodePush } from '../../core/contracts/outcome-socket.ts';
import type { PushQueue } from '../../core/ports.ts';
import { type Pause, pause } from './back-off.ts';
import { sqs } from './clients.ts';
import { sendMessages } from './sqs-messages.ts';

/** Few enough that a message which comes again because of one client repeats little, and 2 KB. */
const TRANSFERS_IN_MESSAGE = 25;

export class SqsPushQueue implements PushQueue {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly pause: Pause;

  constructor(settings: { readonly queueUrl: string; readonly client?: SQSClient; readonly pause?: Pause }) {
    this.client = settings.client ?? sqs();
    this.queueUrl = settings.queueUrl;
    this.pause = settings.pause ?? pause;
  }

  async send(ids: readonly string[]): Promise<void> {
    const bodies: string[] = [];
    for (let i = 0; i < ids.length; i += TRANSFERS_IN_MESSAGE) {
      bodies.push(encodePush(ids.slice(i, i + TRANSFERS_IN_MESSAGE)));
    }
    await sendMessages(
      this,
      bodies.map((MessageBody) => ({ MessageBody })),
    );
  }
}
