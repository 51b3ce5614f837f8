/** HMAC-SHA256 (RFC 2104) by Node's own library. */
import { createHmac } from 'node:crypto';
import type { Hmac } from '../../core/ports.ts';

export const hmacSha256: Hmac = (key, text) =>
  createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
