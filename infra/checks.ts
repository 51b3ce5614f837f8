/** The rules of good practice that every synthesis is held against; a finding needs a change or an acknowledgement with its reason. */
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';

/** Adds the rule packs to an app. Synthesis by the CDK's CLI then fails on a finding. */
export function addChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}
