/**
 * The thread that serves HTTP for an embedded wallet: where it cannot start, that is told and the folder is free again; if it ends by
 * itself, the process ends, for nobody would be answered.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmbeddedServer } from '../../local/embedded-server.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'wallet-front-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('a port that is taken is told, and the folder is free again', async () => {
  const first = await startEmbeddedServer({ folder: path.join(root, 'first') });
  const folder = path.join(root, 'second');
  const port = Number(new URL(first.url).port);
  await expect(startEmbeddedServer({ folder, port })).rejects.toThrow('EADDRINUSE');
  const second = await startEmbeddedServer({ folder });
  expect((await fetch(`${second.url}/v1/openapi.json`)).status).toBe(200);
  await second.close();
  await first.close();
});

/** A program that starts a wallet and then ends the first thread that was started for it. */
function programThatEndsTheFront(): string {
  const server = new URL('../../local/embedded-server.ts', import.meta.url).href;
  return `
    import { Worker } from 'node:worker_threads';
    const threads = [];
    const { on } = Worker.prototype;
    Worker.prototype.on = function (...args) { threads.push(this); return on.apply(this, args); };
    const { startEmbeddedServer } = await import(${JSON.stringify(server)});
    await startEmbeddedServer({ folder: ${JSON.stringify(path.join(root, 'wallet'))} });
    setTimeout(() => process.exit(0), 20_000);
    await threads[0].terminate();`;
}

test('a front that ends by itself takes the process with it', () => {
  const program = path.join(root, 'program.mjs');
  writeFileSync(program, programThatEndsTheFront());
  const { status, stderr } = spawnSync(process.execPath, [program], { timeout: 40_000 });
  expect(String(stderr)).toContain('the front ended by itself');
  expect(status).toBe(1);
});
