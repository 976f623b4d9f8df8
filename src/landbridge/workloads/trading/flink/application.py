"""The Managed Flink application: both streams of a region in, signals out to its analytics table.

Only Flink's own environment has pyflink; what needs it is imported in the functions that use it. Rows are put by Python
rather than by Flink's DynamoDB connector: that one's jar and the Kinesis connector's hold different classes of one name, and
it puts without looking at the pen.
"""

from pathlib import Path
from typing import Any

from landbridge.model.market import Stream
from landbridge.workloads.trading.flink.properties import Properties
from landbridge.workloads.trading.flink.sql import packs, source, timed, unpacked, views, watermarked
from landbridge.workloads.trading.signals.definitions import Definitions, definitions
from landbridge.workloads.trading.signals.signal import Signal
from landbridge.workloads.trading.signals.writer import Tables, Writer

QUIET = "30 s"  # a stream that brings nothing for so long holds the other one's watermark back no longer
NAME = "trading-signals"
PACKS = "packs"


def run(text: str, library: Path) -> None:
    """Build the job from its properties and start it."""
    told = Properties.of(text)
    start(told, {stream: told.source(stream) for stream in told.streams}, library)


def start(told: Properties, sources: dict[str, dict[str, str]], library: Path) -> None:
    """Put what these sources bring into the region's tables; `library` goes to every worker."""
    table_environment, environment = environments(library)
    signals = put_together(table_environment, definitions(), sources)
    table_environment.to_data_stream(signals).map(_putter(told)).name("put signals")
    environment.execute(NAME)


def put_together(table_environment: Any, by: Definitions, sources: dict[str, dict[str, str]]) -> Any:
    """The table of signals over these sources; the same for streams and for files."""
    for name, options in sources.items():
        if name == Stream.MIRROR:
            _unpack(table_environment, by, options)
        else:
            table_environment.execute_sql(source(name, by.lateness_ms, options))
    for view in views(by, tuple(sources)):
        table_environment.execute_sql(view)
    return table_environment.from_path("signals")


def _unpack(table_environment: Any, by: Definitions, options: dict[str, str]) -> None:
    """A mirror's entries get their times once they are out of their packs: in SQL alone they would have their pack's."""
    from pyflink.table import Schema  # noqa: PLC0415

    table_environment.execute_sql(packs(PACKS, options))
    entries = table_environment.to_data_stream(table_environment.sql_query(unpacked(PACKS)))
    schema = Schema.new_builder().column_by_expression("rowtime", timed()).watermark("rowtime", watermarked(by.lateness_ms))
    table_environment.create_temporary_view(Stream.MIRROR.value, entries, schema.build())


def environments(library: Path | None) -> tuple[Any, Any]:
    """Flink's table and stream environment, with this library on every worker."""
    from pyflink.datastream import StreamExecutionEnvironment  # noqa: PLC0415
    from pyflink.table import StreamTableEnvironment  # noqa: PLC0415

    environment = StreamExecutionEnvironment.get_execution_environment()
    if library is not None:
        environment.add_python_file(str(library))
    table_environment = StreamTableEnvironment.create(environment)
    table_environment.get_config().set("table.local-time-zone", "UTC")
    table_environment.get_config().set("table.exec.source.idle-timeout", QUIET)
    return table_environment, environment


def _putter(told: Properties) -> Any:
    from pyflink.datastream.functions import MapFunction, RuntimeContext  # noqa: PLC0415

    class Put(MapFunction):  # type: ignore[misc]
        """Puts each row in the slot that computed it."""

        def open(self, runtime_context: RuntimeContext) -> None:  # noqa: ARG002
            """Once in each slot."""
            import botocore.session  # noqa: PLC0415

            client = botocore.session.get_session().create_client("dynamodb", region_name=told.region)
            self.writer = Writer(Tables(client, analytics=told.analytics, pens=told.pens))

        def map(self, value: Any) -> str:
            """Write one; what comes out of it is nobody's."""
            self.writer.write(Signal(*value))
            return ""

    return Put()
