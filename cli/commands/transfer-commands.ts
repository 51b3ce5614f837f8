/** `wallet transfer show`: one transfer with its phases. */
import type { Command } from 'commander';
import { transferResource } from '../../core/contracts/http-answers.ts';
import { readTransferId } from '../../core/contracts/http-requests.ts';
import { readTransfer } from '../../core/flows/read-transfer.ts';
import { type CommandRun, type Output, runOnSource, tableOf } from '../command-run.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';

export function addTransferCommands(program: Command, out: Output): void {
  const transfer = program.command('transfer').description('transfers');
  transfer
    .command('show')
    .description('a transfer, with its phases')
    .argument('<id>', 'its transaction_id')
    .action((id: string, _: object, command: Command) => runOnSource(command, out, (run) => show(run, id)));
}

async function show({ source, scope, tell }: CommandRun, text: string): Promise<ExitCode> {
  const id = readTransferId(text);
  if (!id.ok) throw new CommandError(exitCodes.usage, `"${text}" is no transaction_id: ${id.fault.detail}`);
  const record = await readTransfer(source.transfers, scope, id.value);
  if (record === undefined) throw new CommandError(exitCodes.notFound, `no transfer ${id.value} is stored`);
  const resource = transferResource(id.value, record);
  tell({ ...resource, ledger_ref: record.ledgerRef }, () => {
    const { phases, ...fields } = resource;
    const rows = Object.entries(fields).map(([name, value]) => [name, String(value)]);
    const steps = phases.map(({ phase, at, outcome }) => [phase, at, outcome]);
    return `${tableOf(['field', 'value'], rows)}\n${tableOf(['phase', 'at', 'outcome'], steps)}`;
  });
  return exitCodes.ok;
}
