// Who gets how many lines of the screen.

export interface RowWish<Name extends string> {
  readonly name: Name;
  /** With fewer lines than this it is better left out. */
  readonly least: number;
  readonly most: number;
}

/**
 * Gives lines to whoever wishes some, the first in the list first: each its least while that fits, then what is left over,
 * again from the first. Nobody gets between nothing and the least.
 */
export function allotRows<Name extends string>(
  wishes: readonly RowWish<Name>[],
  rows: number,
): Readonly<Record<Name, number>> {
  let left = rows;
  const allotted = new Map<Name, number>();
  for (const { name, least } of wishes) {
    const given = least <= left ? least : 0;
    allotted.set(name, given);
    left -= given;
  }
  for (const { name, least, most } of wishes) {
    const given = allotted.get(name) ?? 0;
    const more = given < least ? 0 : Math.max(0, Math.min(most - given, left));
    allotted.set(name, given + more);
    left -= more;
  }
  return Object.fromEntries(allotted) as Record<Name, number>;
}
