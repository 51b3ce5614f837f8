/** `npm run bench:lambda`: prints the tables of the Lambda side. */
import { bundleTable, processorTable } from './lambda.ts';

console.log(await bundleTable());
console.log(await processorTable());
