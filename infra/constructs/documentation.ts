/** Documentation: serves the API's document and a page that shows it, to anybody. It has no rights on any data. */
import { Construct } from 'constructs';
import { documentationFiles } from '../../core/contracts/documentation-files.ts';
import { type Deployment, WalletFunction } from './wallet-function.ts';

/** Reading a file and sending it takes no longer. */
const TIMEOUT_SECONDS = 10;

export class Documentation extends Construct {
  readonly fn: WalletFunction;

  constructor(scope: Construct, id: string, props: Deployment) {
    super(scope, id);
    this.fn = new WalletFunction(this, 'Documentation', {
      ...props,
      name: 'documentation',
      description: "Serves the API's document and its page",
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMb: 256,
      environment: {},
      permissions: [],
      files: documentationFiles,
    });
  }
}
