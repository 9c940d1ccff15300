// How warm the nodes of a running plan are.

/** One tap group of a node that has inputs, as after the newest tick. A node's are all of its, the graph's are all. */
export interface GroupHeat {
  /** Index of the node. */
  readonly node: number;
  /** Index of the group's first input. */
  readonly input: number;
  /** Mean square a lane of what its inputs heard in the tick, summed over them. */
  readonly power: number;
  /** Degrees above the ambient temperature. */
  readonly heat: number;
  /** By which the node's inputs are made softer, because the patch says so: 1 is not at all. */
  readonly gain: number;
}

const columns = 5;

/** Of the rows that the addon tells. */
export function groupHeatsOf(rows: Float64Array): readonly GroupHeat[] {
  return Array.from({ length: rows.length / columns }, (_, row) => {
    const [node = 0, input = 0, power = 0, heat = 0, gain = 1] = rows.subarray(row * columns, (row + 1) * columns);
    return { node, input, power, heat, gain };
  });
}
