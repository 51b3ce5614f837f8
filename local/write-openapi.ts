/** `npm run openapi`: writes what is made from the table of operations and from the table of problems. A test says when it is stale. */
import { writeFileSync } from 'node:fs';
import { generatedFiles } from './openapi/generated-files.ts';

for (const { path, text } of await generatedFiles()) {
  writeFileSync(path, text);
  console.log(`written: ${path}`);
}
