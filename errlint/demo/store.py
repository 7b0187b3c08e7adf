"""EventML in memory: its resources, and the rules that its error codes stand for.

Time passes by reading: an endpoint is ACTIVE, and a job has SUCCEEDED, from the second time that it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from errlint.demo.answers import Refusal
from errlint.model.record import field, record

#: Characters of an id that the tables could hold.
LONGEST = 200

Row = dict[str, Any]
Reply = tuple[int, Any]

#: The drift that every monitor sees.
DRIFT = 0.2

#: path parameter -> (table, code of an unknown id)
LOOKUPS: Mapping[str, tuple[str, str]] = {
    "modelId": ("models", "ML_1001"),
    "jobId": ("jobs", "ML_1101"),
    "endpointId": ("endpoints", "ML_1201"),
    "experimentId": ("experiments", "ML_1301"),
    "monitorId": ("monitors", "ML_1401"),
    "groupId": ("groups", "ML_1501"),
}
TABLES = (*(table for table, _ in LOOKUPS.values()), "approvals")


@record
class Call:
    """What an operation is called with: path and query values, and the body after validation."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, int] = field(default_factory=dict)
    body: Row = field(default_factory=dict)


def _why_unknown(identifier: str) -> str:
    """What is wrong with an id that names nothing."""
    if "\0" in identifier:
        return "nul-id"
    if "\ufffd" in identifier:
        return "undecodable-id"
    return "long-id" if len(identifier) > LONGEST else "unknown-id"


class Store:
    """The tables of one service. A row's id is its table's letter and a count: ``m-0001``."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Row]] = {table: {} for table in TABLES}
        self.versions: dict[str, list[Row]] = {}
        self.counts: dict[str, int] = {}
        self.read: set[str] = set()

    def find(self, parameter: str, value: str) -> Row:
        """The row that a path parameter (or a body's member of that name) means; Refusal where there is none."""
        table, code = LOOKUPS[parameter]
        row = self.tables[table].get(value)
        if row is None:
            raise Refusal(code, _why_unknown(value))
        return row

    def handle(self, operation: str, call: Call) -> Reply:
        """Status and value that the operation answers; Refusal where a rule forbids it."""
        return _HANDLERS[operation](self, call)

    def add(self, table: str, letter: str, row: Row) -> Row:
        count = self.counts[table] = self.counts.get(table, 0) + 1
        row = {"id": f"{letter}-{count:04}", **row}
        self.tables[table][row["id"]] = row
        return row

    def list_rows(self, table: str, call: Call) -> Reply:
        rows = list(self.tables[table].values())
        return 200, {"items": rows[: call.query.get("limit", 20)], "total": len(rows)}

    def age(self, row: Row, later: str) -> Reply:
        """The row as it is; read once before, its status is ``later``."""
        if row["id"] in self.read:
            row["status"] = later
        self.read.add(row["id"])
        return 200, row


def _get_health(store: Store, call: Call) -> Reply:
    return 200, {"status": "UP"}


def _list_models(store: Store, call: Call) -> Reply:
    return store.list_rows("models", call)


def _create_model(store: Store, call: Call) -> Reply:
    _refuse_taken_name(store, call.body["name"], "")
    row = store.add("models", "m", {**call.body, "version": 1})
    store.versions[row["id"]] = [dict(row)]
    return 201, row


def _refuse_taken_name(store: Store, name: str, own: str) -> None:
    if any(row["name"] == name and row["id"] != own for row in store.tables["models"].values()):
        raise Refusal("ML_1002", "conflict")


def _get_model(store: Store, call: Call) -> Reply:
    row = store.find("modelId", call.path["modelId"])
    versions = store.versions[row["id"]]
    wanted = call.query.get("version", len(versions))
    if wanted > len(versions):
        raise Refusal("ML_1001", "unknown-version")
    return 200, versions[wanted - 1]


def _update_model(store: Store, call: Call) -> Reply:
    old = store.find("modelId", call.path["modelId"])
    _refuse_taken_name(store, call.body["name"], old["id"])
    row = {"id": old["id"], **call.body, "version": old["version"] + 1}
    store.tables["models"][row["id"]] = row
    store.versions[row["id"]].append(dict(row))
    return 200, row


def _delete_model(store: Store, call: Call) -> Reply:
    row = store.find("modelId", call.path["modelId"])
    _refuse_running(store, row["id"])
    del store.tables["models"][row["id"]]
    return 204, None


def _list_versions(store: Store, call: Call) -> Reply:
    rows = store.versions[store.find("modelId", call.path["modelId"])["id"]]
    return 200, {"items": rows, "total": len(rows)}


def _refuse_running(store: Store, model: str) -> None:
    if any(job["modelId"] == model and job["status"] == "RUNNING" for job in store.tables["jobs"].values()):
        raise Refusal("ML_1102", "conflict")


def _list_jobs(store: Store, call: Call) -> Reply:
    return store.list_rows("jobs", call)


def _create_job(store: Store, call: Call) -> Reply:
    model = store.find("modelId", call.body["modelId"])
    _refuse_running(store, model["id"])
    if call.body["epochs"] * 60 > call.body["maxRuntime"]:
        raise Refusal("ML_1104", "timeout")
    return 202, store.add("jobs", "t", {**call.body, "status": "RUNNING"})


def _get_job(store: Store, call: Call) -> Reply:
    return store.age(store.find("jobId", call.path["jobId"]), "SUCCEEDED")


def _create_endpoint(store: Store, call: Call) -> Reply:
    model = store.find("modelId", call.body["modelId"])
    if call.body["stage"] == "PRODUCTION" and not _approved(store, model["id"], "PRODUCTION"):
        raise Refusal("ML_1601", "approval")
    if any(row["modelId"] == model["id"] and row["drift"] > row["threshold"] for row in store.tables["monitors"].values()):
        raise Refusal("ML_1402", "drift")
    return 201, store.add("endpoints", "e", {"timeoutMs": 1000, **call.body, "status": "PROVISIONING"})


def _get_endpoint(store: Store, call: Call) -> Reply:
    return store.age(store.find("endpointId", call.path["endpointId"]), "ACTIVE")


def _invoke(store: Store, call: Call) -> Reply:
    endpoint = store.find("endpointId", call.path["endpointId"])
    if endpoint["status"] != "ACTIVE":
        raise Refusal("ML_1202", "not-ready")
    instances = call.body["instances"]
    size = store.versions[endpoint["modelId"]][-1]["inputSize"]
    if any(len(instance) != size for instance in instances):
        raise Refusal("ML_1200", "instance-size")
    if len(instances) > endpoint["timeoutMs"]:
        raise Refusal("ML_1203", "timeout")
    return 200, {"predictions": [sum(instance) / size for instance in instances]}


def _list_experiments(store: Store, call: Call) -> Reply:
    return store.list_rows("experiments", call)


def _create_experiment(store: Store, call: Call) -> Reply:
    _refuse_uneven(call.body["variants"])
    return 201, store.add("experiments", "x", {**call.body, "status": "DRAFT"})


def _refuse_uneven(variants: list[Row]) -> None:
    if sum(variant["traffic"] for variant in variants) != 100:
        raise Refusal("ML_1300", "traffic")


def _get_experiment(store: Store, call: Call) -> Reply:
    return 200, store.find("experimentId", call.path["experimentId"])


def _update_experiment(store: Store, call: Call) -> Reply:
    row = store.find("experimentId", call.path["experimentId"])
    if row["status"] == "RUNNING" and call.body != {"status": "STOPPED"}:
        raise Refusal("ML_1302", "conflict")
    if "variants" in call.body:
        _refuse_uneven(call.body["variants"])
    row.update(call.body)
    return 200, row


def _create_monitor(store: Store, call: Call) -> Reply:
    store.find("modelId", call.body["modelId"])
    return 201, store.add("monitors", "d", {**call.body, "drift": DRIFT})


def _get_monitor(store: Store, call: Call) -> Reply:
    return 200, store.find("monitorId", call.path["monitorId"])


def _create_group(store: Store, call: Call) -> Reply:
    if call.body["entityKey"] not in call.body["features"]:
        raise Refusal("ML_1500", "entity-key")
    for row in store.tables["groups"].values():
        if (row["name"], row["version"]) == (call.body["name"], call.body["version"]):
            if {**row, **call.body} != row:
                raise Refusal("ML_1502", "conflict")
            return 201, row
    return 201, store.add("groups", "g", call.body)


def _get_group(store: Store, call: Call) -> Reply:
    return 200, store.find("groupId", call.path["groupId"])


def _approved(store: Store, model: str, stage: str) -> bool:
    return any((row["modelId"], row["stage"]) == (model, stage) for row in store.tables["approvals"].values())


def _request_approval(store: Store, call: Call) -> Reply:
    model = store.find("modelId", call.body["modelId"])
    if not (call.body["documentation"] and call.body["tests"]):
        raise Refusal("ML_1600", "governance")
    if call.body["stage"] == "PRODUCTION" and not _approved(store, model["id"], "STAGING"):
        raise Refusal("ML_1601", "approval")
    return 201, store.add("approvals", "a", {"modelId": model["id"], "stage": call.body["stage"], "status": "APPROVED"})


_HANDLERS: Mapping[str, Callable[[Store, Call], Reply]] = {
    "getHealth": _get_health,
    "listModels": _list_models,
    "createModel": _create_model,
    "getModel": _get_model,
    "updateModel": _update_model,
    "deleteModel": _delete_model,
    "listModelVersions": _list_versions,
    "listTrainingJobs": _list_jobs,
    "createTrainingJob": _create_job,
    "getTrainingJob": _get_job,
    "createEndpoint": _create_endpoint,
    "getEndpoint": _get_endpoint,
    "invokeEndpoint": _invoke,
    "listExperiments": _list_experiments,
    "createExperiment": _create_experiment,
    "getExperiment": _get_experiment,
    "updateExperiment": _update_experiment,
    "createDriftMonitor": _create_monitor,
    "getDriftMonitor": _get_monitor,
    "createFeatureGroup": _create_group,
    "getFeatureGroup": _get_group,
    "requestApproval": _request_approval,
}
