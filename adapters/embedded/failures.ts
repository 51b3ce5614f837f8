/** What can go wrong with a wallet on local disk. */

/** The data folder cannot be used, and why; nothing in it was changed. */
export class UnusableData extends Error {
  override readonly name = 'UnusableData';
}

/** The disk failed, or a turn did: what is in memory may be ahead of the disk, so the wallet takes nothing more until a restart. */
export class WalletStopped extends Error {
  override readonly name = 'WalletStopped';
}
