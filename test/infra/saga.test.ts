/**
 * The two state machines, read as a graph: the saga always ends or is handed over, a recovery always ends or is reported, and every
 * wait and retry has a bound that fits into the five minutes of an Express execution.
 */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { resourceNamed } from './resources.ts';
import { synthesize } from './synthesized-app.ts';

const EXPRESS_LIMIT_SECONDS = 300;
/** After that long the domain escalates a chunk by itself. */
const ESCALATION_SECONDS = 120;

const retrySchema = z.object({
  ErrorEquals: z.array(z.string()),
  IntervalSeconds: z.optional(z.number()),
  MaxAttempts: z.optional(z.number()),
  MaxDelaySeconds: z.optional(z.number()),
});
const stateSchema = z.looseObject({
  Type: z.string(),
  Next: z.optional(z.string()),
  End: z.optional(z.boolean()),
  Default: z.optional(z.string()),
  Choices: z.optional(z.array(z.looseObject({ StringEquals: z.optional(z.string()), Next: z.string() }))),
  Catch: z.optional(z.array(z.object({ ErrorEquals: z.array(z.string()), Next: z.string() }))),
  Retry: z.optional(z.array(retrySchema)),
  TimeoutSeconds: z.optional(z.number()),
  SecondsPath: z.optional(z.string()),
});
const machineSchema = z.object({ StartAt: z.string(), States: z.record(z.string(), stateSchema) });
type State = z.infer<typeof stateSchema>;

const joinSchema = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });

/** The definition, with each reference to another resource put in as JSON without quotes. */
function machine(name: string): z.infer<typeof machineSchema> {
  const { Properties = {} } = resourceNamed(synthesize('prod').pipeline, 'AWS::StepFunctions::StateMachine', name);
  const [, parts] = joinSchema.parse(Properties['DefinitionString'])['Fn::Join'];
  const text = parts
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', '')))
    .join('');
  return machineSchema.parse(JSON.parse(text));
}

function followers(state: State): readonly string[] {
  const ofChoices = (state.Choices ?? []).map(({ Next }) => Next);
  const ofCatch = (state.Catch ?? []).map(({ Next }) => Next);
  return [state.Next, state.Default].filter((next) => next !== undefined).concat(ofChoices, ofCatch);
}

/** Longest that a task may take with all its tries, seconds. */
function longest({ TimeoutSeconds = 0, Retry = [] }: State): number {
  const all = Retry.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'));
  const { IntervalSeconds = 1, MaxAttempts = 3 } = all ?? {};
  const waits = Array.from({ length: MaxAttempts }, (_, i) => IntervalSeconds * 2 ** i);
  return TimeoutSeconds * (MaxAttempts + 1) + waits.reduce((sum, wait) => sum + wait, 0);
}

describe.each(['SagaExpress', 'SagaRecovery'])('%s', (name) => {
  const { StartAt, States } = machine(name);

  test('leads from every state to an end', () => {
    const ends = (id: string, seen: ReadonlySet<string>): boolean => {
      const state = States[id];
      if (state === undefined || seen.has(id)) return false;
      if (state.Type === 'Succeed' || state.Type === 'Fail' || state.End === true) return true;
      return followers(state).some((next) => ends(next, new Set([...seen, id])));
    };
    for (const id of Object.keys(States)) expect(ends(id, new Set()), id).toBe(true);
    expect(States[StartAt]?.Type).toBe('Task');
  });

  test('branches on the next action alone, and knows what to do with any other', () => {
    const choices = Object.values(States).filter(({ Type }) => Type === 'Choice');
    expect(choices).toHaveLength(1);
    expect(choices[0]?.Choices?.map(({ StringEquals }) => StringEquals)).toEqual(['wait', 'done']);
    expect(choices[0]?.Default).toBe(name === 'SagaExpress' ? 'Escalate' : 'Report');
  });

  test('catches whatever a step fails with, after tries', () => {
    const { Retry = [], Catch = [] } = States[StartAt] ?? {};
    expect(Retry.some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))).toBe(true);
    expect(Catch).toEqual([
      { ErrorEquals: ['States.ALL'], Next: name === 'SagaExpress' ? 'Escalate' : 'ReportNoAnswer' },
    ]);
  });
});

describe('the saga', () => {
  const { StartAt, States } = machine('SagaExpress');

  test('hands a chunk over before an Express execution is cut off', () => {
    const step = States[StartAt];
    if (step === undefined) throw new Error('the saga has no first step');
    expect(ESCALATION_SECONDS + longest(step)).toBeLessThan(EXPRESS_LIMIT_SECONDS - 30);
  });

  test('takes a recovery of the same name for its own', () => {
    const already = 'StepFunctions.ExecutionAlreadyExistsException';
    const { Retry = [], Catch = [], ...escalate } = States['Escalate'] ?? {};
    expect(Retry[0]).toMatchObject({ ErrorEquals: expect.arrayContaining([already]), MaxAttempts: 0 });
    expect(Catch).toEqual([{ ErrorEquals: expect.arrayContaining([already]), Next: 'Done' }]);
    expect(escalate).toMatchObject({ Parameters: { 'Name.$': '$.recovery_name', 'Input.$': '$' } });
  });
});

describe('a recovery', () => {
  const { States } = machine('SagaRecovery');

  test('tells the operators, and then fails so that it shows', () => {
    for (const id of ['Report', 'ReportNoAnswer']) expect(States[id]?.Next).toBe('NeedsOperator');
    expect(States['Report']).toMatchObject({ Parameters: { 'Message.$': '$.report' } });
    expect(States['NeedsOperator']?.Type).toBe('Fail');
  });
});
