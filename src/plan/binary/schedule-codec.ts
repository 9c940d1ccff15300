// The optional schedule: whether there is one, then its stages, none if there is not.

import type { PlanSchedule, PlanStage } from '../plan.js';
import type { Codec } from './codec.js';
import { flag } from './codec.js';

export function schedule(stages: Codec<readonly PlanStage[]>): Codec<PlanSchedule | null> {
  return {
    notation: `u8 present (0 no, 1 yes); ${stages.notation}`,
    minimumSize: flag.minimumSize + stages.minimumSize,
    records: stages.records,
    write: (writer, source) => {
      flag.write(writer, source !== null);
      stages.write(writer, source?.stages ?? []);
    },
    read: (reader) => {
      const isPresent = flag.read(reader);
      const offset = reader.position;
      const found = stages.read(reader);
      if (!isPresent && found.length > 0) {
        reader.fail(`expected no stages where no schedule is present, found ${found.length}`, offset);
      }
      return isPresent ? { stages: found } : null;
    },
  };
}
