/** Runs schemathesis over an API: requests made from its document, valid and invalid, and every answer held to the document. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pythonEnvironment } from '../python-environment.ts';

export interface SchemathesisSettings {
  /** Address of the API, without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** Cases per operation, in each of the phases that make them up. */
  readonly cases: number;
  readonly seed: number;
  /** Whether a gateway is before the wallet. */
  readonly isBehindGateway?: boolean;
}

export interface SchemathesisResult {
  readonly exitCode: number;
  readonly output: string;
  /** Requests that were made up. */
  readonly generated: number;
}

const folder = import.meta.dirname;

/**
 * What a gateway answers instead of the wallet: API Gateway tells a method that a path does not have (TRACE) by the same answer as a path
 * that there is not, a 404, where the check wants a 405. The functions themselves answer 405.
 */
const OF_GATEWAYS = ['--exclude-checks', 'unsupported_method'];

export async function runSchemathesis(settings: SchemathesisSettings): Promise<SchemathesisResult> {
  const programs = pythonEnvironment('schemathesis', path.join(folder, 'requirements.txt'));
  const args = [
    ...['--config-file', path.join(folder, 'schemathesis.toml')],
    ...['run', `${settings.url}/v1/openapi.json`, '--url', settings.url],
    ...['--header', `Authorization: Bearer ${settings.token}`],
    ...['--checks', 'all'],
    ...(settings.isBehindGateway === true ? OF_GATEWAYS : []),
    ...['--max-examples', String(settings.cases), '--seed', String(settings.seed)],
    ...['--generation-database', 'none', '--suppress-health-check', 'all', '--no-color', '--warnings', 'off'],
  ];
  const { exitCode, output } = await run(path.join(programs, 'schemathesis'), args);
  const generated = Number(/([0-9,]+) generated/.exec(output)?.[1]?.replaceAll(',', '') ?? 0);
  return { exitCode, output, generated };
}

function run(program: string, args: readonly string[]): Promise<{ exitCode: number; output: string }> {
  const env = { ...process.env, SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ exitCode: code ?? 1, output }));
  });
}
