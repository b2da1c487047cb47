"""What the generator of test cases cannot know of the gateway by its description, and what it must not do to the broker of the tests."""

import re
import uuid
from urllib.parse import unquote

import schemathesis
from hypothesis import strategies as st

# Syntaxes that the description names as formats: cursors and secrets are of the gateway's making, the others are languages.
FORMATS = {
    'cursor': ['orders@0#0'],
    'topic-pattern': [r'orders\..*', 'pay.*'],
    'record-filter': ['value.total>10', 'key==7', 'header.source!=web'],
    'key-path': ['order.id', 'id'],
    'json-lines': ['{"value":{"type":"STRING","data":"one"}}\n', '{}\n{"partition_id":0}'],
    'webhook-url': ['https://hooks.example.com/kafka'],
    'secret-name': ['kafka-gateway/push/hooks'],
}
for name, texts in FORMATS.items():
    schemathesis.openapi.format(name, st.sampled_from(texts))

# A body of records says what these headers say of a raw body, which is why they are ignored with it.
OF_RAW_BODIES = re.compile('kafka-.*')
# The registry of the tests has no schema with the number of an example.
OF_THE_REGISTRY = re.compile('kafka-.*schema.*')
SCHEMAS = {
    'avro': '"string"',
    'jsonschema': '{"$schema": "http://json-schema.org/draft-07/schema#", "type": "string"}',
    'protobuf': 'syntax = "proto3"; message Text { string text = 1; }',
}
MOST_PARTITIONS = 4
PAST = '2026-01-01T00:00:00Z'


@schemathesis.serializer('application/x-ndjson')
def lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode('utf-8', 'surrogatepass')


@schemathesis.hook
def filter_case(context, case):
    # Any client and any proxy adds headers.
    return not any('unknown-property' in name for name in case.headers)


@schemathesis.hook
def map_case(context, case):
    if case.media_type and case.media_type.startswith('application/vnd.kafka'):
        drop(case.headers, OF_RAW_BODIES)
    if is_valid(case):
        keep_dependencies(case)
        mend(case)
    spare(case)
    return case


def drop(members, pattern):
    for name in [name for name in members if pattern.fullmatch(name)]:
        del members[name]


def is_valid(case):
    return case.meta is None or case.meta.generation.mode.is_positive


# `OnlyOne(a, b);` and `IF a==b OR c THEN [NOT] d;`, of the language IDL for dependencies between parameters.
ONE = re.compile(r'OnlyOne\((.*)\);')
IF = re.compile(r'IF (.*) THEN (NOT )?(.*);')


def keep_dependencies(case):
    for line in case.operation.definition.raw.get('x-dependencies', []):
        if one := ONE.fullmatch(line):
            names = one[1].split(', ')
            given = [name for name in names if name in case.query]
            for name in given[1:]:
                del case.query[name]
            if not given:
                case.query[names[0]] = 0
        else:
            when, absent, name = IF.fullmatch(line).groups()
            if any(holds(term, {**case.path_parameters, **case.query}) for term in when.split(' OR ')):
                if absent:
                    case.query.pop(name, None)
                elif name not in case.query:
                    case.query[name] = {'topic': 'orders', 'group': 'billing', 'topics-pattern': 'pay.*'}[name]


def holds(term, query):
    name, _, value = term.partition('==')
    return name in query and (value == '' or unquote(str(query[name])) == value.strip("'"))


def mend(case):
    """What is valid member by member, and not as a whole."""
    drop(case.headers, OF_THE_REGISTRY)
    # The topics are short ones.
    if re.fullmatch(r'\d+(\.0+)?', str(case.query.get('offset'))):
        case.query['offset'] = 0
    if 'Idempotency-Key' in case.headers:
        # A key is for one request.
        case.headers['Idempotency-Key'] = f'"{uuid.uuid4()}"'
    body = case.body
    if not isinstance(body, dict):
        return
    for name, schema in SCHEMAS.items():
        if f'kafka.{name}.' in (case.media_type or ''):
            body = case.body = with_schema(name, schema, body)
    if 'kafka.' in (case.media_type or '') or case.operation.path.endswith('/records'):
        # What is of a schema already needs one in the registry.
        for name in [name for name in body if re.match('(key|value)_(schema_id|schema_version|subject|message)$', name)]:
            if 'kafka.binary' in (case.media_type or '') or case.media_type == 'application/vnd.kafka.v2+json':
                del body[name]
    entries = body.get('entries')
    for i, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            entry['id'] = f"{i}-{entry.get('id')}"[:80]
    for record in body['records'] if isinstance(body.get('records'), list) else entries or [body]:
        # Kafka refuses what is too far from now.
        if isinstance(record, dict) and record.get('timestamp') is not None:
            record['timestamp'] = PAST
    if body.get('format') == 'raw':
        body['batch'] = None
    if case.operation.path.endswith('/replay'):
        body['to'] = None
    for name in ('id', 'name'):
        if case.operation.path == '/consumers/{group}' and body.get(name):
            # 255 bytes, not characters.
            body[name] = body[name][:60]
    seen = set()
    for name in ('partitions', 'offsets', 'timestamps'):
        if isinstance(body.get(name), list) and '/consumers/' in case.operation.path:
            body[name] = [one for one in body[name] if not (place_of(one) in seen or seen.add(place_of(one)))]
    if body.get('dead_letter_topic') is not None and body['dead_letter_topic'] in (body.get('topics') or []):
        body['dead_letter_topic'] = 'payments'


def place_of(one):
    return (one.get('topic'), int(float(one.get('partition'))))


def with_schema(name, schema, body):
    records = []
    for record in body.get('records', []):
        value = {'text': 'x'} if name == 'protobuf' else 'x'
        records.append({**record, 'value': value, 'key': None})
    return {'value_subject': f'generated-{name}', 'value_schema': schema, 'records': records}


def spare(case):
    """The broker is a small one, and the clock of the tests a quick one: thousands of partitions, and waits, are left out."""
    if case.method == 'GET' and case.operation.path.endswith(('/records', '/messages')):
        # Functions answer as a whole.
        if case.query.get('follow') in (True, 'true'):
            case.query['follow'] = False
        given = case.query.get('timeout')
        if given is None or re.fullmatch(r'\d{2,16}(\.0+)?', str(given)):
            case.query['timeout'] = 0
    if isinstance(case.body, dict):
        count = case.body.get('partitions_count')
        if is_valid(case) and count is not None and float(count) > MOST_PARTITIONS:
            case.body['partitions_count'] = MOST_PARTITIONS
        if case.operation.path.endswith('/receive') and is_valid(case):
            case.body['wait'] = 0
        lock = case.body.get('lock_ms')
        if is_valid(case) and lock is not None:
            case.body['lock_ms'] = min(max(int(float(lock)), 15_000), 60_000)
        most = case.body.get('max_deliveries')
        if is_valid(case) and most is not None:
            case.body['max_deliveries'] = min(max(int(float(most)), 2), 8)
