/** Reads resources out of a synthesized template: their properties, and what the roles of functions allow. */
import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.optional(z.record(z.string(), z.unknown())),
  DeletionPolicy: z.optional(z.string()),
});
export type Resource = z.infer<typeof resourceSchema>;

const statementSchema = z.object({
  Effect: z.string(),
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.unknown(),
});
const policySchema = z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) });

const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });

/** All resources, by logical id. */
export function everyResource(template: Template): Readonly<Record<string, Resource>> {
  return templateSchema.parse(template.toJSON()).Resources;
}

/** All resources of a type, by logical id. */
export function resourcesOf(template: Template, type: string): Readonly<Record<string, Resource>> {
  return z.record(z.string(), resourceSchema).parse(template.findResources(type));
}

/** The one resource of a type whose logical id begins so. */
export function resourceNamed(template: Template, type: string, beginning: string): Resource {
  const found = Object.entries(resourcesOf(template, type)).filter(([id]) => id.startsWith(beginning));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${found.length} resources of ${type} begin with ${beginning}, expected one`);
  }
  return only[1];
}

export interface Allowance {
  readonly action: string;
  /** JSON of the resource that the action is allowed on. */
  readonly resource: string;
}

/** What the policies whose logical ids begin so allow, an action at a time. */
export function allowances(template: Template, beginning: string): readonly Allowance[] {
  return Object.entries(resourcesOf(template, 'AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(beginning))
    .flatMap(([, policy]) => policySchema.parse(policy.Properties).PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) => {
      const resources = Array.isArray(Resource) ? Resource : [Resource];
      return [Action]
        .flat()
        .flatMap((action) => resources.map((resource) => ({ action, resource: JSON.stringify(resource) })));
    });
}
