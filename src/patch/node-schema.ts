// What a patch may write about a node: one schema for each type, built from the type's declaration.
import { z } from 'zod';
import type { NodeType, OptionDeclaration, ParameterDeclaration } from './node-types.js';
import { absentPolicies, isChoiceOption, nodeTypes, readableOutputs } from './node-types.js';
import { overflowPolicies } from './patch.js';
import {
  choiceSchema,
  integerSchema,
  laneValuesSchema,
  nameSchema,
  numberSchema,
  positiveSchema,
  powerOfTwoSchema,
  valueSchema,
} from './schema-parts.js';
import { describeRange, largestDelay } from './value.js';

/** Most lanes of one node. */
export const largestBatch = 4096;

/** Limits of a movement, per second in the parameter's own unit. */
export const slewLimitsSchema = z
  .strictObject({
    rate: positiveSchema('Most change a second.').optional(),
    acceleration: positiveSchema('Most change of the rate a second.').optional(),
    area: positiveSchema('Most area between the way taken and the jump asked for.').optional(),
  })
  .describe('Limits of how fast the value moves.');

export const slewSchema = z
  .union([z.literal('ideal'), slewLimitsSchema])
  .meta({ id: 'slew', description: 'How fast the value may move: limits, or "ideal" for none.' });

const longestLag = { unit: 'frames', minimum: 1, maximum: largestDelay } as const;

export const outputContractSchema = z
  .strictObject({
    max_frames: valueSchema(longestLag, 'Largest lag of a reader.').optional(),
    overflow: choiceSchema(overflowPolicies, 'What happens to a reader that lags more.').optional(),
  })
  .meta({ id: 'output_tap' });

export const inputContractSchema = z
  .strictObject({
    ...outputContractSchema.shape,
    absent: choiceSchema(absentPolicies, 'What the input reads where there is nothing to read.').optional(),
    asks: valueSchema({ ...longestLag, minimum: 0 }, 'Frames before its window that the reader wants.').optional(),
  })
  .meta({ id: 'input_tap' });

export const nodeThermalSchema = z
  .strictObject({
    gain: numberSchema(0, 1e6, "Heat for each unit of power; without it, the type's.").optional(),
    tau: numberSchema(0.001, 1e6, "Seconds in which the node cools; without it, the type's.").optional(),
  })
  .meta({ id: 'node_thermal' });

/** Keys of nodes that can be asked for lanes: other types make their lanes themselves, or sum them to one. */
export const laneKeysSchema = z.strictObject({
  batch: integerSchema(1, largestBatch, 'Lanes when no edge gives a batch.').optional(),
  voices_of: nameSchema.describe('The keys node whose voices this node joins.').optional(),
});

/** What a parameter takes: one value, or one for each lane. */
export function parameterSchema(parameter: ParameterDeclaration) {
  const range = describeRange(parameter).replace(/ fits$/, '');
  return laneValuesSchema(parameter, largestBatch, `${parameter.purpose} ${range}.`);
}

/** What an option takes, as the number that the engine uses: an integer, or the index of a choice. */
export function optionSchema(option: OptionDeclaration) {
  return isChoiceOption(option)
    ? choiceOptionSchema(option.choices, option.purpose, option.default)
    : (option.powerOfTwo ? powerOfTwoSchema : integerSchema)(option.minimum, option.maximum, option.purpose).default(
        option.default,
      );
}

function choiceOptionSchema(choices: readonly string[], purpose: string, preset: number) {
  const [first = '', ...others] = choices;
  return choiceSchema([first, ...others], purpose)
    .transform((choice) => choices.indexOf(choice))
    .prefault(choices[preset] ?? first);
}

/** What a patch may write about a node of one type. */
export interface NodeTypeSchema {
  readonly object: ReturnType<typeof buildObjectSchema>;
  readonly slews: ReturnType<typeof buildSlewsSchema>;
  readonly taps: ReturnType<typeof buildTapsSchema>;
  readonly parameters: ReadonlyMap<string, ReturnType<typeof parameterSchema>>;
  readonly options: ReadonlyMap<string, ReturnType<typeof optionSchema>>;
}

function withEachName<Schema extends z.ZodType>(items: readonly { readonly name: string }[], schema: Schema) {
  return Object.fromEntries(items.map((item) => [item.name, schema]));
}

function buildSlewsSchema(type: NodeType) {
  return z.strictObject(withEachName(type.parameters, slewSchema.optional())).describe('Slew, by parameter.');
}

function buildTapsSchema(type: NodeType) {
  return z
    .strictObject({
      ...withEachName(readableOutputs(type), outputContractSchema.optional()),
      ...withEachName(type.inputs, inputContractSchema.optional()),
    })
    .describe('What the patch asks of taps, by tap.');
}

function buildObjectSchema(
  type: NodeType,
  settings: Readonly<Record<string, z.ZodType>>,
  slews: ReturnType<typeof buildSlewsSchema>,
  taps: ReturnType<typeof buildTapsSchema>,
) {
  return z.strictObject({
    type: z.literal(type.name).describe(type.purpose),
    ...settings,
    ...(type.shape === 'elementwise' || type.shape === 'pan' ? laneKeysSchema.shape : {}),
    ...(type.parameters.length > 0 ? { slew: slews.optional() } : {}),
    thermal: nodeThermalSchema.optional(),
    taps: taps.optional(),
  });
}

function buildNodeTypeSchema(type: NodeType): NodeTypeSchema {
  const parameters = new Map(type.parameters.map((parameter) => [parameter.name, parameterSchema(parameter)]));
  const options = new Map(type.options.map((option) => [option.name, optionSchema(option)]));
  const settings = [
    ...[...parameters].map(([name, schema]) => [name, schema.optional()] as const),
    ...[...options].map(([name, schema]) => [name, schema] as const),
  ];
  const slews = buildSlewsSchema(type);
  const taps = buildTapsSchema(type);
  return {
    object: buildObjectSchema(type, Object.fromEntries(settings), slews, taps),
    slews,
    taps,
    parameters,
    options,
  };
}

/** The schema of each node type, by its name. */
export const nodeTypeSchemas: ReadonlyMap<string, NodeTypeSchema> = new Map(
  nodeTypes.map((type) => [type.name, buildNodeTypeSchema(type)]),
);

const [firstSchema, ...otherSchemas] = [...nodeTypeSchemas.values()].map((schema) => schema.object);
if (firstSchema === undefined) {
  throw new Error('the engine declares no node type');
}

/** Any node of a patch; its `type` decides which keys it may have. */
export const nodeSchema = z.discriminatedUnion('type', [firstSchema, ...otherSchemas]);
