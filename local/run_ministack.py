"""Runs MiniStack, ended together with whoever started it, and with four differences from what it does by itself.

It writes no stream record for what a PartiQL statement changes; DynamoDB does. The wallet appends to its ledger with PartiQL, so
without this its projections would see nothing.

It authorizes a batch of PartiQL statements as one action that IAM does not know; AWS authorizes each statement on its table.

It counts requests that come without TLS as such; policies of buckets and topics refuse those. Here everything runs on the
loopback interface of one machine, so its requests count as secure; all other rules of the policies hold.

It accepts a WebSocket without the subprotocol that the function behind `$connect` agrees to; API Gateway answers with it, and clients
that asked for one end the connection otherwise.

See docs/adr for when this file can go.
"""

import contextvars
import copy
import json
import os
import re
import shutil
import signal
import sys
import threading

from ministack.core import iam_actions, iam_evaluator
from ministack.services import apigateway, dynamodb


def end_with_parent(state_folder: str) -> None:
    """The parent holds the other end of standard input; once it is gone, however it ended, so are this process group and its state."""
    sys.stdin.buffer.read()
    shutil.rmtree(state_folder, ignore_errors=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def stored(table: dict, parsed: dict) -> dict | None:
    """The item that a statement is about, as it is stored now."""
    item = parsed.get("item") or {}
    if parsed["op"] == "INSERT":
        item = item.get("M", item)
        partition = dynamodb._extract_key_val(item.get(table["pk_name"]))
        sort = dynamodb._extract_key_val(item.get(table["sk_name"])) if table["sk_name"] else "__no_sort__"
    else:
        partition, sort, _, error = dynamodb._partiql_key_target(table, parsed)
        if error:
            return None
    return copy.deepcopy(table["items"].get(partition, {}).get(sort))


def streamed(write, event: str):
    """A PartiQL write that also tells the table's stream what it changed."""

    def write_and_tell(table: dict, parsed: dict, *rest):
        before = stored(table, parsed)
        status, headers, body = write(table, parsed, *rest)
        after = stored(table, parsed)
        if status == 200 and before != after:
            dynamodb._emit_stream_event(parsed["table"], event, before, after)
        return status, headers, body

    return write_and_tell


PARTIQL_ACTIONS = {
    "INSERT": "dynamodb:PartiQLInsert",
    "UPDATE": "dynamodb:PartiQLUpdate",
    "DELETE": "dynamodb:PartiQLDelete",
    "SELECT": "dynamodb:PartiQLSelect",
}
STATEMENT = re.compile(r'\s*(\w+)[^"]*"([^"]+)"')


def with_statements(checks):
    """Also tells what each PartiQL statement of a batch needs to be allowed."""

    def checks_of(action: str, body: bytes, region: str, account: str) -> list[tuple[str, str]]:
        if action != "dynamodb:BatchExecuteStatement":
            return checks(action, body, region, account)
        needed = set()
        for entry in json.loads(body)["Statements"]:
            verb, table = STATEMENT.match(entry["Statement"]).groups()
            needed.add((PARTIQL_ACTIONS[verb.upper()], iam_actions._dynamodb_table_arn(table, region, account)))
        return sorted(needed)

    return checks_of


def count_as_secure(pin):
    """Notes where a request came from, and that it came over TLS."""
    return lambda source_ip, _secure: pin(source_ip, True)


agreed = contextvars.ContextVar("agreed", default=None)


def noting_agreement(invoke):
    """A call of a WebSocket's function that notes the subprotocol in its answer."""

    async def invoke_and_note(*args, **more):
        answer = await invoke(*args, **more)
        headers = answer.get("headers") if isinstance(answer, dict) else None
        for name, value in (headers or {}).items():
            if name.lower() == "sec-websocket-protocol":
                agreed.set(value)
        return answer

    return invoke_and_note


def saying_agreement(serve):
    """A WebSocket's session that is accepted with the subprotocol which was agreed to."""

    async def serve_and_say(scope, receive, send, *rest, **more):
        async def say(message):
            if message["type"] == "websocket.accept" and agreed.get() is not None:
                message = {**message, "subprotocol": agreed.get()}
            await send(message)

        await serve(scope, receive, say, *rest, **more)

    return serve_and_say


def main() -> None:
    iam_actions.dynamodb_transaction_checks = with_statements(iam_actions.dynamodb_transaction_checks)
    iam_evaluator.pin_request_origin = count_as_secure(iam_evaluator.pin_request_origin)
    dynamodb._partiql_insert = streamed(dynamodb._partiql_insert, "INSERT")
    dynamodb._partiql_update = streamed(dynamodb._partiql_update, "MODIFY")
    dynamodb._partiql_delete = streamed(dynamodb._partiql_delete, "REMOVE")
    apigateway._invoke_ws_lambda = noting_agreement(apigateway._invoke_ws_lambda)
    apigateway.handle_websocket = saying_agreement(apigateway.handle_websocket)
    threading.Thread(target=end_with_parent, args=(sys.argv[1],), daemon=True).start()
    from ministack.app import main as serve

    sys.argv = ["ministack"]
    serve()


if __name__ == "__main__":
    main()
