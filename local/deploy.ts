/**
 * Deploys the CDK app to an emulator, with the CLI that deploys it to AWS: synthesizes it and bootstraps the emulator's account
 * beside each other, then deploys. Returns what a client or a test needs to know of the deployed stack.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { LocalIssuer } from './issuer.ts';

const root = path.resolve(import.meta.dirname, '..');
const cdk = path.join(root, 'node_modules', '.bin', 'cdk');

/** Emulators take any credentials; an access key of twelve digits is the account, otherwise it is this one. */
const EMULATED_ACCOUNT = '000000000000';
const DEFAULT_REGION = 'us-east-1';
const LOG_TAIL_CHARACTERS = 4_000;

const outputsSchema = z.object({
  Wallet: z.object({
    ApiId: z.string(),
    ApiStage: z.string(),
    LedgerTable: z.string(),
    TransfersTable: z.string(),
    ViewsTable: z.string(),
    OpenWorkTable: z.string(),
    CommandStreamName: z.string(),
    QuarantineBucket: z.string(),
    OperatorsTopic: z.string(),
    SagaArn: z.string(),
    RecoveryArn: z.string(),
    ProcessorFunction: z.string(),
    ProjectorFunction: z.string(),
    CheckBackFunction: z.string(),
    FaultsTable: z.optional(z.string()),
    SocketUrl: z.optional(z.string()),
  }),
});

/** A deployed stack. */
export interface DeployedStack {
  readonly endpoint: string;
  readonly region: string;
  /** Address of the API's stage, with a slash at its end; the routes begin with `v1/wallet`. */
  readonly apiUrl: string;
  /** Where clients wait for outcomes; empty where there is no WebSocket. */
  readonly socketUrl: string;
  readonly ledgerTable: string;
  readonly transfersTable: string;
  readonly viewsTable: string;
  readonly openWorkTable: string;
  readonly commandStream: string;
  readonly quarantineBucket: string;
  readonly operatorsTopic: string;
  readonly sagaArn: string;
  readonly recoveryArn: string;
  readonly processorFunction: string;
  readonly projectorFunction: string;
  readonly checkBackFunction: string;
  /** Empty where the preset has no fault injection. */
  readonly faultsTable: string;
  /** File that the functions write their calls to AWS to; empty if none was asked for. */
  readonly callLog: string;
  /** The deployed templates, as JSON. */
  readonly templates: readonly string[];
}

export interface DeployOptions {
  readonly endpoint: string;
  /** File that the functions write their calls to AWS to. */
  readonly callLog?: string;
}

/** Deploys preset `local` to an emulator. Rejects with the end of the CLI's output if that fails. */
export async function deploy(options: DeployOptions): Promise<DeployedStack> {
  const { endpoint, callLog = '' } = options;
  const region = process.env['AWS_REGION'] ?? DEFAULT_REGION;
  const folder = mkdtempSync(path.join(tmpdir(), 'wallet-deploy-'));
  try {
    const assembly = path.join(folder, 'cdk.out');
    const env = environmentFor(endpoint, region);
    await Promise.all([
      runCdk(['synth', '--quiet', '--output', assembly, ...contextOf(endpoint, callLog)], env),
      // Beside the checkout, so that the app is not synthesized once more for an account that it knows nothing of.
      runCdk(['bootstrap', `aws://${accountOf(env)}/${region}`], env, folder),
    ]);
    const outputs = path.join(folder, 'outputs.json');
    const plan = ['--require-approval', 'never', '--outputs-file', outputs, ...(await trustInLocalIssuer())];
    await runCdk(['deploy', '--app', assembly, ...plan], env);
    const names = outputsSchema.parse(JSON.parse(readFileSync(outputs, 'utf8'))).Wallet;
    return { ...stackOf(names, endpoint), region, callLog, templates: templatesIn(assembly) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function contextOf(endpoint: string, callLog: string): readonly string[] {
  // What runs at an address that was given may be any emulator, and most write no stream record for a batch of statements.
  // Nor do they ask an authorizer, nor have they WebSocket APIs.
  const isGiven = endpoint === process.env['AWS_ENDPOINT_URL'];
  const lacks = {
    appendOneByOne: String(isGiven),
    functionsCheckTokens: String(isGiven),
    webSocketPush: String(!isGiven),
  };
  const context = { stage: 'local', ...lacks, callLog };
  return Object.entries(context).flatMap(([name, value]) => (value === '' ? [] : ['--context', `${name}=${value}`]));
}

/** What is deployed here trusts the tokens of this checkout's own issuer. */
async function trustInLocalIssuer(): Promise<readonly string[]> {
  const { issuer, audience, keys } = (await LocalIssuer.at()).settings;
  const parameters = { TokenIssuer: issuer, TokenAudience: audience, TokenJwks: JSON.stringify(keys.jwks) };
  return Object.entries(parameters).flatMap(([name, value]) => ['--parameters', `${name}=${value}`]);
}

function environmentFor(endpoint: string, region: string): NodeJS.ProcessEnv {
  const { AWS_ACCESS_KEY_ID = 'test', AWS_SECRET_ACCESS_KEY = 'test' } = process.env;
  return {
    PATH: [path.dirname(process.execPath), process.env['PATH'] ?? ''].join(path.delimiter),
    HOME: process.env['HOME'],
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_REGION: region,
    CI: 'true',
  };
}

function accountOf({ AWS_ACCESS_KEY_ID = '' }: NodeJS.ProcessEnv): string {
  return /^[0-9]{12}$/.test(AWS_ACCESS_KEY_ID) ? AWS_ACCESS_KEY_ID : EMULATED_ACCOUNT;
}

/** Runs the CDK's CLI to its end; rejects with the end of its output unless it succeeds. */
async function runCdk(args: readonly string[], env: NodeJS.ProcessEnv, cwd = root): Promise<void> {
  const child = spawn(cdk, [...args, '--no-notices'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill('SIGTERM');
  process.once('exit', stop);
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-LOG_TAIL_CHARACTERS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  process.off('exit', stop);
  if (status !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${status}:\n${output}`);
}

type Names = z.infer<typeof outputsSchema>['Wallet'];

function stackOf(names: Names, endpoint: string): Omit<DeployedStack, 'region' | 'callLog' | 'templates'> {
  return {
    endpoint,
    // Emulators do not resolve the host names of AWS; this path is what they serve an API's stage under instead.
    apiUrl: `${endpoint}/_aws/execute-api/${names.ApiId}/${names.ApiStage}/`,
    socketUrl: socketUrlOf(names, endpoint),
    ledgerTable: names.LedgerTable,
    transfersTable: names.TransfersTable,
    viewsTable: names.ViewsTable,
    openWorkTable: names.OpenWorkTable,
    commandStream: names.CommandStreamName,
    quarantineBucket: names.QuarantineBucket,
    operatorsTopic: names.OperatorsTopic,
    sagaArn: names.SagaArn,
    recoveryArn: names.RecoveryArn,
    processorFunction: names.ProcessorFunction,
    projectorFunction: names.ProjectorFunction,
    checkBackFunction: names.CheckBackFunction,
    faultsTable: names.FaultsTable ?? '',
  };
}

/** As the API's; the id of the WebSocket API is the first part of its host's name. */
function socketUrlOf({ SocketUrl, ApiStage }: Names, endpoint: string): string {
  if (SocketUrl === undefined) return '';
  const [apiId] = new URL(SocketUrl).hostname.split('.');
  return `${endpoint.replace('http', 'ws')}/_aws/execute-api/${apiId}/${ApiStage}`;
}

function templatesIn(assembly: string): readonly string[] {
  const files = readdirSync(assembly).filter((name) => name.endsWith('.template.json'));
  return files.map((name) => readFileSync(path.join(assembly, name), 'utf8'));
}
