/** The files that the documentation function serves, by name, with where they are in the project: CDK puts them beside the function. */
export const documentationFiles = {
  'openapi.json': 'docs/openapi.json',
  'swagger-ui.css': 'node_modules/swagger-ui-dist/swagger-ui.css',
  'swagger-ui-bundle.js': 'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
} as const;

export type DocumentationFile = keyof typeof documentationFiles;
