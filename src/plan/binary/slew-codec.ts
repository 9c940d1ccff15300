// The limits of the movement of a parameter or of a modulation: a set of flags, then three numbers, of which the unused are 0.

import type { PlanSlew } from '../plan.js';
import type { Codec } from './codec.js';

const limits: readonly { readonly name: keyof PlanSlew; readonly bit: number }[] = [
  { name: 'rate', bit: 1 },
  { name: 'acceleration', bit: 2 },
  { name: 'area', bit: 4 },
];

export const slew: Codec<PlanSlew> = {
  notation: 'u8 flags (1 rate, 2 acceleration, 4 area); f64 rate; f64 acceleration; f64 area (0 if unlimited)',
  minimumSize: 25,
  records: [],
  write: (writer, source) => {
    writer.u8(limits.reduce((flags, { name, bit }) => (source[name] === null ? flags : flags | bit), 0));
    for (const { name } of limits) {
      writer.f64(source[name] ?? 0);
    }
  },
  read: (reader) => {
    const offset = reader.position;
    const flags = reader.u8();
    if (flags > 7) {
      reader.fail(`expected slew flags from 0 to 7, found ${flags}`, offset);
    }
    const found: { -readonly [Name in keyof PlanSlew]: PlanSlew[Name] } = {
      rate: null,
      acceleration: null,
      area: null,
    };
    for (const { name, bit } of limits) {
      const position = reader.position;
      const limit = reader.f64();
      if ((flags & bit) !== 0) {
        found[name] = limit;
      } else if (!Object.is(limit, 0)) {
        reader.fail(`expected 0 for the unlimited ${name}, found ${limit}`, position);
      }
    }
    return found;
  },
};
