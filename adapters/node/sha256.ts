/** SHA-256 by the runtime's own library. */
import { hash } from 'node:crypto';
import type { HashBytes } from '../../core/domain/merkle.ts';
import type { Digest } from '../../core/ports.ts';

export const sha256: Digest = (text) => hash('sha256', text, 'hex');

export const sha256Bytes: HashBytes = (bytes) => hash('sha256', bytes, 'buffer');
