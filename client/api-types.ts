/** Types of the API, made from its document by `npm run openapi`. */
export interface paths {
    "/v1/wallet/balance_transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move money
         * @description Sends one transfer and waits for its outcome. Sent again with the same `transaction_id` and content it moves nothing, and is answered with what became of it.
         */
        post: operations["sendTransfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/balance_transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move money many times
         * @description Sends up to 500 transfers. Each has its own outcome: pending, settled, or a problem.
         */
        post: operations["sendTransfers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/deposits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take money in
         * @description Moves money from a settlement account to a customer. It is a transfer like any other: looked at, listed and repeated as such.
         */
        post: operations["deposit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pay money out
         * @description Moves money from a customer to a settlement account. It is a transfer like any other: looked at, listed and repeated as such.
         */
        post: operations["withdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List accounts
         * @description Accounts of the caller, or for operators those of any `owner`, or all. In an order of the wallet’s own; an account that was just opened may be missing for a moment.
         */
        get: operations["listAccounts"];
        put?: never;
        /**
         * Open an account
         * @description Opens an account, or one that is still closing again. Opening it again with the same properties succeeds.
         */
        post: operations["openAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/accounts/{account_id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change limits
         * @description Sets the overdraft limit, and what one transfer and the transfers of a day (UTC) may take, or takes them away. An overdraft limit below what is used of it is accepted: nothing is debited then until the account is covered.
         */
        post: operations["changeLimits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/accounts/{account_id}/freeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Freeze an account
         * @description A frozen account refuses debits and credits, never refunds.
         */
        post: operations["freezeAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/accounts/{account_id}/unfreeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unfreeze an account
         * @description Takes a freeze away.
         */
        post: operations["unfreezeAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/accounts/{account_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close an account
         * @description Closes an account whose balance and holds are zero. It is `closing` until all its transfers are over, and `closed` then.
         */
        post: operations["closeAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/transfers/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look at many transfers
         * @description Up to 100 transfers by their ids, in one strongly consistent read. It changes nothing, and may be sent again.
         */
        post: operations["lookUpTransfers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List open transfers
         * @description Transfers that were debited and are not over, from the records of the work that is under way; those first that are looked after first.
         */
        get: operations["listOpenTransfers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/transfers/{transaction_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at a transfer
         * @description The transfer with its phases. Read strongly consistent: who was told of an outcome never reads an older one.
         */
        get: operations["getTransfer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/accounts/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at an account
         * @description The account as its newest commit says.
         */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/accounts/{account_id}/balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at a balance
         * @description Balance, and what may be debited now.
         */
        get: operations["getBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/accounts/{account_id}/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the transfers of an account
         * @description Every transfer that the account paid, was to pay, was paid or was to be paid, newest first, from the account’s own log. Pages stay where they are while transfers go on.
         */
        get: operations["listAccountTransfers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/accounts/{account_id}/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a statement
         * @description Every movement of money on the account, oldest first, with the balance after each, as JSON or, if `Accept` names `text/csv` first, as CSV. All pages are of one statement, whatever happens meanwhile.
         */
        get: operations["getStatement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/trial_balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Do the books balance?
         * @description Sums of all accounts per currency with what is in flight, at a cut through the ledger. Of a very large wallet the last one that was computed.
         */
        get: operations["getTrialBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document
         * @description The description of the API in the format of OpenAPI 3.1.
         */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document as a page
         * @description A page for people, with all its files from here.
         */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/docs/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A file of the page
         * @description Scripts and styles of the page.
         */
        get: operations["getDocsFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks
         * @description All webhooks of the tenant, without their secrets.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Register a webhook
         * @description Tells an https address how transfers of this tenant end, signed as Standard Webhooks. The secret is in this answer and in none that comes later, except where the same request is repeated within a day.
         */
        post: operations["registerWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at a webhook
         * @description One webhook, without its secret.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description Nothing more is sent to it, also not what is on its way.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/webhooks/{webhook_id}/rotate_secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the secret of a webhook
         * @description Makes a new secret. For a day deliveries are signed with both, so that a receiver can change over.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/webhooks/{webhook_id}/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ping a webhook
         * @description Sends an event of type `wallet.ping` by the way that all events go.
         */
        post: operations["pingWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/webhooks/{webhook_id}/dead_deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List dead deliveries
         * @description Events that the webhook did not take in a day, at most 100 of them.
         */
        get: operations["listDeadDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallet/webhooks/{webhook_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay dead deliveries
         * @description Sends up to 100 dead deliveries on their way again, each with the id that it always had.
         */
        post: operations["replayDeadDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What to move. */
        TransferRequest: {
            transaction_id: components["schemas"]["TransferIdGiven"];
            from_account: components["schemas"]["AccountIdGiven"];
            to_account: components["schemas"]["AccountIdGiven"];
            /**
             * @description Amount in major units, above zero, with at most the decimals of the currency.
             * @example 10.50
             */
            amount: string;
            currency: components["schemas"]["CurrencyGiven"];
            /**
             * @description What the transfer is for. Both parties see it, and statements show it. A part of what the id stands for.
             * @example Rent for May
             */
            description?: string;
            /**
             * @description At most 20 texts for the caller's own use, shown to the payer's side alone. A part of what the id stands for.
             * @example {
             *       "invoice": "2026-05"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
        };
        /**
         * Format: uuid
         * @description UUID that the client makes: the identity of the transfer. The same id moves money once, however often it is sent.
         */
        TransferIdGiven: string;
        /**
         * @description Id of an account, chosen by whoever opens it.
         * @example alice
         */
        AccountIdGiven: string;
        /**
         * @description Alphabetic code of ISO 4217.
         * @example USD
         */
        CurrencyGiven: string;
        /** @description Transfers, each on its own: what is wrong with one is no trouble for the others. */
        BatchRequest: {
            transfers: components["schemas"]["TransferRequest"][];
        };
        /** @description Money that enters or leaves by a settlement account. */
        CashRequest: {
            transaction_id: components["schemas"]["TransferIdGiven"];
            account_id: components["schemas"]["AccountIdGiven"];
            settlement_account: components["schemas"]["AccountIdGiven"];
            /**
             * @description Amount in major units, above zero, with at most the decimals of the currency.
             * @example 10.50
             */
            amount: string;
            currency: components["schemas"]["CurrencyGiven"];
            /**
             * @description What the transfer is for. Both parties see it, and statements show it. A part of what the id stands for.
             * @example Rent for May
             */
            description?: string;
            /**
             * @description At most 20 texts for the caller's own use, shown to the payer's side alone. A part of what the id stands for.
             * @example {
             *       "invoice": "2026-05"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
        };
        /** @description The account to open. */
        AccountRequest: {
            account_id: components["schemas"]["AccountIdGiven"];
            currency: components["schemas"]["CurrencyGiven"];
            /** @description Whose account it is: a name that the caller’s own system knows. */
            owner: string;
            /** @enum {string} */
            kind?: "customer" | "settlement";
            /**
             * @description How far below zero the balance may go, in major units; zero unless given.
             * @example 10.50
             */
            overdraft_limit?: string;
            /**
             * @description Most that one transfer may take, in major units; unlimited unless given.
             * @example 10.50
             */
            transfer_limit?: string;
            /**
             * @description Most that the transfers of a day (UTC) may take together, in major units; unlimited unless given.
             * @example 10.50
             */
            daily_limit?: string;
        };
        /** @description Limits to change: one that is not named stays as it is, and null takes one away. At least one is named. */
        LimitsRequest: {
            currency: components["schemas"]["CurrencyGiven"];
            /**
             * @description How far below zero the balance may go, in major units.
             * @example 10.50
             */
            overdraft_limit?: string | null;
            /**
             * @description Most that one transfer may take, in major units.
             * @example 10.50
             */
            transfer_limit?: string | null;
            /**
             * @description Most that the transfers of a day (UTC) may take together, in major units.
             * @example 10.50
             */
            daily_limit?: string | null;
        };
        /** @description An empty object, or no body at all. */
        Nothing: Record<string, never>;
        /** @description Ids of transfers, each looked up once. */
        LookupRequest: {
            transaction_ids: components["schemas"]["TransferIdGiven"][];
        };
        /** @description Where to send which events. */
        WebhookRequest: {
            url: string;
            /** @description All events unless given. */
            events?: ("wallet.transfer.completed" | "wallet.transfer.rejected" | "wallet.transfer.reversed")[];
            description?: string;
        };
        /** @description Id of a webhook, made by the wallet. */
        WebhookId: string;
        /** @description A transfer. `balance_after` is the payer’s balance after it. */
        Transfer: {
            transaction_id: components["schemas"]["TransferId"];
            /**
             * @description What became of it, exactly: `rejected` by the payer, or `reversed` after the payee refused.
             * @enum {string}
             */
            state: "pending" | "completed" | "rejected" | "reversed";
            from_account?: components["schemas"]["AccountId"];
            to_account?: components["schemas"]["AccountId"];
            amount?: components["schemas"]["Decimal"];
            currency?: string;
            balance_after?: components["schemas"]["Decimal"];
            /** @enum {string} */
            reason?: "cancelled" | "account_not_found" | "not_owner" | "account_closed" | "account_exists" | "account_frozen" | "currency_mismatch" | "close_superseded" | "not_empty" | "transfer_limit_exceeded" | "daily_limit_exceeded" | "insufficient_funds";
            description?: string;
            metadata?: {
                [key: string]: string;
            };
            accepted_at: components["schemas"]["Timestamp"];
            completed_at?: components["schemas"]["Timestamp"];
            phases: components["schemas"]["Phase"][];
            /** @enum {string} */
            status: "pending" | "success" | "failed";
        };
        /**
         * Format: uuid
         * @description UUID in lower case.
         */
        TransferId: string;
        /** @description Accounts whose ids begin with `settlement:` are where money enters and leaves. */
        AccountId: string;
        /** @description Amount in major units, with all decimals of its currency. */
        Decimal: string;
        /**
         * Format: date-time
         * @description Time in UTC with milliseconds (RFC 3339).
         */
        Timestamp: string;
        /** @description A step of a transfer: when it was done, and with what result. */
        Phase: {
            /** @enum {string} */
            phase: "accepted" | "debit" | "credit_sent" | "credit" | "refund_sent" | "refund" | "request";
            at: components["schemas"]["Timestamp"];
            outcome: "ok" | ("cancelled" | "account_not_found" | "not_owner" | "account_closed" | "account_exists" | "account_frozen" | "currency_mismatch" | "close_superseded" | "not_empty" | "transfer_limit_exceeded" | "daily_limit_exceeded" | "insufficient_funds");
        };
        /** @description Why something was not done (RFC 9457). A failed transfer has its members beside these. */
        Problem: {
            /**
             * Format: uri
             * @description Identifies the reason to programs; a name, not an address.
             */
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            reason: "cancelled" | "account_not_found" | "not_owner" | "account_closed" | "account_exists" | "account_frozen" | "currency_mismatch" | "close_superseded" | "not_empty" | "transfer_limit_exceeded" | "daily_limit_exceeded" | "insufficient_funds" | "malformed_body" | "malformed_request" | "unsupported_media_type" | "body_too_large" | "unknown_parameter" | "repeated_parameter" | "missing_field" | "unknown_field" | "wrong_type" | "invalid_value" | "unknown_currency" | "not_a_decimal" | "too_many_decimals" | "too_many_digits" | "not_positive" | "same_account" | "kind_mismatch" | "overdraft_on_settlement" | "limits_on_settlement" | "content_conflict" | "not_authenticated" | "missing_scope" | "operators_only" | "route_not_found" | "method_not_allowed" | "transfer_not_found" | "webhook_not_found" | "webhook_refused" | "too_many_webhooks" | "throttled" | "unavailable" | "internal_error";
            /** @description Path in the body (`transfers[3].amount`), or the name of a parameter or header. */
            field?: string;
            /** @description Fields that differ from what the identity stands for. */
            fields?: string[];
            transaction_id?: components["schemas"]["TransferId"];
            account_id?: components["schemas"]["AccountId"];
            request_id?: string;
            /**
             * @description What became of it, exactly: `rejected` by the payer, or `reversed` after the payee refused.
             * @enum {string}
             */
            state?: "pending" | "completed" | "rejected" | "reversed";
        } & {
            [key: string]: unknown;
        };
        /** @description What became of each transfer, in the order of the request. */
        BatchResults: {
            results: (components["schemas"]["Transfer"] | components["schemas"]["Problem"])[];
        };
        /** @description The account after the request; `account_status` is its status. */
        AccountRequestDone: {
            account_id: components["schemas"]["AccountId"];
            /** @enum {string} */
            kind: "customer" | "settlement";
            currency: string;
            owner: string;
            balance: components["schemas"]["Decimal"];
            /** @description What may be debited now; null where there is no limit. */
            available: components["schemas"]["Decimal"] | null;
            held: components["schemas"]["Decimal"];
            overdraft_limit: components["schemas"]["Decimal"];
            /** @description Most that one transfer may take; null where there is no such limit. */
            transfer_limit: components["schemas"]["Decimal"] | null;
            /** @description Most that the transfers of a day (UTC) may take; null where there is no such limit. */
            daily_limit: components["schemas"]["Decimal"] | null;
            /** @description Version of the account: how many commits its log has. */
            version: number;
            as_of: components["schemas"]["Timestamp"];
            /** @constant */
            status: "success";
            /** @enum {string} */
            account_status: "unopened" | "open" | "frozen" | "closing" | "closed";
            request_id: string;
        };
        /** @description The request is on its way; follow `Location`. */
        AccountRequestPending: {
            /** @constant */
            status: "pending";
            account_id: components["schemas"]["AccountId"];
            request_id: string;
            accepted_at: components["schemas"]["Timestamp"];
        };
        /** @description A page of accounts, each as its newest commit says. */
        AccountPage: {
            accounts: components["schemas"]["Account"][];
            /** @description Where the next page begins; null if there is none. */
            next_cursor: string | null;
        };
        /** @description An account at one version of its log. */
        Account: {
            account_id: components["schemas"]["AccountId"];
            /** @enum {string} */
            kind: "customer" | "settlement";
            currency: string;
            owner: string;
            balance: components["schemas"]["Decimal"];
            /** @description What may be debited now; null where there is no limit. */
            available: components["schemas"]["Decimal"] | null;
            held: components["schemas"]["Decimal"];
            overdraft_limit: components["schemas"]["Decimal"];
            /** @description Most that one transfer may take; null where there is no such limit. */
            transfer_limit: components["schemas"]["Decimal"] | null;
            /** @description Most that the transfers of a day (UTC) may take; null where there is no such limit. */
            daily_limit: components["schemas"]["Decimal"] | null;
            /** @description Version of the account: how many commits its log has. */
            version: number;
            as_of: components["schemas"]["Timestamp"];
            /** @enum {string} */
            status: "unopened" | "open" | "frozen" | "closing" | "closed";
        };
        /** @description What is known, in the order of the request, and what is not. */
        TransferLookup: {
            transfers: components["schemas"]["Transfer"][];
            unknown: components["schemas"]["TransferId"][];
        };
        /** @description A page of transfers. */
        TransferPage: {
            transfers: components["schemas"]["Transfer"][];
            /** @description Where the next page begins; null if there is none. */
            next_cursor: string | null;
        };
        /** @description The balance of an account at one version of its log. */
        Balance: {
            account_id: components["schemas"]["AccountId"];
            balance: components["schemas"]["Decimal"];
            /** @description What may be debited now; null where there is no limit. */
            available: components["schemas"]["Decimal"] | null;
            currency: string;
            /** @description Version of the account: how many commits its log has. */
            version: number;
            as_of: components["schemas"]["Timestamp"];
        };
        /** @description A page of an account’s transfers, newest first. `balance_after` is told of outgoing ones only. */
        AccountTransferPage: {
            account_id: components["schemas"]["AccountId"];
            transfers: {
                transaction_id: components["schemas"]["TransferId"];
                /**
                 * @description What became of it, exactly: `rejected` by the payer, or `reversed` after the payee refused.
                 * @enum {string}
                 */
                state: "pending" | "completed" | "rejected" | "reversed";
                from_account?: components["schemas"]["AccountId"];
                to_account?: components["schemas"]["AccountId"];
                amount?: components["schemas"]["Decimal"];
                currency?: string;
                balance_after?: components["schemas"]["Decimal"];
                /** @enum {string} */
                reason?: "cancelled" | "account_not_found" | "not_owner" | "account_closed" | "account_exists" | "account_frozen" | "currency_mismatch" | "close_superseded" | "not_empty" | "transfer_limit_exceeded" | "daily_limit_exceeded" | "insufficient_funds";
                description?: string;
                metadata?: {
                    [key: string]: string;
                };
                accepted_at: components["schemas"]["Timestamp"];
                completed_at?: components["schemas"]["Timestamp"];
                phases: components["schemas"]["Phase"][];
                /** @enum {string} */
                status: "pending" | "success" | "failed";
                /**
                 * @description `in` if the account is the payee, `out` if it is the payer.
                 * @enum {string}
                 */
                direction: "in" | "out";
            }[];
            /** @description Where the next page begins; null if there is none. */
            next_cursor: string | null;
        };
        /** @description The opening balance and the amounts of all pages together are the closing balance. */
        Statement: {
            account_id: components["schemas"]["AccountId"];
            currency: string;
            from: components["schemas"]["Timestamp"] | null;
            to: components["schemas"]["Timestamp"] | null;
            opening_balance: components["schemas"]["Decimal"];
            closing_balance: components["schemas"]["Decimal"];
            entries: components["schemas"]["StatementEntry"][];
            /** @description Where the next page begins; null if there is none. */
            next_cursor: string | null;
        };
        /** @description A movement: what was added to the balance, and the balance after it. */
        StatementEntry: {
            at: components["schemas"]["Timestamp"];
            /** @enum {string} */
            type: "debit" | "credit" | "refund";
            transaction_id: components["schemas"]["TransferId"];
            counterparty: components["schemas"]["AccountId"];
            amount: components["schemas"]["Decimal"];
            balance: components["schemas"]["Decimal"];
            /** @description Version of the account: how many commits its log has. */
            version: number;
            index: number;
            description?: string;
        };
        /** @description RFC 4180 with the columns at, type, transaction_id, counterparty, amount, currency, balance, description; the next page is in the header `Link`. */
        StatementCsv: string;
        /** @description Per currency: all balances, what is in flight, and their sum: zero. */
        TrialBalance: {
            as_of: components["schemas"]["Timestamp"];
            balanced: boolean;
            currencies: {
                currency: string;
                balances: components["schemas"]["Decimal"];
                in_flight: components["schemas"]["Decimal"];
                sum: components["schemas"]["Decimal"];
                accounts: number;
            }[];
            unmatched_transfers: {
                transaction_id: components["schemas"]["TransferId"];
                amount: components["schemas"]["Decimal"];
                currency: string;
                debits: number;
                credits: number;
                refunds: number;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    sendTransfer: {
        parameters: {
            query?: never;
            header?: {
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferRequest"];
            };
        };
        responses: {
            /** @description The transfer is settled. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            /** @description The transfer is on its way; `Location` says where to look. */
            202: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Where to look, relative to the path of the request. */
                    Location?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            /**
             * @description - `unknown_currency`: The currency is none of ISO 4217.
             *     - `not_a_decimal`: The amount is not a decimal number.
             *     - `too_many_decimals`: The amount has more decimals than its currency.
             *     - `too_many_digits`: The amount has too many digits.
             *     - `not_positive`: The amount is not positive.
             *     - `same_account`: The payer and the payee are the same account.
             *     - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `content_conflict`: The identity stands for other content. */
            409: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `account_not_found`: The account was never opened.
             *     - `not_owner`: The account is not the caller's own.
             *     - `account_closed`: The account is closed or is being closed.
             *     - `account_frozen`: The account is frozen.
             *     - `currency_mismatch`: The account is held in another currency.
             *     - `cancelled`: The transfer was given up by an operator.
             *     - `transfer_limit_exceeded`: The amount is above the limit of a transfer.
             *     - `daily_limit_exceeded`: The amount is above what is left of the limit of the day.
             *     - `insufficient_funds`: The account has not enough funds.
             */
            422: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendTransfers: {
        parameters: {
            query?: never;
            header?: {
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchRequest"];
            };
        };
        responses: {
            /** @description What became of each, in their order. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchResults"];
                };
            };
            /**
             * @description - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deposit: {
        parameters: {
            query?: never;
            header?: {
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CashRequest"];
            };
        };
        responses: {
            /** @description The transfer is settled. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            /** @description The transfer is on its way; `Location` says where to look. */
            202: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Where to look, relative to the path of the request. */
                    Location?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            /**
             * @description - `unknown_currency`: The currency is none of ISO 4217.
             *     - `not_a_decimal`: The amount is not a decimal number.
             *     - `too_many_decimals`: The amount has more decimals than its currency.
             *     - `too_many_digits`: The amount has too many digits.
             *     - `not_positive`: The amount is not positive.
             *     - `kind_mismatch`: The id and the kind of the account do not match.
             *     - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `content_conflict`: The identity stands for other content. */
            409: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `account_not_found`: The account was never opened.
             *     - `not_owner`: The account is not the caller's own.
             *     - `account_closed`: The account is closed or is being closed.
             *     - `account_frozen`: The account is frozen.
             *     - `currency_mismatch`: The account is held in another currency.
             *     - `cancelled`: The transfer was given up by an operator.
             *     - `transfer_limit_exceeded`: The amount is above the limit of a transfer.
             *     - `daily_limit_exceeded`: The amount is above what is left of the limit of the day.
             *     - `insufficient_funds`: The account has not enough funds.
             */
            422: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw: {
        parameters: {
            query?: never;
            header?: {
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CashRequest"];
            };
        };
        responses: {
            /** @description The transfer is settled. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            /** @description The transfer is on its way; `Location` says where to look. */
            202: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Where to look, relative to the path of the request. */
                    Location?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            /**
             * @description - `unknown_currency`: The currency is none of ISO 4217.
             *     - `not_a_decimal`: The amount is not a decimal number.
             *     - `too_many_decimals`: The amount has more decimals than its currency.
             *     - `too_many_digits`: The amount has too many digits.
             *     - `not_positive`: The amount is not positive.
             *     - `kind_mismatch`: The id and the kind of the account do not match.
             *     - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `content_conflict`: The identity stands for other content. */
            409: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `account_not_found`: The account was never opened.
             *     - `not_owner`: The account is not the caller's own.
             *     - `account_closed`: The account is closed or is being closed.
             *     - `account_frozen`: The account is frozen.
             *     - `currency_mismatch`: The account is held in another currency.
             *     - `cancelled`: The transfer was given up by an operator.
             *     - `transfer_limit_exceeded`: The amount is above the limit of a transfer.
             *     - `daily_limit_exceeded`: The amount is above what is left of the limit of the day.
             *     - `insufficient_funds`: The account has not enough funds.
             */
            422: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAccounts: {
        parameters: {
            query?: {
                owner?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPage"];
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `operators_only`: Only operators may ask for that.
             *     - `missing_scope`: The token does not permit the operation.
             */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openAccount: {
        parameters: {
            query?: never;
            header?: {
                Prefer?: string;
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountRequest"];
            };
        };
        responses: {
            /** @description The account was open already. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRequestDone"];
                };
            };
            /** @description The account is open. */
            201: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRequestDone"];
                };
            };
            /** @description It is on its way; `Location` says where to look. */
            202: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Where to look, relative to the path of the request. */
                    Location?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRequestPending"];
                };
            };
            /**
             * @description - `unknown_currency`: The currency is none of ISO 4217.
             *     - `not_a_decimal`: The amount is not a decimal number.
             *     - `too_many_decimals`: The amount has more decimals than its currency.
             *     - `too_many_digits`: The amount has too many digits.
             *     - `kind_mismatch`: The id and the kind of the account do not match.
             *     - `overdraft_on_settlement`: A settlement account has no overdraft limit.
             *     - `limits_on_settlement`: A settlement account has no limits.
             *     - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `not_owner`: The account is not the caller's own.
             *     - `operators_only`: Only operators may ask for that.
             *     - `missing_scope`: The token does not permit the operation.
             */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `account_exists`: The account is open already, with other properties.
             *     - `account_closed`: The account is closed or is being closed.
             *     - `content_conflict`: The identity stands for other content.
             */
            409: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeLimits: {
        parameters: {
            query?: never;
            header?: {
                Prefer?: string;
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of an account, chosen by whoever opens it. */
                account_id: components["schemas"]["AccountIdGiven"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitsRequest"];
            };
        };
        responses: {
            /** @description The account has these limits. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRequestDone"];
                };
            };
            /** @description It is on its way; `Location` says where to look. */
            202: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Where to look, relative to the path of the request. */
                    Location?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRequestPending"];
                };
            };
            /**
             * @description - `unknown_currency`: The currency is none of ISO 4217.
             *     - `not_a_decimal`: The amount is not a decimal number.
             *     - `too_many_decimals`: The amount has more decimals than its currency.
             *     - `too_many_digits`: The amount has too many digits.
             *     - `limits_on_settlement`: A settlement account has no limits.
             *     - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `not_owner`: The account is not the caller's own.
             *     - `missing_scope`: The token does not permit the operation.
             */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `account_not_found`: The account was never opened. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `account_closed`: The account is closed or is being closed.
             *     - `currency_mismatch`: The account is held in another currency.
             *     - `content_conflict`: The identity stands for other content.
             */
            409: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    freezeAccount: {
        parameters: {
            query?: never;
            header?: {
                Prefer?: string;
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of an account, chosen by whoever opens it. */
                account_id: components["schemas"]["AccountIdGiven"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description The account is frozen. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRequestDone"];
                };
            };
            /** @description It is on its way; `Location` says where to look. */
            202: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Where to look, relative to the path of the request. */
                    Location?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRequestPending"];
                };
            };
            /**
             * @description - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `not_owner`: The account is not the caller's own.
             *     - `missing_scope`: The token does not permit the operation.
             */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `account_not_found`: The account was never opened. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `account_closed`: The account is closed or is being closed.
             *     - `content_conflict`: The identity stands for other content.
             */
            409: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unfreezeAccount: {
        parameters: {
            query?: never;
            header?: {
                Prefer?: string;
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of an account, chosen by whoever opens it. */
                account_id: components["schemas"]["AccountIdGiven"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description The account is open. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRequestDone"];
                };
            };
            /** @description It is on its way; `Location` says where to look. */
            202: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Where to look, relative to the path of the request. */
                    Location?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRequestPending"];
                };
            };
            /**
             * @description - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `not_owner`: The account is not the caller's own.
             *     - `missing_scope`: The token does not permit the operation.
             */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `account_not_found`: The account was never opened. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `account_closed`: The account is closed or is being closed.
             *     - `content_conflict`: The identity stands for other content.
             */
            409: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    closeAccount: {
        parameters: {
            query?: never;
            header?: {
                Prefer?: string;
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of an account, chosen by whoever opens it. */
                account_id: components["schemas"]["AccountIdGiven"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description The account is closing. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRequestDone"];
                };
            };
            /** @description It is on its way; `Location` says where to look. */
            202: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Where to look, relative to the path of the request. */
                    Location?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    /** @description What was done of what `Prefer` asked for. */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountRequestPending"];
                };
            };
            /**
             * @description - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `not_owner`: The account is not the caller's own.
             *     - `missing_scope`: The token does not permit the operation.
             */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `account_not_found`: The account was never opened. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `account_closed`: The account is closed or is being closed.
             *     - `account_frozen`: The account is frozen.
             *     - `not_empty`: The balance or the holds of the account are not zero.
             *     - `content_conflict`: The identity stands for other content.
             */
            409: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lookUpTransfers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LookupRequest"];
            };
        };
        responses: {
            /** @description What is known of them. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransferLookup"];
                };
            };
            /**
             * @description - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOpenTransfers: {
        parameters: {
            query?: {
                state?: "open";
                account_id?: components["schemas"]["AccountIdGiven"];
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransferPage"];
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTransfer: {
        parameters: {
            query?: {
                accepted_at?: string;
            };
            header?: never;
            path: {
                /** @description UUID that the client makes: the identity of the transfer. The same id moves money once, however often it is sent. */
                transaction_id: components["schemas"]["TransferIdGiven"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known of the transfer. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `transfer_not_found`: The transfer is not known. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAccount: {
        parameters: {
            query?: {
                consistent?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description Id of an account, chosen by whoever opens it. */
                account_id: components["schemas"]["AccountIdGiven"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `account_not_found`: The account was never opened. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBalance: {
        parameters: {
            query?: {
                consistent?: "true" | "false";
                at?: string;
            };
            header?: never;
            path: {
                /** @description Id of an account, chosen by whoever opens it. */
                account_id: components["schemas"]["AccountIdGiven"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The balance. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description How many reads of the ledger a past moment took. */
                    "X-Ledger-Reads"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Balance"];
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `account_not_found`: The account was never opened. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAccountTransfers: {
        parameters: {
            query?: {
                from?: string;
                to?: string;
                direction?: "in" | "out";
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of an account, chosen by whoever opens it. */
                account_id: components["schemas"]["AccountIdGiven"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountTransferPage"];
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `account_not_found`: The account was never opened. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStatement: {
        parameters: {
            query?: {
                from?: string;
                to?: string;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of an account, chosen by whoever opens it. */
                account_id: components["schemas"]["AccountIdGiven"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the statement. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description The next page (RFC 8288), relative to the path of the request. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statement"];
                    "text/csv": components["schemas"]["StatementCsv"];
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `account_not_found`: The account was never opened. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTrialBalance: {
        parameters: {
            query?: {
                at?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The trial balance. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialBalance"];
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                        paths: {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDocsFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: "start.js" | "swagger-ui.css" | "swagger-ui-bundle.js";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": string;
                    "text/css": string;
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `route_not_found`: There is nothing at this path. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhooks. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        webhooks: {
                            webhook_id: components["schemas"]["WebhookId"];
                            url: string;
                            events: ("wallet.transfer.completed" | "wallet.transfer.rejected" | "wallet.transfer.reversed")[];
                            description?: string;
                            created_at: string;
                            previous_secret_until?: string;
                        }[];
                    };
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    registerWebhook: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookRequest"];
            };
        };
        responses: {
            /** @description The webhook, with its secret. */
            201: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        webhook_id: components["schemas"]["WebhookId"];
                        url: string;
                        events: ("wallet.transfer.completed" | "wallet.transfer.rejected" | "wallet.transfer.reversed")[];
                        description?: string;
                        created_at: string;
                        previous_secret_until?: string;
                        secret?: string;
                    };
                };
            };
            /**
             * @description - `webhook_refused`: The address is none that a webhook may have.
             *     - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `webhook_not_found`: The webhook is not known. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `too_many_webhooks`: There are as many webhooks as a tenant may have.
             *     - `content_conflict`: The identity stands for other content.
             */
            409: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook, made by the wallet. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        webhook_id: components["schemas"]["WebhookId"];
                        url: string;
                        events: ("wallet.transfer.completed" | "wallet.transfer.rejected" | "wallet.transfer.reversed")[];
                        description?: string;
                        created_at: string;
                        previous_secret_until?: string;
                    };
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `webhook_not_found`: The webhook is not known. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook, made by the wallet. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        webhook_id: components["schemas"]["WebhookId"];
                        /** @constant */
                        status: "deleted";
                    };
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `webhook_not_found`: The webhook is not known. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a webhook, made by the wallet. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description The webhook, with its new secret. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        webhook_id: components["schemas"]["WebhookId"];
                        url: string;
                        events: ("wallet.transfer.completed" | "wallet.transfer.rejected" | "wallet.transfer.reversed")[];
                        description?: string;
                        created_at: string;
                        previous_secret_until?: string;
                        secret?: string;
                    };
                };
            };
            /**
             * @description - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `webhook_not_found`: The webhook is not known. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pingWebhook: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a webhook, made by the wallet. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description The ping is on its way. */
            202: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        webhook_id: components["schemas"]["WebhookId"];
                        event_id: string;
                    };
                };
            };
            /**
             * @description - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `webhook_not_found`: The webhook is not known. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeadDeliveries: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook, made by the wallet. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dead deliveries. */
            200: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        webhook_id: components["schemas"]["WebhookId"];
                        dead_deliveries: {
                            event_id: string;
                            attempts: number;
                            fault: string;
                            died_at: string;
                        }[];
                    };
                };
            };
            /**
             * @description - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `webhook_not_found`: The webhook is not known. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayDeadDeliveries: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a webhook, made by the wallet. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description They are on their way. */
            202: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        webhook_id: components["schemas"]["WebhookId"];
                        replayed: number;
                        more: boolean;
                    };
                };
            };
            /**
             * @description - `malformed_body`: The body is not readable JSON.
             *     - `missing_field`: A field is missing.
             *     - `unknown_field`: A field is not known.
             *     - `wrong_type`: A value is of the wrong JSON type.
             *     - `invalid_value`: A value is not valid.
             *     - `unknown_parameter`: A query parameter is not known.
             *     - `repeated_parameter`: A query parameter comes more than once.
             */
            400: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `not_authenticated`: The request has no token, or none that is good. */
            401: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `missing_scope`: The token does not permit the operation. */
            403: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description What kind of token is asked for (RFC 6750). */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `webhook_not_found`: The webhook is not known. */
            404: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: The body is too large. */
            413: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: The body is not of type application/json. */
            415: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `throttled`: There are too many requests at the moment. */
            429: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: The wallet failed. */
            500: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unavailable`: The wallet cannot serve the request at the moment. */
            503: {
                headers: {
                    /** @description Id under which the request is logged. */
                    "X-Correlation-Id"?: string;
                    /** @description Seconds after which to ask again. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
