"""Reads or writes the values of a topic with the (de)serializers of Confluent's Python client: serdes.py read|write|write-headers FORMAT BROKERS REGISTRY TOPIC SCHEMA [MESSAGE]

SCHEMA is the path of the schema; values are JSON, one a line. MESSAGE is the message of a .proto file, `Outer.Inner` if it is nested.
With write-headers, a header of each record names the schema. What is read may have either.
"""

import importlib
import json
import os
import sys
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient, header_schema_id_serializer, prefix_schema_id_serializer
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import json_format

action, form, brokers, registry_url, topic, schema_file, *rest = sys.argv[1:]
registry = SchemaRegistryClient({"url": registry_url})
in_headers = action == "write-headers"
writing = {"schema.id.serializer": header_schema_id_serializer if in_headers else prefix_schema_id_serializer}


def context(headers):
    return SerializationContext(topic, MessageField.VALUE, headers)


def message_class():
    from grpc_tools import protoc

    folder = os.path.dirname(schema_file)
    if protoc.main(["protoc", f"-I{folder}", f"--python_out={folder}", schema_file]) != 0:
        raise RuntimeError("protoc failed")
    sys.path.insert(0, folder)
    found = importlib.import_module(os.path.basename(schema_file).replace(".proto", "_pb2"))
    for name in rest[0].split("."):
        found = getattr(found, name)
    return found


def plain(value):
    return {"bytes": value.hex()} if isinstance(value, bytes) else str(value)


def serdes():
    text = open(schema_file).read()
    if form == "avro":
        return AvroSerializer(registry, text, conf=writing), AvroDeserializer(registry), lambda v: v, lambda v: v
    if form == "jsonschema":
        return JSONSerializer(text, registry, conf=writing), JSONDeserializer(text, schema_registry_client=registry), lambda v: v, lambda v: v
    cls = message_class()
    config = {"use.deprecated.format": False}
    return (
        ProtobufSerializer(cls, registry, {**config, **writing}),
        # Without the registry, of which it would want descriptors: only Confluent's gives them.
        ProtobufDeserializer(cls, config),
        lambda v: json_format.ParseDict(v, cls()),
        json_format.MessageToDict,
    )


serialize, deserialize, parse, show = serdes()
if action != "read":
    producer = Producer({"bootstrap.servers": brokers})
    for line in sys.stdin:
        headers = []
        value = serialize(parse(json.loads(line)), context(headers))
        producer.produce(topic, value=value, partition=0, headers=headers)
    if producer.flush(30) != 0:
        raise RuntimeError("not all records were written")
else:
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": str(uuid.uuid4()), "enable.auto.commit": False})
    _, end = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=30)
    consumer.assign([TopicPartition(topic, 0, 0)])
    for _ in range(end):
        message = consumer.poll(30)
        if message is None or message.error():
            raise RuntimeError(f"nothing came: {message and message.error()}")
        print(json.dumps(show(deserialize(message.value(), context(message.headers() or []))), default=plain))
    consumer.close()
