// The node types that the engine declares, checked and typed. The engine writes node-types.json; nothing else states them.
import { z } from 'zod';
import declarations from './node-types.json' with { type: 'json' };

/** What a parameter is measured in. */
export const parameterUnits = ['hertz', 'seconds', 'ratio', 'none', 'octaves', 'turns'] as const;
export type ParameterUnit = (typeof parameterUnits)[number];

/** How a tap's and a parameter's shape follow from the edges that enter a node. */
export const nodeShapes = ['elementwise', 'sum', 'output', 'pan', 'voices'] as const;

/** What an input reads where there is nothing to read. The order is that of the plan's codes. */
export const absentPolicies = ['default', 'hold', 'optional'] as const;
export type AbsentPolicy = (typeof absentPolicies)[number];

/** Keys of a node in a patch that belong to the patch itself; no parameter or option may be called so. */
export const nodeKeys = ['type', 'batch', 'voices_of', 'thermal', 'slew', 'taps'] as const;

const name = z.string().regex(/^[a-z][a-z0-9_]*$/);
const purpose = z.string().min(1);

const inputSchema = z
  .strictObject({
    name,
    group: z.string().min(1),
    purpose,
    /** Whether it takes spectra, in the form that the node's options say. */
    spectral: z.boolean(),
    absent: z.enum(absentPolicies),
    default: z.number(),
  })
  .readonly();

const outputSchema = z.strictObject({ name, group: z.string().min(1), purpose, spectral: z.boolean() }).readonly();

/** Frames that the form of spectra decides: so many sizes of a window, and so many hops from one to the next. */
const spectralFramesSchema = z.strictObject({ sizes: z.int().min(0), hops: z.int().min(0) }).readonly();

const spectralSchema = z
  .strictObject({
    latency: spectralFramesSchema,
    tail: spectralFramesSchema,
    /** For each choice of the option `window` the least overlap at which its windows add up to the same everywhere. */
    leastOverlaps: z.array(z.int().min(1)).readonly(),
  })
  .readonly();

const parameterSchema = z
  .strictObject({
    name,
    purpose,
    unit: z.enum(parameterUnits),
    minimum: z.number(),
    maximum: z.number(),
    default: z.number(),
    curve: z.enum(['linear', 'exponential']),
  })
  .readonly()
  .refine((parameter) => parameter.minimum <= parameter.default && parameter.default <= parameter.maximum, {
    error: 'the default lies outside of the range',
  });

const choiceOptionSchema = z
  .strictObject({ name, purpose, choices: z.array(name).min(1).readonly(), default: z.int().min(0) })
  .readonly()
  .refine((option) => option.default < option.choices.length, { error: 'the default is not one of the choices' });

const integerOptionSchema = z
  .strictObject({
    name,
    purpose,
    minimum: z.int(),
    maximum: z.int(),
    /** Whether no other number fits. */
    powerOfTwo: z.boolean(),
    default: z.int(),
  })
  .readonly()
  .refine((option) => option.minimum <= option.default && option.default <= option.maximum, {
    error: 'the default lies outside of the range',
  });

const nodeTypeSchema = z
  .strictObject({
    name,
    purpose,
    source: z.string(),
    shape: z.enum(nodeShapes),
    envelope: z.boolean(),
    inputs: z.array(inputSchema).readonly(),
    outputs: z.array(outputSchema).readonly(),
    parameters: z.array(parameterSchema).readonly(),
    options: z.array(z.union([choiceOptionSchema, integerOptionSchema])).readonly(),
    /** Whether equal nodes in a row can run as one. */
    chains: z.boolean(),
    latency: z.int().min(0),
    tail: z.number().min(-1),
    /** What windows add to latency and tail, of a type whose taps carry spectra. */
    spectral: spectralSchema.nullable(),
    thermal: z.strictObject({ gain: z.number().min(0), tau: z.number().positive() }).readonly(),
    differentiable: z.union([z.literal(true), z.string().min(1)]),
  })
  .readonly()
  .superRefine((type, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message: `${type.name}: ${message}` });
    const settings = [...type.parameters, ...type.options].map((setting) => setting.name);
    for (const repeated of repeatedNames([...nodeKeys, ...settings])) {
      refuse(`"${repeated}" would stand twice among the keys of a node`);
    }
    for (const repeated of repeatedNames([...type.inputs, ...type.outputs].map((tap) => tap.name))) {
      refuse(`two taps are called "${repeated}"`);
    }
    for (const repeated of repeatedNames([...type.inputs, ...type.parameters].map((target) => target.name))) {
      refuse(`"${repeated}" is both an input and a parameter, so an edge could not tell them apart`);
    }
  });

const declarationFileSchema = z
  .strictObject({ format: z.literal(1), types: z.array(nodeTypeSchema).min(1).readonly() })
  .readonly()
  .refine((file) => repeatedNames(file.types.map((type) => type.name)).length === 0, {
    error: 'two node types have one name',
  });

export type OutputTap = z.infer<typeof outputSchema>;
export type ParameterDeclaration = z.infer<typeof parameterSchema>;
export type ChoiceOption = z.infer<typeof choiceOptionSchema>;
export type IntegerOption = z.infer<typeof integerOptionSchema>;
export type OptionDeclaration = ChoiceOption | IntegerOption;
export type NodeType = z.infer<typeof nodeTypeSchema>;

/** Whether an option is chosen by name; otherwise it is an integer. */
export function isChoiceOption(option: OptionDeclaration): option is ChoiceOption {
  return 'choices' in option;
}

/** The outputs that a patch may read: what an output node makes goes to the stream alone. */
export function readableOutputs(type: NodeType): readonly OutputTap[] {
  return type.shape === 'output' ? [] : type.outputs;
}

/** Checks the declarations of node types, as the engine writes them. Throws a `ZodError` for what the engine never writes. */
export function parseNodeTypes(json: unknown): readonly NodeType[] {
  return declarationFileSchema.parse(json).types;
}

/** Every node type of the engine, in the order of its declarations. */
export const nodeTypes: readonly NodeType[] = parseNodeTypes(declarations);

const nodeTypesByName: ReadonlyMap<string, NodeType> = new Map(nodeTypes.map((type) => [type.name, type]));

/** The node type of that name. */
export function findNodeType(typeName: string): NodeType | undefined {
  return nodeTypesByName.get(typeName);
}

function repeatedNames(names: readonly string[]): readonly string[] {
  return names.filter((each, index) => names.indexOf(each) !== index);
}
