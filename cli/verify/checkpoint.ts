/**
 * What of an audit is done: a file with a line per part, so that an audit which was broken off goes on where it ended. One that was
 * finished begins anew: what was right yesterday is no answer to who asks today.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { type Finding, findingKinds } from '../../core/flows/audit-log.ts';
import { nothingVerified, together, type Verified } from '../../core/flows/verify-ledger.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';

const whole = z.int().nonnegative();
const headSchema = z.object({ v: z.literal(1), audit: z.string() });
const finding = z.object({ kind: z.enum(findingKinds), account: z.string(), version: whole, what: z.string() });
const lineSchema = z.object({ part: whole, accounts: whole, commits: whole, findings: z.array(finding) });
/** The last line of an audit that is over. */
const FINISHED = '{"finished":true}';

export class Checkpoint {
  private readonly file: string | undefined;
  private readonly parts = new Map<number, Verified>();

  /**
   * @param file none: nothing is kept
   * @param audit what is audited and how; a file of another audit is refused
   * @throws {CommandError}
   */
  constructor(file: string | undefined, audit: string) {
    this.file = file;
    if (file === undefined) return;
    const isUnderWay = existsSync(file) && !this.read(file, audit);
    if (isUnderWay) return;
    this.parts.clear();
    writeFileSync(file, `${JSON.stringify({ v: 1, audit })}\n`);
  }

  get done(): ReadonlySet<number> {
    return new Set(this.parts.keys());
  }

  /** What the parts that are done came to. */
  get verified(): Verified {
    return [...this.parts.values()].reduce(together, nothingVerified);
  }

  add(part: number, { accounts, commits, findings }: Verified): void {
    if (this.file !== undefined)
      appendFileSync(this.file, `${JSON.stringify({ part, accounts, commits, findings })}\n`);
  }

  /** The audit is over, with all that is looked at beside its parts. */
  finish(): void {
    if (this.file !== undefined) appendFileSync(this.file, `${FINISHED}\n`);
  }

  /** Takes what is done; gives back whether the audit was finished. */
  private read(file: string, audit: string): boolean {
    const text = readFileSync(file, 'utf8');
    const [head = '', ...lines] = text.split('\n');
    if (headSchema.safeParse(jsonOf(head)).data?.audit !== audit)
      throw new CommandError(exitCodes.usage, `${file} is the checkpoint of another audit; delete it or name another`);
    // A last line that was cut off by a crash is a part that is not done; the next part has a line of its own.
    if (!text.endsWith('\n')) appendFileSync(file, '\n');
    for (const line of lines) {
      const { data } = lineSchema.safeParse(jsonOf(line));
      if (data === undefined) continue;
      const findings: readonly Finding[] = data.findings;
      this.parts.set(data.part, { accounts: data.accounts, commits: data.commits, findings });
    }
    return lines.includes(FINISHED);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
