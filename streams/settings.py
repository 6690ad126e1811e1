"""Settings of every command, from a TOML file and the environment; wrong ones stop the start."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec
from msgspec import Meta

from agents.detect.mutes import words_of
from agents.detect.rules import DetectRules, Sensitivity
from agents.incidents.rules import IncidentRules
from agents.intake.rules import IntakeRules
from sinks.cluster import Secret, decode_secret
from streams.errors import OperatorError

ENV = "GROUNDSWELL_"
FILE = "GROUNDSWELL_CONFIG"

Positive = Annotated[int, Meta(ge=1)]
Limit = Annotated[int, Meta(ge=0)]
Product = Annotated[str, Meta(min_length=1, max_length=64)]


class SettingsError(OperatorError):
    """A setting is wrong: mend the one it names."""


class ProductSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be otherwise for one product; UNSET: as for all."""

    sensitivity: Annotated[
        Sensitivity | msgspec.UnsetType, Meta(description="low, medium or high, as for all")
    ] = msgspec.UNSET
    min_count: Annotated[
        Positive | msgspec.UnsetType, Meta(description="reports below which nothing opens")
    ] = msgspec.UNSET
    min_authors: Annotated[
        Positive | msgspec.UnsetType, Meta(description="distinct authors below which nothing opens")
    ] = msgspec.UNSET
    mute: Annotated[
        tuple[str, ...],
        Meta(
            max_length=1_000,
            description="themes that open no incident: ids, or words of which a theme has all",
        ),
    ] = ()

    def __post_init__(self) -> None:
        for entry in self.mute:
            words_of(entry)


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field, one setting; the environment wins over the file."""

    bootstrap: Annotated[
        str, Meta(description="Kafka as host:port[,host:port]; empty: the embedded broker")
    ] = ""
    security_protocol: Annotated[
        Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"],
        Meta(description="PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL, as the listener has it"),
    ] = "PLAINTEXT"
    sasl_mechanism: Annotated[
        Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"],
        Meta(description="PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512"),
    ] = "SCRAM-SHA-512"
    sasl_username: Annotated[str, Meta(description="who logs in, with SASL_*")] = ""
    sasl_password: Annotated[Secret, Meta(description="the password; it is shown nowhere")] = (
        Secret()
    )
    sasl_password_file: Annotated[
        str, Meta(description="file that holds the password, instead of sasl_password")
    ] = ""
    ssl_ca_file: Annotated[
        str, Meta(description="PEM of who vouches for the brokers; empty: the system's")
    ] = ""
    ssl_cert_file: Annotated[str, Meta(description="PEM of our certificate, if one is asked")] = ""
    ssl_key_file: Annotated[str, Meta(description="PEM of its key, without a pass phrase")] = ""
    prefix: Annotated[
        str,
        Meta(pattern=r"^[A-Za-z0-9._-]{0,64}$", description="put before every topic and group"),
    ] = ""
    group: Annotated[
        str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="consumer group of the workers")
    ] = "groundswell"
    default_product: Annotated[Product, Meta(description="product of an event that names none")] = (
        "default"
    )
    lateness_ms: Annotated[
        int, Meta(ge=0, le=3_600_000, description="how far behind an event still counts on time")
    ] = 10_000
    max_ahead_ms: Annotated[
        int, Meta(ge=0, description="how far an event may be dated after its record")
    ] = 300_000
    idle_seconds: Annotated[
        float, Meta(ge=1, description="silence after which a partition is not waited for")
    ] = 15.0
    attributes: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...],
        Meta(max_length=16, description="event attributes by which counts are sliced"),
    ] = ("app_version", "os", "region", "device")
    max_products: Annotated[
        int, Meta(ge=1, description="products counted apart per minute and partition")
    ] = 200
    max_clusters: Annotated[int, Meta(ge=10, description="themes remembered per product")] = 5_000
    dedupe_ids: Annotated[
        int, Meta(ge=1024, description="event ids remembered per input partition")
    ] = 131_072
    author_seed: Annotated[
        int, Meta(ge=0, description="seed of the hash that stands for an author; choose your own")
    ] = 0
    sensitivity: Annotated[
        Sensitivity,
        Meta(description="low, medium or high: 1, 3 or 10 false incidents per product and week"),
    ] = "medium"
    min_count: Annotated[Positive, Meta(description="reports below which nothing opens")] = 8
    min_authors: Annotated[
        Positive, Meta(description="distinct authors below which nothing opens")
    ] = 5
    quiet_minutes: Annotated[Positive, Meta(description="quiet minutes that resolve")] = 15
    update_minutes: Annotated[Positive, Meta(description="least minutes between updates")] = 5
    ack_minutes: Annotated[
        Positive, Meta(description="minutes after which an acknowledgement times out")
    ] = 60
    cooldown_minutes: Annotated[
        int,
        Meta(ge=0, description="minutes after a resolve in which the same incident opens again"),
    ] = 10
    refused_share: Annotated[
        float, Meta(gt=0, le=1, description="share of refused records that stops the worker")
    ] = 0.5
    refused_stretch: Annotated[
        Positive, Meta(description="records of a partition over which that share is taken")
    ] = 1000
    snapshot_seconds: Annotated[
        float, Meta(gt=0, description="seconds between snapshots of the detect state")
    ] = 30.0
    model_url: Annotated[
        str,
        Meta(description="OpenAI-compatible server that words causes; empty: rules only"),
    ] = ""
    model_name: Annotated[str, Meta(description="which of the server's models; with model_url")] = (
        ""
    )
    model_key: Annotated[
        Secret, Meta(description="what the server asks of who uses it; it is shown nowhere")
    ] = Secret()
    model_key_file: Annotated[
        str, Meta(description="file that holds the key, instead of model_key")
    ] = ""
    model_timeout_seconds: Annotated[
        float, Meta(gt=0, le=600, description="patience for one answer, repetitions included")
    ] = 30.0
    model_language: Annotated[
        Literal["zh", "en", "auto"],
        Meta(description="zh, en or auto: of the model's answers; auto: that of the feedback"),
    ] = "auto"
    model_tokens_field: Annotated[
        Literal["max_tokens", "max_completion_tokens"],
        Meta(description="max_tokens or max_completion_tokens, as the server has it"),
    ] = "max_tokens"
    model_answer_tokens: Annotated[
        Positive, Meta(description="most tokens of one answer; more for a model that thinks aloud")
    ] = 1_500
    model_in_flight: Annotated[Positive, Meta(description="questions at the same time")] = 4
    model_cache_hours: Annotated[
        float, Meta(ge=0, description="how long an answer holds for the same facts")
    ] = 6.0
    model_calls_per_incident: Annotated[
        Limit, Meta(description="questions about one incident in a day; 0: no limit")
    ] = 6
    model_tokens_per_incident: Annotated[
        Limit, Meta(description="tokens for one incident in a day; 0: no limit")
    ] = 40_000
    model_calls_per_hour: Annotated[
        Limit, Meta(description="questions in an hour; 0: no limit")
    ] = 120
    model_tokens_per_hour: Annotated[Limit, Meta(description="tokens in an hour; 0: no limit")] = (
        500_000
    )
    model_calls_per_day: Annotated[Limit, Meta(description="questions in a day; 0: no limit")] = (
        1_000
    )
    model_tokens_per_day: Annotated[Limit, Meta(description="tokens in a day; 0: no limit")] = (
        4_000_000
    )
    model_money_per_day: Annotated[
        float, Meta(ge=0, description="money in a day, in the currency of the prices; 0: no limit")
    ] = 0.0
    model_price_in: Annotated[
        float, Meta(ge=0, description="price of 1,000 tokens of a question")
    ] = 0.0
    model_price_out: Annotated[
        float, Meta(ge=0, description="price of 1,000 tokens of an answer")
    ] = 0.0
    enrich_port: Annotated[
        int, Meta(ge=0, le=65535, description="the port of groundswell enrich; 0: any free one")
    ] = 9465
    sinks_file: Annotated[
        str, Meta(description="TOML file of the receivers of incidents (docs/alerting.md)")
    ] = ""
    host: Annotated[str, Meta(description="address of the health and metrics port")] = "127.0.0.1"
    port: Annotated[
        int, Meta(ge=0, le=65535, description="health and metrics port; 0: any free one")
    ] = 9464
    changes_host: Annotated[
        str, Meta(description="address on which `changes serve` takes changes")
    ] = "127.0.0.1"
    changes_port: Annotated[int, Meta(ge=0, le=65535, description="its port; 0: any free one")] = (
        9470
    )
    changes_health_port: Annotated[
        int, Meta(ge=0, le=65535, description="its health and metrics port, on `host`")
    ] = 9467
    changes_file: Annotated[
        str, Meta(description="TOML file that says which product a change concerns")
    ] = ""
    changes_token: Annotated[
        Secret, Meta(description="bearer token of changes in the bare form; it is shown nowhere")
    ] = Secret()
    changes_github_secret: Annotated[
        Secret, Meta(description="secret of GitHub's webhook, which signs with it")
    ] = Secret()
    changes_gitlab_token: Annotated[
        Secret, Meta(description="secret token of GitLab's webhook")
    ] = Secret()
    changes_pagerduty_key: Annotated[
        Secret, Meta(description="routing key that PagerDuty change events must bring")
    ] = Secret()
    stuck_seconds: Annotated[
        float, Meta(ge=5, description="lag without progress for this long is not alive")
    ] = 60.0
    console_host: Annotated[
        str, Meta(description="address of the console; any but this machine's own needs a token")
    ] = "127.0.0.1"
    console_port: Annotated[
        int, Meta(ge=0, le=65535, description="port of the console; 0: any free one")
    ] = 8765
    console_token: Annotated[
        Secret, Meta(description="what the console asks of who opens it; at least 16 characters")
    ] = Secret()
    console_token_file: Annotated[
        str, Meta(description="file that holds the token, instead of console_token")
    ] = ""

    products: Annotated[
        dict[Product, ProductSettings],
        Meta(description="a table of its own for each product that is treated otherwise"),
    ] = {}

    def __post_init__(self) -> None:
        names = ("channel", "service", *self.attributes)
        if len(set(names)) < len(names):
            raise ValueError("name each attribute once; channel and service are always counted")

    def topic(self, name: str) -> str:
        """Full name of a topic."""
        return self.prefix + name

    def base_name(self, topic: str) -> str:
        """Name of one of our topics without the prefix, as metrics and signals have it."""
        return topic.removeprefix(self.prefix)

    @property
    def group_id(self) -> str:
        """Full name of the consumer group."""
        return self.prefix + self.group

    def intake_rules(self, *, bounded: bool) -> IntakeRules:
        """What intake needs of the settings."""
        return IntakeRules(
            lateness_ms=self.lateness_ms,
            max_ahead_ms=self.max_ahead_ms,
            default_product=self.default_product,
            max_products=self.max_products,
            attributes=self.attributes,
            dedupe_slots=-(-self.dedupe_ids // 1024),
            author_seed=self.author_seed,
            bounded=bounded,
        )

    def detect_rules(self) -> DetectRules:
        """What detect needs of the settings."""
        own = {name: self._rules(settings) for name, settings in self.products.items()}
        return replace(self._rules(ProductSettings()), own=own)

    def _rules(self, product: ProductSettings) -> DetectRules:
        incidents = IncidentRules(
            min_count=product.min_count or self.min_count,
            min_authors=product.min_authors or self.min_authors,
            quiet_minutes=self.quiet_minutes,
            update_minutes=self.update_minutes,
            ack_minutes=self.ack_minutes,
            cooldown_minutes=self.cooldown_minutes,
            model=bool(self.model_url),
        )
        return DetectRules(
            clusters=self.max_clusters,
            sensitivity=product.sensitivity or self.sensitivity,
            mute=product.mute,
            incidents=incidents,
        )


def load(
    environ: Mapping[str, str] | None = None, overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Defaults, then the file named by GROUNDSWELL_CONFIG, then GROUNDSWELL_*, then `overrides`.

    Raises SettingsError, which names the setting and where it came from.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    origin: dict[str, str] = {}
    if path := environ.get(FILE):
        for name, value in _read(Path(path)).items():
            values[name], origin[name] = value, path
    for name in Settings.__struct_fields__:
        if (given := environ.get(ENV + name.upper())) is not None:
            values[name], origin[name] = given, ENV + name.upper()
            if name == "attributes":
                values[name] = [part.strip() for part in given.split(",")] if given else []
    for name, value in (overrides or {}).items():
        if value is not None:
            values[name], origin[name] = value, "--" + name.replace("_", "-")
    _check(values, origin)
    return _convert(values)


def _check(values: Mapping[str, Any], origin: Mapping[str, str]) -> None:
    """One at a time, so that the message can name the setting."""
    for name, value in values.items():
        for path, part in _parts(name, value):
            try:
                _convert(part)
            except msgspec.ValidationError as error:
                reason = str(error).split(" - at")[0]
                raise SettingsError(f"setting {path} (from {origin[name]}): {reason}") from None


def _parts(name: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """What can be wrong by itself: its dotted name, and settings with it alone."""
    if name != "products" or not isinstance(value, dict):
        yield name, {name: value}
        return
    for product, table in value.items():
        for key, one in table.items() if isinstance(table, dict) else ():
            yield f"{name}.{product}.{key}", {name: {product: {key: one}}}
        yield f"{name}.{product}", {name: {product: table}}


def _convert(values: Mapping[str, Any]) -> Settings:
    return msgspec.convert(values, Settings, strict=False, dec_hook=decode_secret)


def _default(name: str) -> Any:
    return getattr(Settings(), name)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{FILE} names {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not TOML: {error}") from None


def table() -> Iterator[tuple[str, str, str, str]]:
    """(name, environment variable, default, meaning) of every setting, for the documentation.

    Those of one product have no variable.
    """
    for name, meaning in _meanings(Settings):
        if name == "products":
            for own, what in _meanings(ProductSettings):
                default = str(getattr(ProductSettings(), own) or "")
                yield f"products.NAME.{own}", "", default, what
        else:
            yield name, ENV + name.upper(), str(_default(name)), meaning


def _meanings(settings: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(settings, include_extras=True)
    for name in settings.__struct_fields__:
        meanings = [m.description for m in get_args(hints[name])[1:] if m.description]
        yield name, meanings[-1]
