/**
 * The CDK app. One root stack holds the data, and the pipeline as a stack nested in it, so that a plain `npx cdk deploy` deploys
 * both in the right order. Synthesis needs no account: nothing is looked up.
 */
import { App } from 'aws-cdk-lib';
import { addChecks } from './checks.ts';
import { stageConfig, withWishes } from './config.ts';
import { StatefulStack } from './stateful-stack.ts';

const app = new App();
const callLog: unknown = app.node.tryGetContext('callLog');
const appendOneByOne = app.node.tryGetContext('appendOneByOne') === 'true';
const functionsCheckTokens = app.node.tryGetContext('functionsCheckTokens') === 'true';
const webSocketPush = app.node.tryGetContext('webSocketPush') === 'true';
new StatefulStack(app, 'Wallet', {
  config: withWishes(stageConfig(app.node.tryGetContext('stage')), { webSocketPush }),
  appendOneByOne,
  functionsCheckTokens,
  ...(typeof callLog === 'string' && callLog !== '' ? { callLog } : {}),
});
addChecks(app);
