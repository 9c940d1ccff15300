// The one schema of a patch: what the reader checks, what the types follow from, and what docs/patch.schema.json says to editors.
import { z } from 'zod';
import { controlSourcePattern, parseControlSource } from './control-source.js';
import { describeFound } from './describe.js';
import type { GateSource } from './gate-source.js';
import { gateSourcePattern, parseGateSource } from './gate-source.js';
import { mostPartialLatency } from './limits.js';
import { nodeSchema, slewSchema } from './node-schema.js';
import type { ControlSource } from './patch.js';
import {
  closedGateActions,
  gateReleases,
  limitActions,
  modulationMeasures,
  modulationModes,
  overloadPolicies,
} from './patch.js';
import {
  anyValueSchema,
  choiceSchema,
  flagSchema,
  gridSchema,
  integerSchema,
  meterSchema,
  nameSchema,
  numberSchema,
  scheduledNameSchema,
  textSchema,
  valueSchema,
} from './schema-parts.js';
import { largestAmount, largestDelay } from './value.js';

/** The format of patches that this program reads. */
export const patchFormat = 1;

export const edgeSchema = z.strictObject({
  id: nameSchema.describe('A name, for gates and controls to point at.').optional(),
  from: textSchema('A node, one of its outputs, or its heat: "low", "low.band" or "low.thermo.heat".'),
  to: textSchema('A node, one of its inputs, or one of its parameters: "low" or "low.cutoff".'),
  delay: valueSchema(
    { unit: 'frames', minimum: 0, maximum: largestDelay },
    'A number of frames, or a time: 480, "10 ms", "3/16".',
  ).prefault(0),
  gain: valueSchema(
    { unit: 'ratio', minimum: -largestAmount, maximum: largestAmount },
    'Edges to an input: the factor.',
  ).prefault(1),
  depth: anyValueSchema("Edges to a parameter: how far a signal of 1 moves it, in the parameter's unit.").prefault(1),
  mode: choiceSchema(modulationModes, 'Edges to a parameter: add to it, or scale it.').optional(),
  in: choiceSchema(modulationMeasures, 'Edges to a parameter: "octaves" scales it by 2 to the signal.').optional(),
  align: flagSchema('Whether the planner may lengthen this edge to align latencies.').default(true),
  slew: slewSchema.describe('Edges to a parameter: how fast what they bring may move.').optional(),
});

type SourceReading<Source> =
  | { readonly ok: true; readonly source: Source }
  | { readonly ok: false; readonly message: string };

/** Text that `parse` understands. */
function sourceSchema<Source>(parse: (text: string) => SourceReading<Source>) {
  return z.unknown().transform((found, context): Source => {
    const reading =
      typeof found === 'string'
        ? parse(found)
        : { ok: false as const, message: `found ${describeFound(found)}; text such as "midi:cc/74" fits` };
    if (!reading.ok) {
      context.addIssue({ code: 'custom', message: reading.message });
      return z.NEVER;
    }
    return reading.source;
  });
}

/** Where a control comes from. */
export const controlSourceSchema = sourceSchema<ControlSource>((text) => parseControlSource(text)).meta({
  id: 'control_source',
  description: 'A MIDI message, an OSC address or a key: "midi:cc/74", "midi:note/36", "osc:/pad/cutoff", "key:g".',
  type: 'string',
  pattern: controlSourcePattern,
});

/** What opens and closes a gate. */
export const gateSourceSchema = sourceSchema<GateSource>(parseGateSource).meta({
  id: 'gate_source',
  description:
    'A MIDI message, an OSC address, a key, or an output of a node, which opens the gate while it is above 0.5: "midi:note/36", "osc:/gate/drop", "key:g", "signal:wobble", "signal:low.band".',
  type: 'string',
  pattern: gateSourcePattern,
});

export const controlSchema = z.strictObject({
  from: controlSourceSchema,
  to: textSchema('A parameter, or the gain or depth of an edge that has an id: "low.cutoff", "wet.gain".'),
  range: z
    .tuple([anyValueSchema('Value at the lower end of the travel.'), anyValueSchema('Value at the upper end.')], {
      error: (issue) => `found ${describeFound(issue.input)}; an array of two values fits, such as [80, 8000]`,
    })
    .describe("Values at the ends of the control's travel; without it the parameter's whole range.")
    .optional(),
  curve: choiceSchema(['linear', 'exp', 'exponential'], "How the travel is spread; without it the parameter's curve.")
    .transform((curve) => (curve === 'exp' ? 'exponential' : curve))
    .optional(),
  slew: slewSchema.optional(),
  align: flagSchema('Whether the event waits for the latency of the paths before its node.').default(true),
});

/** Every consumer of a gate waits for every member, so there are not too many. */
const mostGateMembers = 1024;
const mostGateSources = 64;

export const gateSchema = z.strictObject({
  members: z
    .array(nameSchema, { error: (issue) => `found ${describeFound(issue.input)}; an array of edge ids fits` })
    .min(1, { error: 'a gate without members does nothing; ids of edges fit, such as ["wet"]' })
    .max(mostGateMembers, { error: `at most ${mostGateMembers} members fit` })
    .describe('Ids of the edges that the gate opens and closes.'),
  while_closed: choiceSchema(closedGateActions, 'What is heard behind the closed gate.').default('mute'),
  release: choiceSchema(gateReleases, 'What happens to held frames when it opens.').default('resume'),
  quantize: gridSchema('The grid on which it moves: "now", "1/4", "1 bar".').prefault('now'),
  open: flagSchema('Whether it is open at the start.').default(true),
  controls: z
    .array(gateSourceSchema, { error: (issue) => `found ${describeFound(issue.input)}; an array of sources fits` })
    .max(mostGateSources, { error: `at most ${mostGateSources} sources fit` })
    .describe('What opens and closes it.')
    .default([]),
});

const celsius = (description: string) => numberSchema(-273, 10000, `${description} Degrees Celsius.`);

export const thermalSchema = z.strictObject({
  ambient: celsius('Temperature of a node at rest.').default(25),
  warm: celsius('From here the patch is shown as warm.').default(55),
  limit: celsius('What the patch may reach.').default(80),
  on_limit: choiceSchema(limitActions, 'What happens at the limit.').default('report'),
});

export const limiterSchema = z.strictObject({
  ceiling: valueSchema({ unit: 'ratio', minimum: 0.001, maximum: 1 }, 'Highest true peak of the output.').prefault(
    '-0.3 dB',
  ),
});

export const cohortSchema = z.strictObject({
  type: textSchema('The type of the nodes.'),
  nodes: z
    .array(scheduledNameSchema, { error: (issue) => `found ${describeFound(issue.input)}; an array of node ids fits` })
    .min(1, { error: 'a cohort needs nodes; ids of nodes fit, such as ["low"]' })
    .describe('Ids of the nodes that run as one, in the order of their lanes.'),
});

export const stageSchema = z.strictObject({
  partial_latency: integerSchema(0, mostPartialLatency, 'Blocks by which this stage lags.').default(0),
  cohorts: z.array(cohortSchema).describe('What the stage runs, in this order.'),
});

export const stagesSchema = z.strictObject({ stages: z.array(stageSchema).describe('What runs after what.') });

export const plannedSchema = z.strictObject({
  plan: choiceSchema(['ipls'], 'The planner makes the stages.'),
  partial_latency: integerSchema(0, mostPartialLatency, 'Blocks by which a stage may lag at most.').default(0),
});

export const scheduleWords = ['kpn', 'ipls'] as const;

export const patchSchema = z
  .strictObject({
    $schema: textSchema('Where an editor finds the schema.').optional(),
    amp: z
      .literal(patchFormat, { error: (issue) => `found ${describeFound(issue.input)}; ${patchFormat} fits` })
      .describe('The version of the format.'),
    name: textSchema('What the patch is called on the screen.').default(''),
    tempo: numberSchema(1, 1000, 'Quarter notes a minute.').default(120),
    meter: meterSchema('Beats in a bar.').prefault('4/4'),
    seed: integerSchema(0, Number.MAX_SAFE_INTEGER, 'Another seed gives other noise.').default(0),
    nodes: z.record(nameSchema, nodeSchema).describe('The nodes, by the name that the patch gives them.'),
    edges: z.array(edgeSchema).describe('What flows where.').default([]),
    controls: z.array(controlSchema).describe('What moves parameters from outside.').default([]),
    gates: z.record(nameSchema, gateSchema).describe('Synchrony gates, by name.').default({}),
    thermal: thermalSchema.prefault({}).describe('Temperatures.'),
    limiter: limiterSchema.prefault({}).describe("The limiter at the stream's end."),
    schedule: z
      .union([z.enum(scheduleWords), plannedSchema, stagesSchema])
      .describe(
        '"kpn": the order of readiness; "ipls": a planned order, or one whose stages may lag; or the stages themselves.',
      )
      .default('kpn'),
    overload: choiceSchema(overloadPolicies, 'What may be dropped when the machine is too slow.').default('none'),
  })
  .meta({ title: 'amp-live patch', allowComments: true, allowTrailingCommas: true });
