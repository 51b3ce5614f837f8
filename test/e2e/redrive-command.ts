/** The redrive command as an operator runs it, against the deployed stack. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inject } from 'vitest';

/** Lanes of preset `local`. */
export const LANES = 64;

const run = promisify(execFile);

/** Redrives objects of the quarantine bucket; resolves to what the command prints. */
export async function redrive(...names: readonly string[]): Promise<string> {
  const stack = inject('stack');
  const env = {
    ...process.env,
    AWS_REGION: stack.region,
    ...(stack.endpoint === '' ? {} : { AWS_ENDPOINT_URL: stack.endpoint }),
    QUARANTINE_BUCKET: stack.quarantineBucket,
    COMMAND_STREAM: stack.commandStream,
    LEDGER_TABLE: stack.ledgerTable,
    TRANSFERS_TABLE: stack.transfersTable,
    VIEWS_TABLE: stack.viewsTable,
    OPEN_WORK_TABLE: stack.openWorkTable,
    LANES: String(LANES),
  };
  const { stdout } = await run(process.execPath, ['cli/redrive.ts', ...names], { env });
  return stdout;
}
