/** The element of an array whose index is known to be right. Throws `RangeError` if it is not. */
export function elementAt<T>(items: ArrayLike<T>, index: number): T {
  const element = items[index];
  if (element === undefined) {
    throw new RangeError(`no element ${index} among ${items.length}`);
  }
  return element;
}
