/** The CDK app of a stage, synthesized in memory once per stage and without bundling the functions. */
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type StageConfig, stageConfig } from '../../infra/config.ts';
import { StatefulStack } from '../../infra/stateful-stack.ts';

export interface SynthesizedApp {
  readonly config: StageConfig;
  /** The root stack: what outlives a deployment. */
  readonly data: Template;
  /** The stack nested in it: what works on the data. */
  readonly pipeline: Template;
}

const synthesized = new Map<string, SynthesizedApp>();

export interface Wishes {
  /** What the command line asks for beside the stage. */
  readonly appendOneByOne?: boolean;
  readonly functionsCheckTokens?: boolean;
  /** Settings that are not the preset's. */
  readonly settings?: Partial<StageConfig>;
}

export function synthesize(stage: string, { settings = {}, ...wishes }: Wishes = {}): SynthesizedApp {
  const key = JSON.stringify([stage, wishes, settings]);
  const known = synthesized.get(key);
  if (known !== undefined) return known;
  const config = { ...stageConfig(stage), ...settings };
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new StatefulStack(app, 'Wallet', { config, callLog: '/somewhere/calls.jsonl', ...wishes });
  const made = { config, data: Template.fromStack(stack), pipeline: Template.fromStack(stack.pipeline) };
  synthesized.set(key, made);
  return made;
}
