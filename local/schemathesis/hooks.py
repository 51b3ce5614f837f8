"""What schemathesis cannot know of the API from its document.

Some rules hold between fields, and no schema says them: an amount's decimals depend on its currency, a payer is not the payee. A
request that breaks such a rule is valid for the document and is refused all the same, with a reason that names the rule. Where there
are such rules, `positive_data_acceptance` is told to let a 400 pass (schemathesis.toml); the check below lets pass these reasons and
no other.
"""
import schemathesis
from schemathesis import GenerationMode

# Reasons that tell of rules between fields, or of what a value stands for.
BETWEEN_FIELDS = {
    "same_account",
    "kind_mismatch",
    "overdraft_on_settlement",
    "limits_on_settlement",
    "too_many_decimals",
    "too_many_digits",
    "not_positive",
    # Where a webhook may not lead: an address, not a form.
    "webhook_refused",
}
# A cursor belongs to the question that it came from, and a period ends after it begins.
BETWEEN_PARAMETERS = {"cursor", "to"}
# What an account or the transfer's own state refuses, or a caller may not ask for.
BY_STATE = {401, 403, 404, 409, 422, 429}


@schemathesis.check
def valid_requests_are_accepted(ctx, response, case):
    generation = case.meta.generation if case.meta is not None else None
    if generation is None or generation.mode != GenerationMode.POSITIVE or response.status_code < 400:
        return
    if response.status_code in BY_STATE:
        return
    problem = response.json()
    reason = problem.get("reason")
    if reason == "invalid_value" and problem.get("field") in BETWEEN_PARAMETERS:
        return
    assert reason in BETWEEN_FIELDS, f"a valid request is refused with {response.status_code} {reason}"
