/** Secrets that webhooks are signed with, as Standard Webhooks writes them. */
import { randomBytes } from 'node:crypto';

/** As long as the hash of the signature; the specification asks for 24 to 64. */
const SECRET_BYTES = 32;

export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}
