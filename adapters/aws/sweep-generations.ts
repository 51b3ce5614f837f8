/** Takes rows of generations that nobody reads any more out of a table in which other things stand too. */
import { paginateScan, type ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { type BatchWrite, deleteItems } from './batch-writes.ts';
import type { Item } from './item-size.ts';

/** A row's key, and the generation that it is of; undefined for what is of none. */
export interface GenerationRow {
  readonly key: Item;
  readonly generation: number | undefined;
}

export interface GenerationRows {
  /** Finds them all, perhaps among others; needs to give their keys only. */
  readonly scan: Omit<ScanCommandInput, 'TableName'>;
  readonly rowOf: (item: Item) => GenerationRow;
}

/**
 * Deletes the rows of all generations up to `last` but the kept ones; gives back how many they were.
 *
 * @throws StoreFailure if some could not be deleted
 */
export async function sweepGenerations(
  write: BatchWrite,
  { scan, rowOf }: GenerationRows,
  last: number,
  kept: readonly number[],
): Promise<number> {
  let rows = 0;
  for await (const { Items = [] } of paginateScan({ client: write.client }, { TableName: write.tableName, ...scan })) {
    const litter = Items.map(rowOf).filter(
      ({ generation }) => generation !== undefined && generation <= last && !kept.includes(generation),
    );
    await deleteItems(
      write,
      litter.map(({ key }) => key),
    );
    rows += litter.length;
  }
  return rows;
}
