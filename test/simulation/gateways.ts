/** How simulated processes reach the stream of commands and the state machines. */
import { sha256 } from '../../adapters/node/sha256.ts';
import { type PackedRecord, packRecords } from '../../core/contracts/record-packing.ts';
import type { SagaChunk } from '../../core/contracts/saga-chunk.ts';
import type { AccountCommand } from '../../core/domain/account.ts';
import type { CommandStream, SagaStarter } from '../../core/ports.ts';
import type { Executions } from './executions.ts';
import { callEach, callOne, type Ground, type Process, Unavailable } from './process.ts';
import { identitiesIn } from './stores.ts';
import type { SimulatedStream } from './stream.ts';

/** Few lanes, so that accounts share them. */
export const LANES = 12;
/** Tries of the adapter to put a record. */
const PUT_TRIES = 3;
const LATEST_COPY_MS = 360_000;

export class SimulatedCommands implements CommandStream {
  private readonly ground: Ground;
  private readonly process: Process;
  private readonly stream: SimulatedStream;

  constructor(ground: Ground, process: Process, stream: SimulatedStream) {
    this.ground = ground;
    this.process = process;
    this.stream = stream;
  }

  async send(commands: readonly AccountCommand[]): Promise<void> {
    for (const record of packRecords(commands, { lanes: LANES, digest: sha256 })) await this.put(record);
  }

  private async put(record: PackedRecord): Promise<void> {
    const text = new TextDecoder().decode(record.data);
    const concerns = identitiesIn(text);
    const name = `put ${typesIn(text).join(', ')}`;
    for (let tries = 1; ; tries += 1) {
      try {
        return await callOne(this.ground, this.process, name, () => this.land(record, concerns), concerns);
      } catch (error) {
        if (!(error instanceof Unavailable) || tries === PUT_TRIES) throw error;
      }
    }
  }

  private land({ partitionKey, data }: PackedRecord, concerns: readonly string[]): void {
    const { faults, random, scheduler } = this.ground;
    this.stream.put(partitionKey, data);
    if (faults.strikes('repeated_put', concerns)) this.stream.put(partitionKey, data);
    if (!faults.strikes('late_put', concerns)) return;
    const lateByMs = random.between(1_000, LATEST_COPY_MS);
    scheduler.after(lateByMs, () => this.stream.put(partitionKey, data, lateByMs));
  }
}

function typesIn(text: string): readonly string[] {
  return [...text.matchAll(/"type":"([^"]+)"/g)].map(([, type]) => type ?? '');
}

export class SimulatedSagas implements SagaStarter {
  private readonly ground: Ground;
  private readonly process: Process;
  private readonly executions: Executions;

  constructor(ground: Ground, process: Process, executions: Executions) {
    this.ground = ground;
    this.process = process;
    this.executions = executions;
  }

  async start(chunks: readonly SagaChunk[]): Promise<void> {
    const concerns = ({ items }: SagaChunk) => items.map(({ transfer }) => transfer);
    const call = { name: `start ${chunks.length} sagas`, items: chunks, concerns };
    await callEach(this.ground, this.process, call, (chunk) => this.begin(chunk, concerns(chunk)));
  }

  private begin(chunk: SagaChunk, transfers: readonly string[]): void {
    const { faults } = this.ground;
    if (faults.strikes('saga_lost', transfers)) return;
    this.executions.start(chunk);
    if (faults.strikes('saga_doubled', transfers)) this.executions.start(chunk);
  }
}
