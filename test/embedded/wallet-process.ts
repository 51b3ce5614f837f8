/** The embedded wallet as a process of its own, for tests that kill it: `node wallet-process.ts FOLDER` prints its address. */
import { startEmbeddedServer } from '../../local/embedded-server.ts';

const [, , folder = ''] = process.argv;
const { url } = await startEmbeddedServer({ folder });
process.stdout.write(`${url}\n`);
