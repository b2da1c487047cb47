import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../infra/local/java.ts';
import * as library from '../../lib/schemas/protobuf/bufbuild.optional.ts';
import { addTypes, link, type TypeNames } from '../../lib/schemas/protobuf/link.ts';
import { parseProto } from '../../lib/schemas/protobuf/parse-proto.ts';
import { MESSAGE } from '../../lib/schemas/protobuf/proto-file.ts';
import { virtualEnvironment } from '../harness/python/python.ts';

const { create, FileDescriptorProtoSchema, fromBinary, toJson } = library;

const sources = {
  proto3: `// Line comment
syntax = "proto3"; /* block
comment */ package a.b;
import "google/protobuf/timestamp.proto";
option java_package = "x"; option optimize_for = SPEED;
message Outer {
  option deprecated = true;
  reserved 100, 200 to 210, 300 to max; reserved "old", "older";
  message Inner { message Deep { bool yes = 1; } Deep deep = 1; .a.b.Outer outer = 2; }
  enum State { option allow_alias = true; NONE = 0; SAME = 0; HEX = 0x10 [deprecated = true]; OCTAL = 010; LEAST = -2147483648; }
  optional int32 opt_int = 1;
  oneof choice { string one_text = 2; Inner one_inner = 3 [deprecated = true]; }
  optional Inner.Deep opt_deep = 4;
  repeated sint64 s = 5 [packed = false];
  repeated a.b.Outer.State states = 6;
  map<string, Inner> by_the_name = 7;
  map<int64, State> _odd__name_ = 8 [json_name = "odd"];
  google.protobuf.Timestamp at = 9;
  fixed32 f = 10; sfixed64 g = 11; uint64 h = 12; bytes i = 13; float j = 14; double k = 15; bool l = 16;
  string message = 17; int32 optional = 18; string map = 19; string reserved = 20; string option_text = 21;
};
;
enum Top { ZERO = 0; }
service Svc { option deprecated = true; rpc Call (stream Outer) returns (Outer) { option deprecated = true; } rpc Other (Outer) returns (stream Outer); }
`,
  proto2: `package p;
message M {
  required string name = 1 [default = 'it\\'s "x"\\n\\x41\\101', deprecated = true];
  optional bytes raw = 2 [default = "\\000\\xff a\\""];
  optional int64 least = 3 [default = -9223372036854775808];
  optional double d = 4 [default = inf]; optional float e = 5 [default = -1.5]; optional bool t = 6 [default = true];
  optional Kind kind = 7 [default = B];
  repeated group Item = 8 { optional int32 n = 1; enum In { X = 1; } message Sub { optional In in = 1; } }
  oneof pick { group Alt = 9 { optional int32 m = 1; } int32 other = 10; }
  extensions 100 to 199, 500; extensions 1000 to max;
  message Nested { extend M { optional int32 inside = 100; } }
  repeated int32 nums = 11 [packed = true];
}
enum Kind { A = 1; B = 2; }
extend M { optional M.Nested more = 101; repeated string texts = 102; }
`,
};

for (const [name, source] of Object.entries(sources)) {
  test(`protoc makes the same of a text of ${name}`, async () => {
    const directory = join(import.meta.dirname, 'python');
    const interpreter = await virtualEnvironment('python-registry', join(directory, 'requirements.txt'));
    const { stdout } = await run(interpreter, [join(directory, 'protoc.py')], source);
    const theirs = fromBinary(FileDescriptorProtoSchema, Buffer.from(stdout.trim(), 'base64'));

    const file = parseProto(source, 'schema.proto');
    const types: TypeNames = new Map([['google.protobuf.Timestamp', MESSAGE]]);
    addTypes(file, types);
    link(file, types);
    const ours = create(FileDescriptorProtoSchema, file);

    assert.deepEqual(comparable(toJson(FileDescriptorProtoSchema, ours)), comparable(toJson(FileDescriptorProtoSchema, theirs)));
  });
}

/** Of a descriptor what matters to JSON and the wire. */
function comparable(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(comparable);
  if (typeof json !== 'object' || json === null) return json;
  const left = new Set(['service', 'reservedRange', 'reservedName', 'syntax', 'deprecated', 'javaPackage', 'optimizeFor', 'allowAlias']);
  const entries = Object.entries(json)
    .filter(([key]) => !left.has(key))
    .map(([key, value]) => [key, comparable(value)] as const)
    // Names that are empty, and options of which nothing is left.
    .filter(([, value]) => value !== '' && (typeof value !== 'object' || value === null || Object.keys(value).length > 0));
  return Object.fromEntries(entries);
}
