/** A log that prints nothing and keeps its warnings for a test to read. */
import type { Journal } from '../../core/ports.ts';

export interface Warning {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export class SilentJournal implements Journal {
  readonly warnings: Warning[] = [];

  warn(message: string, fields: Readonly<Record<string, unknown>>): void {
    this.warnings.push({ message, fields });
  }
}
