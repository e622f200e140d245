"""What the API's fuzzing needs to get past the door: tokens, and codes of cases that exist.

Loaded by schemathesis (SCHEMATHESIS_HOOKS); run by scripts/schemathesis against a demo city on 127.0.0.1.
Every choice hangs on the generated case alone, so that a seed gives the same run.
"""

import json
import os
import tomllib
import urllib.request
import zlib
from pathlib import Path

import schemathesis

BASE = os.environ["MUSTER_URL"]
PASSWORD = os.environ["MUSTER_PASSWORD"]
HANDLER = "bh-urban-management"
# Who may do what: an operator decides, a coordinator assigns, a unit's handler works.
ROLES = {"case_assign": "coordinator", "dashboard_view": "coordinator", "case_refuse": "coordinator"} | dict.fromkeys(
    ("task_accept", "task_answer", "task_dispute"), HANDLER
)
PUBLIC = {"openapi", "area_list", "category_list", "report_submit", "case_track", "case_rate", "case_reopen", "figures_view"}


def call(method, path, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} | (headers or {})
    request = urllib.request.Request(BASE + path, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def sign_in(login):
    return call("POST", "/api/v1/sessions", {"login": login, "password": PASSWORD})["token"]


def bearer(login):
    return {"Authorization": f"Bearer {TOKENS[login]}"}


def codes(login, query):
    page = call("GET", f"/api/v1/cases?limit=100&{query}", headers=bearer(login))
    return [case["code"] for case in page["items"]]


def report(number, said):
    """A case of our own, with the secret that its reporter was given."""
    body = {"area": str(said["area"]), "text": said["text"], "title": said["title"]}
    return call("POST", "/api/v1/reports", body, {"Idempotency-Key": f"schemathesis-{number:08}"})


def give(receipt):
    """Makes our handler answerable."""
    body = {"unit": HANDLER, "reason": "A case to work on."}
    call("POST", f"/api/v1/cases/{receipt['code']}/assign", body, bearer("coordinator"))
    return receipt["code"]


TOKENS = {login: sign_in(login) for login in ("operator1", "coordinator", HANDLER)}
REPORTS = tomllib.loads((Path(__file__).parent.parent / "demo/reports.toml").read_text())["report"]
TOLD = [said for said in REPORTS if str(said["area"]).startswith("900102")]
RECEIPTS = [report(number, said) for number, said in enumerate(TOLD[:90])]
KNOWN = {"case_refuse": {"reason": "outside"}, "case_assign": {"unit": HANDLER}, "case_triage": {"category": "0101"}}
SECRETS = {receipt["code"]: receipt["secret"] for receipt in RECEIPTS}
OURS = [give(receipt) for receipt in RECEIPTS[:60] if not receipt["joined"]]
for code in OURS[:20]:
    call("POST", f"/api/v1/cases/{code}/answer", {"outcome": "explained", "text": "Explained on the spot."}, bearer(HANDLER))
WAITING = codes("operator1", "state=triage")
SEEN = codes("operator1", "order=newest")


def pick(items, case):
    return items[zlib.crc32(repr(case).encode()) % len(items)]


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Three of four cases are about something that is there."""
    if path_parameters and isinstance(path_parameters.get("code"), str) and zlib.crc32(repr(path_parameters).encode()) % 4:
        operation = context.operation.definition.raw["operationId"]
        if operation in ("case_rate", "case_reopen", "case_track"):
            code = pick(OURS[:30], path_parameters)
        elif operation.startswith("task_"):
            # A task that was answered cannot be disputed, so each has cases of its own.
            code = pick(OURS[40:] if operation == "task_dispute" else OURS[20:40], path_parameters)
        else:
            code = pick(WAITING if operation in ("case_triage", "case_refuse") else SEEN, path_parameters)
        path_parameters = dict(path_parameters, code=code)
    return path_parameters


@schemathesis.hook
def map_case(context, case):
    """Half of the acts say words that the city knows, and are meant for the case as it is."""
    if zlib.crc32(repr((case.path_parameters, case.body)).encode()) % 2:
        secret = SECRETS.get((case.path_parameters or {}).get("code"))
        known = KNOWN.get(case.operation.definition.raw["operationId"], {}) | ({"secret": secret} if secret else {})
        if isinstance(case.body, dict):
            # What is no text was made to be refused, and stays.
            said = {name: word for name, word in known.items() if isinstance(case.body.get(name), str)}
            case.body = case.body | said
        if case.headers:
            case.headers.pop("If-Match", None)
    return case


@schemathesis.auth(refresh_interval=None)
class Account:
    def get(self, case, context):
        operation = context.operation.definition.raw["operationId"]
        if operation in PUBLIC and (operation != "report_submit" or zlib.crc32(repr(case.body).encode()) % 2):
            return None
        # A token of its own: signing out ends it.
        return sign_in("operator1") if operation == "session_logout" else TOKENS[ROLES.get(operation, "operator1")]

    def set(self, case, data, context):
        if data:
            case.headers = case.headers or {}
            case.headers["Authorization"] = f"Bearer {data}"
