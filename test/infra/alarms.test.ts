/** Every alarm reaches the operators, and its description names a runbook that exists; no runbook is left without an alarm. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { metrics } from '../../core/contracts/env.ts';
import { resourcesOf } from './resources.ts';
import { synthesize } from './synthesized-app.ts';

/** What a command of `wallet` finds, and names the runbook of. */
const ofCommands: ReadonlySet<string> = new Set(['views-differ.md']);
const folder = path.resolve(import.meta.dirname, '..', '..', 'docs', 'runbooks');

/** The construct's name: its logical id has its path before it, and a hash of eight characters behind it. */
const nameOf = (id: string): string => /^Alarms(\w+)\w{8}$/.exec(id)?.[1] ?? id;

describe('alarms', () => {
  const alarms = Object.entries(resourcesOf(synthesize('prod').pipeline, 'AWS::CloudWatch::Alarm'));
  const runbooks = alarms.map(([id, { Properties = {} }]) => {
    const [, name] = /docs\/runbooks\/([a-z-]+\.md)$/.exec(String(Properties['AlarmDescription'])) ?? [];
    return [id, name] as const;
  });

  test('all reach the operators', () => {
    expect(alarms.length).toBeGreaterThan(20);
    for (const [id, { Properties = {} }] of alarms) expect(Properties['AlarmActions'], id).toHaveLength(1);
  });

  test('each have a runbook', () => {
    const existing = new Set(readdirSync(folder));
    expect(runbooks.filter(([, name]) => name === undefined || !existing.has(name))).toEqual([]);
  });

  test('are what the runbooks are for', () => {
    const named = new Set(runbooks.map(([, name]) => name));
    const unnamed = readdirSync(folder).filter((name) => name !== 'README.md' && !named.has(name));
    expect(unnamed.filter((name) => !ofCommands.has(name))).toEqual([]);
  });

  test('are each named on their page', () => {
    const unnamed = runbooks.filter(
      ([id, name]) => !readFileSync(path.join(folder, name ?? ''), 'utf8').includes(`\`${nameOf(id)}\``),
    );
    expect(unnamed).toEqual([]);
  });

  test('of which the head of a page speaks are there', () => {
    const names = new Set(alarms.map(([id]) => nameOf(id)));
    const heads = readdirSync(folder).flatMap((name) => {
      const [, head = ''] = /^Alarms?: (.*?)\n\n/ms.exec(readFileSync(path.join(folder, name), 'utf8')) ?? [];
      return [...head.matchAll(/`([A-Z][a-z]+[A-Z]\w+)`/g)].map(([, alarm = '']) => alarm);
    });
    expect(heads.length).toBeGreaterThan(50);
    expect(heads.filter((alarm) => !names.has(alarm))).toEqual([]);
  });

  test('ring when a state machine fails, and when it runs out of time', () => {
    const names = alarms.map(([, { Properties = {} }]) => String(Properties['MetricName']));
    const count = (name: string) => names.filter((one) => one === name).length;
    expect(count('ExecutionsFailed')).toBe(3);
    expect(count('ExecutionsTimedOut')).toBe(count('ExecutionsFailed'));
  });

  test('ring when the WebSocket answers with trouble, which is no failure of its function', () => {
    const own = alarms.find(([, { Properties = {} }]) => Properties['MetricName'] === metrics.socketTrouble)?.[1];
    expect(own?.Properties).toMatchObject({ Dimensions: [{ Name: 'service', Value: 'socket' }], Threshold: 0 });
  });

  test('ring when commands or commits wait for more than a minute', () => {
    const late = alarms.filter(([, { Properties = {} }]) => Properties['MetricName'] === 'IteratorAge');
    expect(late.map(([, { Properties = {} }]) => Properties['Threshold'])).toEqual([60_000, 60_000, 60_000]);
  });
});
