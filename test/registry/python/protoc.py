"""Compiles the .proto text of standard input with protoc; prints its FileDescriptorProto in base64."""

import base64
import os
import sys
import tempfile

import grpc_tools
from google.protobuf import descriptor_pb2
from grpc_tools import protoc

with tempfile.TemporaryDirectory() as folder:
    source = os.path.join(folder, "schema.proto")
    with open(source, "wb") as file:
        file.write(sys.stdin.buffer.read())
    out = os.path.join(folder, "out.bin")
    google = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")
    if protoc.main(["protoc", f"-I{folder}", f"-I{google}", f"--descriptor_set_out={out}", source]) != 0:
        sys.exit(1)
    descriptors = descriptor_pb2.FileDescriptorSet()
    with open(out, "rb") as file:
        descriptors.ParseFromString(file.read())
    print(base64.b64encode(descriptors.file[0].SerializeToString()).decode())
