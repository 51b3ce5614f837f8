/** A look into an embedded wallet's folder, also while the wallet runs: reads only, and sees what was acknowledged when it came. */
import type { EventLog, LedgerScan, NoteStore, TransferStore, ViewScan, ViewStore } from '../../core/ports.ts';
import { withinTurn } from './acknowledgement.ts';
import { EmbeddedEventLog } from './embedded-event-log.ts';
import { EmbeddedLedgerScan } from './embedded-ledger-scan.ts';
import { EmbeddedNoteStore } from './embedded-note-store.ts';
import { EmbeddedTransferStore } from './embedded-transfer-store.ts';
import { EmbeddedViewStore } from './embedded-view-store.ts';
import { WalletStore } from './wallet-store.ts';

export interface WalletLook {
  readonly log: EventLog;
  readonly scan: LedgerScan;
  readonly transfers: TransferStore;
  readonly notes: NoteStore;
  readonly views: ViewStore & ViewScan;
  readonly store: WalletStore;
  close(): Promise<void>;
}

/** @throws {UnusableData} if there is no wallet in the folder, or something that was acknowledged is damaged */
export function lookIntoWallet(folder: string): WalletLook {
  const store = new WalletStore(folder, undefined, 'look');
  return {
    store,
    log: new EmbeddedEventLog(store, withinTurn),
    scan: new EmbeddedLedgerScan(store),
    transfers: new EmbeddedTransferStore(store, withinTurn),
    notes: new EmbeddedNoteStore(store),
    views: new EmbeddedViewStore(store, withinTurn),
    close: () => store.close(),
  };
}
