/** The views on AWS as functions and commands use them: of the generation that is live, written to all that are. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LiveDailyBalances, LiveViews } from '../../core/flows/live-views.ts';
import { DynamoDbDailyBalancesShelf } from './dynamodb-daily-balances.ts';
import { DynamoDbGenerationPointer } from './dynamodb-generation-pointer.ts';
import { DynamoDbViewShelf } from './dynamodb-view-store.ts';

export interface LiveViewsSettings {
  readonly tableName: string;
  readonly client?: DynamoDBClient;
}

export function dynamoDbViews(settings: LiveViewsSettings): LiveViews {
  return new LiveViews(new DynamoDbGenerationPointer(settings), new DynamoDbViewShelf(settings));
}

/** @param settings the table of the rows, and that of the views, which says what generations there are */
export function dynamoDbDailyBalances(settings: LiveViewsSettings & { readonly viewsTable: string }) {
  const pointer = new DynamoDbGenerationPointer({ ...settings, tableName: settings.viewsTable });
  return new LiveDailyBalances(pointer, new DynamoDbDailyBalancesShelf(settings));
}
