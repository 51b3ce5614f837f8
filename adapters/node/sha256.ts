/** SHA-256 by the runtime's own library. */
import { hash } from 'node:crypto';
import type { Digest } from '../../core/ports.ts';

export const sha256: Digest = (text) => hash('sha256', text, 'hex');
