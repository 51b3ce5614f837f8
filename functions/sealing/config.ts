/** What the sealing of days is told by its environment. */
import { env } from '../../core/contracts/env.ts';
import { required } from '../runtime/environment.ts';

export const config = {
  archiveBucket: required(env.archiveBucket),
  sealsBucket: required(env.sealsBucket),
};
