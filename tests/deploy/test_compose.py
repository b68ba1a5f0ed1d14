"""docker-compose.yml is sound, hardened, and names only what there is.

No engine runs it here: what is proved is that every word of it fits the Compose specification, the
command line, the settings, the container file, the images' known homes and the repository.
"""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import compose_spec
import pytest
from ruamel.yaml import YAML

from signals import __version__
from tests.deploy import routes
from tests.deploy.commands import strange, taken

Services = dict[str, dict[str, Any]]
OURS = {"topics", "worker", "service", "demo-trial", "demo"}
WRITES_ITS_SETTINGS = {"kafka"}  # the start script of its image does, see the file


def load(file: Path) -> Any:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def compose(root: Path) -> dict[str, Any]:
    """The file with its anchors merged."""
    found: dict[str, Any] = load(root / "docker-compose.yml")
    return found


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> Services:
    found: Services = compose["services"]
    return found


def chosen(text: str) -> str:
    """With every variable at its default."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def words(service: dict[str, Any]) -> list[str]:
    return [chosen(word) for word in service["command"]]


# ---------------------------------------------------------------------- the specification


def test_it_is_a_compose_file(compose: dict[str, Any]) -> None:
    read = compose_spec.PyCompose.from_json(json.dumps(compose))
    read.validate()
    assert set(read.service_names()) == set(compose["services"])


@pytest.mark.parametrize("wrong", ["comand", "health_check", "replicas"])
def test_the_specification_is_asked_in_earnest(compose: dict[str, Any], wrong: str) -> None:
    worker = {**compose["services"]["worker"], wrong: 2}
    broken = {**compose, "services": {**compose["services"], "worker": worker}}
    with pytest.raises(ValueError, match=wrong):
        compose_spec.PyCompose.from_json(json.dumps(broken))


def test_a_linter_of_hardening_finds_nothing_grave(root: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "compose_lint", "check", "docker-compose.yml"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


# ---------------------------------------------------------------------- hardening


def test_every_service_is_hardened(services: Services) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert int(service["user"].partition(":")[0]) > 0, name
        assert service.get("read_only", False) is (name not in WRITES_ITS_SETTINGS), name
        assert {"mem_limit", "pids_limit", "logging", "restart"} <= set(service), name
        assert not {"privileged", "pid", "ipc", "cap_add", "devices"} & set(service), name
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), name


def test_every_image_is_pinned_to_a_version(services: Services) -> None:
    for name, service in services.items():
        image, _, tag = service["image"].partition(":")
        assert re.fullmatch(r"v?\d+\.\d+\.\d+", tag), name
        assert (image == "signals") is (name in OURS), name
        if name in OURS:
            assert tag == __version__
            assert service["build"] == {"context": ".", "dockerfile": "deploy/Containerfile"}


def test_the_broker_is_of_the_version_that_the_tests_run_on(root: Path, services: Services) -> None:
    version = services["kafka"]["image"].partition(":")[2]
    jars = (root / "tests/kafka/pom.xml").read_text()
    assert f"<artifactId>kafka_2.13</artifactId>\n      <version>{version}</version>" in jars


# ---------------------------------------------------------------------- what it names


def test_every_command_and_variable_exists(services: Services) -> None:
    for name in OURS:
        service = services[name]
        assert strange(words(service), service.get("environment", {})) == [], name


def test_a_wrong_command_or_variable_would_be_told() -> None:
    brokers = {"SIGNALS_KAFKA_BOOTSTRAP": "kafka:19092"}
    assert "--rolle" in strange(["worker", "--rolle", "both"], {})[0]
    assert strange(["serf"], {}) == ["there is no command serf"]
    assert strange(["topics", "aply"], {}) == ["there is no command aply"]
    assert strange(["serve", "--port", "99999"], {})[0].startswith("Invalid value for '--port'")
    assert strange(["worker"], {"SIGNALS_TOKEN": "x"}) == ["SIGNALS_TOKEN is read by nobody"]
    assert strange(["worker"], brokers | {"SIGNALS_KAFKA_SECURITY_PROTOCOL": "TLS"})[0].startswith(
        "('security_protocol',)"
    )


def test_the_brokers_are_where_they_are_asked_for(services: Services) -> None:
    listeners = services["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")
    advertised = {listener.partition("://")[2] for listener in listeners}
    for name in OURS - {"demo-trial"}:
        assert services[name]["environment"]["SIGNALS_KAFKA_BOOTSTRAP"] in advertised, name
        assert set(services[name]["networks"]) & set(services["kafka"]["networks"]), name
    published = {port.rpartition(":")[2] for port in services["kafka"]["ports"]}
    assert published <= {listener.rpartition(":")[2] for listener in advertised}
    roles = services["kafka"]["environment"]["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")
    assert {role.partition(":")[0] for role in roles} == {"HOST", "INSIDE", "CONTROLLER"}


def health_url(service: dict[str, Any]) -> str:
    (found,) = re.findall(r"http://[^\s\")]+", " ".join(service["healthcheck"]["test"]))
    return str(found)


def test_health_is_asked_where_it_is_answered(services: Services, tmp_path: Path) -> None:
    worker, service = services["worker"], services["service"]
    asked = urlsplit(health_url(worker))
    assert str(asked.port) == worker["environment"]["SIGNALS_HEALTH_PORT"]
    assert asyncio.run(routes.of_worker({asked.path, "/nothing"})) == {asked.path}
    asked = urlsplit(health_url(service))
    assert asked.port == taken(words(service)).params["port"]
    assert asked.path in routes.of_service(tmp_path)


def test_who_waits_for_health_waits_for_somebody_who_tells_it(services: Services) -> None:
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            healthy = how["condition"] == "service_healthy"
            assert healthy is ("healthcheck" in services[other]), (name, other)


def test_ports_are_those_that_the_image_opens(root: Path, services: Services) -> None:
    text = (root / "deploy/Containerfile").read_text()
    exposed = set(re.findall(r"^EXPOSE (.+)$", text, re.MULTILINE)[0].split())
    assert {services["worker"]["environment"]["SIGNALS_HEALTH_PORT"], "8080"} == exposed
    assert [port.rpartition(":")[2] for port in services["service"]["ports"]] == ["8080"]


def test_volumes_networks_and_secrets_are_declared_and_files_are_there(
    root: Path, compose: dict[str, Any], services: Services
) -> None:
    used: dict[str, set[str]] = {"volumes": set(), "networks": set(), "secrets": set()}
    for service in services.values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            if source.startswith("."):
                assert (root / source).is_dir(), source
                assert volume.endswith(":ro"), volume
            else:
                used["volumes"].add(source)
        used["networks"] |= set(service.get("networks", ()))
        used["secrets"] |= set(service.get("secrets", ()))
    for kind, names in used.items():
        assert names == set(compose[kind]), kind


def test_secrets_are_read_where_they_are_put(root: Path, services: Services) -> None:
    service, grafana = services["service"], services["grafana"]
    assert service["environment"]["SIGNALS_TOKEN_FILE"] == "/run/secrets/token"  # noqa: S105
    password = grafana["environment"]["GF_SECURITY_ADMIN_PASSWORD__FILE"]
    assert Path(password).name in grafana["secrets"]
    scrapes = load(root / "deploy/prometheus/prometheus.yaml")["scrape_configs"]
    files = {one["authorization"]["credentials_file"] for one in scrapes if "authorization" in one}
    assert files == {f"/run/secrets/{name}" for name in services["prometheus"]["secrets"]}
    assert "/secrets/" in (root / ".gitignore").read_text().splitlines()


# ---------------------------------------------------------------------- watching


def test_prometheus_scrapes_the_parts_at_their_ports(root: Path, services: Services) -> None:
    config = root / "deploy/prometheus/prometheus.yaml"
    command = " ".join(services["prometheus"]["command"])
    mounted = {v.split(":")[1]: v.split(":")[0] for v in services["prometheus"]["volumes"]}
    (named,) = re.findall(r"--config.file=(\S+)", command)
    assert root / mounted[str(Path(named).parent)] / Path(named).name == config
    assert re.findall(r"--storage.tsdb.path=(\S+)", command)[0] in mounted
    places = set()
    for scrape in load(config)["scrape_configs"]:
        for each in scrape.get("dns_sd_configs", ()):
            places |= {f"{name}:{each['port']}" for name in each["names"]}
        for each in scrape.get("static_configs", ()):
            places |= set(each["targets"])
    assert places == {
        f"worker:{services['worker']['environment']['SIGNALS_HEALTH_PORT']}",
        f"service:{taken(words(services['service'])).params['port']}",
    }
    for place in places:
        shared = set(services[place.partition(":")[0]]["networks"])
        assert shared & set(services["prometheus"]["networks"]), place


def test_grafana_is_provisioned_from_what_is_mounted(root: Path, services: Services) -> None:
    mounted = {v.split(":")[1]: v.split(":")[0] for v in services["grafana"]["volumes"]}
    provisioning = root / mounted["/etc/grafana/provisioning"]
    (source,) = load(provisioning / "datasources/prometheus.yaml")["datasources"]
    host, _, port = urlsplit(source["url"]).netloc.partition(":")
    assert host in services
    assert f":{port}/" in health_url(services[host])
    (boards,) = load(provisioning / "dashboards/signals.yaml")["providers"]
    assert list((root / mounted[boards["options"]["path"]]).glob("*.json"))


def test_the_demo_publishes_what_it_made(services: Services) -> None:
    trial, demo = services["demo-trial"], services["demo"]
    made = taken(words(trial)).params
    assert (made["short"], made["seed"]) == (True, 1)
    assert str(made["output"]) == taken(words(demo)).params["file"]
    assert trial["volumes"] == ["trial:/var/lib/signals"]
    assert demo["volumes"] == ["trial:/var/lib/signals:ro"]
    assert {name for name, service in services.items() if "profiles" in service} == {
        "demo-trial",
        "demo",
    }


def test_the_page_tells_what_is_not_run(root: Path) -> None:
    page = (root / "docs/ops/containers.md").read_text()
    assert "not run" in page
