"""The Kubernetes manifests fit the published schemas, are hardened, and name only what there is."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from ruamel.yaml import YAML

from signals import __version__
from tests.deploy import routes
from tests.deploy.commands import strange, taken

Manifest = dict[str, Any]
VERSIONS = ("1.30", "1.33", "1.37")
BY_REFERENCE = {"signals-kafka", "signals-service", "signals-kafka-ca"}  # made by the operator
PODS = {"Deployment", "Job"}


@pytest.fixture(scope="module")
def manifests(root: Path) -> list[Manifest]:
    files = sorted((root / "deploy" / "kubernetes").glob("*.yaml"))
    return [one for file in files for one in YAML(typ="safe").load_all(file.read_text())]


def pods(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    for one in manifests:
        if one["kind"] in PODS:
            yield one["metadata"]["name"], one["spec"]["template"]


def containers(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest, Manifest]]:
    for name, pod in pods(manifests):
        for container in pod["spec"]["containers"]:
            yield name, pod["spec"], container


def named(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    (found,) = (m for m in manifests if m["kind"] == kind and m["metadata"]["name"] == name)
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_fits_its_schema(manifests: list[Manifest], version: str) -> None:
    assert len(manifests) > 8
    for one in manifests:
        kubernetes_validate.validate(one, version, strict=True)


def test_the_schema_is_asked_in_earnest(manifests: list[Manifest]) -> None:
    worker = named(manifests, "Deployment", "signals-worker")
    wrong = {**worker, "spec": {**worker["spec"], "replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError, match="replica"):
        kubernetes_validate.validate(wrong, VERSIONS[0], strict=True)


# ---------------------------------------------------------------------- hardening


def test_the_namespace_takes_only_hardened_pods(manifests: list[Manifest]) -> None:
    labels = named(manifests, "Namespace", "signals")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    for one in manifests:
        if one["kind"] != "Namespace":
            assert one["metadata"]["namespace"] == "signals", one["metadata"]["name"]


def test_every_pod_is_restricted(manifests: list[Manifest]) -> None:
    """As the Pod Security Standards have it, and with a read-only file system."""
    for name, pod, container in containers(manifests):
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["runAsUser"] == 10001, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod), name
        kinds = {kind for volume in pod["volumes"] for kind in volume if kind != "name"}
        assert kinds <= {"configMap", "emptyDir", "secret"}, name
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert {"cpu", "memory"} <= set(container["resources"]["requests"]), name
        assert "memory" in container["resources"]["limits"], name
        mounted = {each["name"] for each in container["volumeMounts"]}
        assert mounted == {volume["name"] for volume in pod["volumes"]}, name
        assert "/tmp" in {each["mountPath"] for each in container["volumeMounts"]}  # noqa: S108


def test_the_user_is_that_of_the_image_and_the_image_that_of_the_project(
    root: Path, manifests: list[Manifest]
) -> None:
    (user,) = re.findall(r"^USER (\d+):", (root / "deploy/Containerfile").read_text(), re.MULTILINE)
    for name, pod, container in containers(manifests):
        assert str(pod["securityContext"]["runAsUser"]) == user, name
        assert container["image"] == f"signals:{__version__}", name


def test_no_secret_is_written_down(manifests: list[Manifest]) -> None:
    assert "Secret" not in {one["kind"] for one in manifests}
    settings = named(manifests, "ConfigMap", "signals-settings")["data"]
    assert not [name for name in settings if "PASSWORD" in name or "TOKEN" in name]


# ---------------------------------------------------------------------- what it names


def test_every_command_and_variable_exists(manifests: list[Manifest]) -> None:
    settings = named(manifests, "ConfigMap", "signals-settings")["data"]
    of_secret = {"SIGNALS_KAFKA_SASL_USERNAME": "signals", "SIGNALS_KAFKA_SASL_PASSWORD": "x"}
    for name, _, container in containers(manifests):
        own = {each["name"]: each["value"] for each in container.get("env", ())}
        assert strange(container["args"], {**settings, **of_secret, **own}) == [], name
        assert "command" not in container, name


def test_what_is_referred_to_is_there_or_told_to_be_made(
    root: Path, manifests: list[Manifest]
) -> None:
    here = {one["metadata"]["name"] for one in manifests if one["kind"] == "ConfigMap"}
    wanted: set[str] = set()
    for _, pod, container in containers(manifests):
        for each in container["envFrom"]:
            wanted |= {each[kind]["name"] for kind in each}
        wanted |= {v["secret"]["secretName"] for v in pod["volumes"] if "secret" in v}
        wanted |= {v["configMap"]["name"] for v in pod["volumes"] if "configMap" in v}
    assert wanted == here | BY_REFERENCE
    page = (root / "docs/ops/kubernetes.md").read_text()
    for name in BY_REFERENCE:
        assert re.search(rf"kubectl .*create (secret generic|configmap) {name}\b", page), name
    for key in ("SIGNALS_KAFKA_SASL_USERNAME", "SIGNALS_KAFKA_SASL_PASSWORD", "token", "ca.crt"):
        assert f"={key}=" in page or f" {key}=" in page, key


def test_files_are_read_where_they_are_mounted(manifests: list[Manifest]) -> None:
    settings = named(manifests, "ConfigMap", "signals-settings")["data"]
    for name, _, container in containers(manifests):
        places = {Path(each["mountPath"]) for each in container["volumeMounts"]}
        assert Path(settings["SIGNALS_KAFKA_SSL_CAFILE"]).parent in places, name
        own = {each["name"]: each["value"] for each in container.get("env", ())}
        if token := own.get("SIGNALS_TOKEN_FILE"):
            assert Path(token).parent in places


def probes(container: Manifest) -> dict[str, str]:
    ports = {port["name"] for port in container["ports"]}
    found = {}
    for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container[kind]["httpGet"]
        assert asked["port"] in ports
        found[kind] = asked["path"]
    return found


def test_probes_ask_where_it_is_answered(manifests: list[Manifest], tmp_path: Path) -> None:
    (worker, service) = (
        named(manifests, "Deployment", name)["spec"]["template"]["spec"]["containers"][0]
        for name in ("signals-worker", "signals-service")
    )
    assert probes(worker) == {
        "startupProbe": "/startz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }
    assert asyncio.run(routes.of_worker({*probes(worker).values()})) == {*probes(worker).values()}
    own = {each["name"]: each["value"] for each in worker["env"]}
    assert str(worker["ports"][0]["containerPort"]) == own["SIGNALS_HEALTH_PORT"]
    assert set(probes(service).values()) <= routes.of_service(tmp_path)
    assert service["ports"][0]["containerPort"] == taken(service["args"]).params["port"]


def test_selectors_find_their_pods(manifests: list[Manifest]) -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in pods(manifests)}

    def finds(selector: dict[str, str]) -> set[str]:
        return {name for name, has in labels.items() if selector.items() <= has.items()}

    for one in manifests:
        name, spec = one["metadata"]["name"], one.get("spec", {})
        if one["kind"] in {"Deployment", "PodDisruptionBudget"}:
            assert finds(spec["selector"]["matchLabels"]) == {name}
        if one["kind"] == "Service":
            assert finds(spec["selector"]) == {"signals-service"}
        if one["kind"] == "NetworkPolicy":
            assert finds(spec["podSelector"].get("matchLabels", {})), name


def test_ports_that_are_let_through_are_those_that_are_opened(manifests: list[Manifest]) -> None:
    opened = {
        port["name"]
        for _, _, container in containers(manifests)
        for port in container.get("ports", ())
    }
    let = {
        port["port"]
        for one in manifests
        if one["kind"] == "NetworkPolicy"
        for rule in one["spec"].get("ingress", ())
        for port in rule["ports"]
    }
    assert let == opened
    service = named(manifests, "Service", "signals")["spec"]["ports"]
    assert {port["targetPort"] for port in service} == {"http"}
    bootstrap = named(manifests, "ConfigMap", "signals-settings")["data"]["SIGNALS_KAFKA_BOOTSTRAP"]
    egress = named(manifests, "NetworkPolicy", "signals-brokers")["spec"]["egress"]
    to_brokers = {port["port"] for rule in egress for port in rule["ports"]} - {53}
    assert to_brokers == {int(bootstrap.rpartition(":")[2])}


def test_everything_is_closed_but_what_is_opened(manifests: list[Manifest]) -> None:
    closed = named(manifests, "NetworkPolicy", "signals-nothing")["spec"]
    assert closed == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_one_worker_stays_while_others_go(manifests: list[Manifest]) -> None:
    budget = named(manifests, "PodDisruptionBudget", "signals-worker")["spec"]
    worker = named(manifests, "Deployment", "signals-worker")["spec"]
    assert 0 < budget["minAvailable"] < worker["replicas"]
    assert worker["template"]["spec"]["terminationGracePeriodSeconds"] >= 30
