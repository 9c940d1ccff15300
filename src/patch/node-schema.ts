// What a patch may write about a node: one schema for each type, built from the type's declaration.
import { z } from 'zod';
import type { NodeType, OptionDeclaration, ParameterDeclaration } from './node-types.js';
import { absentPolicies, isChoiceOption, nodeTypes } from './node-types.js';
import { overflowPolicies } from './patch.js';
import {
  choiceSchema,
  integerSchema,
  laneValuesSchema,
  nameSchema,
  numberSchema,
  positiveSchema,
  valueSchema,
} from './schema-parts.js';
import { describeRange, largestDelay } from './value.js';

/** Most lanes of one node. */
export const largestBatch = 65536;

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

/** The keys that every node may have. */
export const commonNodeSchema = z.strictObject({
  batch: integerSchema(1, largestBatch, 'Lanes when no edge gives a batch.').optional(),
  voices_of: nameSchema.describe('The keys node whose voices this node joins.').optional(),
  thermal: nodeThermalSchema.optional(),
});

/** What a parameter takes: one value, or one for each lane. */
export function parameterSchema(parameter: ParameterDeclaration) {
  const range = describeRange(parameter).replace(/ fits$/, '');
  return laneValuesSchema(
    parameter,
    largestBatch,
    `${parameter.purpose} ${range}, ${parameter.default} if not written.`,
  );
}

/** What an option takes, as the number that the engine uses: an integer, or the index of a choice. */
export function optionSchema(option: OptionDeclaration) {
  return isChoiceOption(option)
    ? choiceOptionSchema(option.choices, option.purpose, option.default)
    : integerSchema(option.minimum, option.maximum, option.purpose).default(option.default);
}

function choiceOptionSchema(choices: readonly string[], purpose: string, preset: number) {
  const [first = '', ...others] = choices;
  return choiceSchema([first, ...others], purpose)
    .transform((choice) => choices.indexOf(choice))
    .prefault(choices[preset] ?? first);
}

/** All that a patch may write about a node of one type. */
export function buildNodeSchema(type: NodeType) {
  const each = <Item extends { readonly name: string }, Schema extends z.ZodType>(
    items: readonly Item[],
    build: (item: Item) => Schema,
  ) => Object.fromEntries(items.map((item) => [item.name, build(item)]));
  return z.strictObject({
    type: z.literal(type.name).describe(type.purpose),
    ...each(type.parameters, (parameter) => parameterSchema(parameter).optional()),
    ...each(type.options, optionSchema),
    ...commonNodeSchema.shape,
    slew: z.strictObject(each(type.parameters, () => slewSchema.optional())).optional(),
    taps: z
      .strictObject({
        ...each(type.outputs, () => outputContractSchema.optional()),
        ...each(type.inputs, () => inputContractSchema.optional()),
      })
      .optional(),
  });
}

const [firstSchema, ...otherSchemas] = nodeTypes.map(buildNodeSchema);
if (firstSchema === undefined) {
  throw new Error('the engine declares no node type');
}

/** Any node of a patch; its `type` decides which keys it may have. */
export const nodeSchema = z.discriminatedUnion('type', [firstSchema, ...otherSchemas]);
