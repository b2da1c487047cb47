import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteSink } from '../../lib/schemas/byte-sink.ts';
import { jsonSchemaCodec, type NamedSchema } from '../../lib/schemas/json-schema/codec.ts';
import { metaschemas } from '../../lib/schemas/json-schema/metaschemas.optional.ts';
import { Misfit } from '../../lib/schemas/misfit.ts';
import { type OfficialGroup, officialGroups, officialRemotes } from '../harness/json-schema/official-cases.ts';

/** How many cases there are, and how many of them the gateway judges as the suite says. */
type Figures = Record<'required' | 'optional' | 'format', [judged: number, all: number]>;

const kindOf = (file: string): keyof Figures =>
  file.startsWith('optional/format/') ? 'format' : file.startsWith('optional/') ? 'optional' : 'required';

/** From 2019-09 on a schema's metaschema says whether values are judged by `format`, as the cases of formats have it. */
const asserting: readonly NamedSchema[] = ['2019-09', '2020-12'].map((year) => ({
  name: `http://formats.example/${year}/schema`,
  schema: JSON.stringify({
    $vocabulary: Object.fromEntries(
      ['validation', year === '2019-09' ? 'format' : 'format-assertion'].map((name) => [
        `https://json-schema.org/draft/${year}/vocab/${name}`,
        true,
      ]),
    ),
  }),
}));

const withFormats = (group: OfficialGroup): OfficialGroup => ({
  ...group,
  schema: group.schema.replace(/https:..json-schema.org.draft.(?=20..-..\/schema)/, 'http://formats.example/'),
});

/** A value by a schema, or what is wrong with the schema. */
function verdictsOf({ schema, tests }: OfficialGroup, others: readonly [RegExp, readonly NamedSchema[]][]): (boolean | string)[] {
  try {
    const codec = jsonSchemaCodec(
      schema,
      others.flatMap(([place, schemas]) => (place.test(schema) ? schemas : [])),
    );
    return tests.map(({ data }) => fits(codec, Buffer.from(data)));
  } catch (error) {
    return tests.map(() => String(error));
  }
}

function fits(codec: ReturnType<typeof jsonSchemaCodec>, bytes: Buffer): boolean {
  try {
    codec.encode({ bytes, start: 0, end: bytes.length }, new ByteSink());
    return true;
  } catch (error) {
    if (error instanceof Misfit) return false;
    throw error;
  }
}

const remotes = await officialRemotes();

// The page on compatibility has the same figures.
for (const [draft, expected, known] of [
  [
    'draft4',
    { required: [610, 610], optional: [99, 100], format: [153, 153] },
    ['optional/zeroTerminatedFloats: a float is not an integer even without fractional part'],
  ],
  ['draft6', { required: [829, 829], optional: [106, 106], format: [214, 214] }, []],
  [
    'draft7',
    { required: [913, 913], optional: [114, 118], format: [392, 434] },
    [
      'optional/content: an invalid JSON document',
      'optional/content: an invalid base64 string (% is not a valid character)',
      'optional/content: a validly-encoded invalid JSON document',
      'optional/content: an invalid base64 string that is valid JSON',
    ],
  ],
  ['draft2019-09', { required: [1227, 1227], optional: [154, 154], format: [441, 483] }, []],
  ['draft2020-12', { required: [1257, 1257], optional: [158, 158], format: [443, 491] }, []],
] as const) {
  test(`the official cases of ${draft} are judged as they say, but for those that are known`, async () => {
    const figures: Figures = { required: [0, 0], optional: [0, 0], format: [0, 0] };
    const otherwise: string[] = [];
    const referred: [RegExp, readonly NamedSchema[]][] = [
      [/localhost/, remotes],
      [/localhost|[rR]ef":"https?:..json-schema/, metaschemas],
      [/formats\.example/, asserting],
    ];

    for (const group of await officialGroups(draft)) {
      const kind = kindOf(group.file);
      const verdicts = verdictsOf(kind === 'format' ? withFormats(group) : group, referred);
      for (const [i, { description, valid }] of group.tests.entries()) {
        figures[kind][1]++;
        if (verdicts[i] === valid) figures[kind][0]++;
        else if (kind !== 'format') otherwise.push(`${group.file}: ${description}`);
      }
    }

    assert.deepEqual([figures, otherwise], [expected, known]);
  });
}
