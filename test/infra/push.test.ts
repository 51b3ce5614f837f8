/**
 * The templates of what tells others: a bus that outlives deployments where data does, nothing at all of it where a preset does not
 * ask for it.
 */
import { describe, expect, test } from 'vitest';
import { everyResource, resourcesOf } from './resources.ts';
import { synthesize } from './synthesized-app.ts';

const bus = 'AWS::Events::EventBus';

describe('outcomes', () => {
  test('have a bus that stays where data stays', () => {
    synthesize('prod').data.allResources(bus, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    for (const stage of ['local', 'dev', 'prod']) synthesize(stage).data.resourceCountIs(bus, 1);
  });

  test('are not told where the preset does not ask for it', () => {
    const { data, pipeline } = synthesize('prod', { settings: { publishOutcomes: false } });
    data.resourceCountIs(bus, 0);
    const named = Object.keys(everyResource(pipeline)).filter((id) =>
      /^Publisher|AlarmsPublisher|AlarmsOutcomes/.test(id),
    );
    expect(named).toEqual([]);
    expect(Object.keys(resourcesOf(pipeline, 'AWS::Lambda::EventSourceMapping'))).toHaveLength(2);
  });
});
