/**
 * A file of JSON lines that is appended to, each time synced, or replaced as a whole. A last line that is torn was never acknowledged; it is
 * passed over, and what comes next begins on a line of its own.
 */
import { readFileSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { toJson } from '../../core/contracts/json.ts';
import { isCode, replaceSynced } from './synced-file.ts';

export class LinesFile {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** All whole lines, oldest first; none if there is no file. */
  read(): readonly unknown[] {
    return this.text()
      .split('\n')
      .flatMap((line) => parsed(line));
  }

  async append(values: readonly unknown[]): Promise<void> {
    if (values.length === 0) return;
    await mkdir(path.dirname(this.file), { recursive: true });
    const handle = await open(this.file, 'a');
    try {
      await handle.appendFile(`\n${values.map(toJson).join('\n')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Replaces all lines at once: whoever reads finds the old ones or the new ones. Nobody may append meanwhile. */
  async replace(values: readonly unknown[]): Promise<void> {
    await replaceSynced(this.file, `${values.map(toJson).join('\n')}\n`);
  }

  private text(): string {
    try {
      return readFileSync(this.file, 'utf8');
    } catch (error) {
      if (isCode(error, 'ENOENT')) return '';
      throw error;
    }
  }
}

function parsed(line: string): readonly unknown[] {
  try {
    return line === '' ? [] : [JSON.parse(line)];
  } catch {
    return [];
  }
}
