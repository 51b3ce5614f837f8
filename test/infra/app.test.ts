/**
 * The app as the CDK's CLI runs it: each stage is synthesized in a process that knows no account, no credentials and no region, and
 * the rule packs find nothing that is not acknowledged with a reason. A bucket that breaks rules shows that the packs look.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';
import { addChecks } from '../../infra/checks.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const folder = mkdtempSync(path.join(tmpdir(), 'wallet-synth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reportSchema = z.object({ pluginReports: z.array(z.unknown()) });

function findingsIn(assembly: string): readonly unknown[] {
  const text = readFileSync(path.join(assembly, 'validation-report.json'), 'utf8');
  return reportSchema.parse(JSON.parse(text)).pluginReports;
}

test.each(['local', 'dev', 'prod'])('stage %s needs no account and breaks no rule', (stage) => {
  const assembly = path.join(folder, stage);
  const context = { stage, 'aws:cdk:bundling-stacks': [] };
  execFileSync(process.execPath, ['infra/app.ts'], {
    cwd: root,
    env: { PATH: process.env['PATH'], CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  expect(findingsIn(assembly)).toEqual([]);
});

test('the packs find what breaks their rules', () => {
  const assembly = path.join(folder, 'broken');
  const app = new App({ outdir: assembly });
  new Bucket(new Stack(app, 'Broken'), 'Bucket');
  addChecks(app);
  expect(() => app.synth()).toThrow('AwsSolutions-S1');
  expect(JSON.stringify(findingsIn(assembly))).toContain('AwsSolutions-S1');
});
