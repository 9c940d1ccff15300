// How messages quote what a patch says: on one line, and not too long.

/** What stands in the source, shortened to fit a sentence. */
export function describeFound(found: unknown): string {
  if (found === null) {
    return 'null';
  }
  if (Array.isArray(found)) {
    return found.length === 0 ? 'an empty array' : 'an array';
  }
  switch (typeof found) {
    case 'string':
      return JSON.stringify(found.length > 60 ? `${found.slice(0, 59)}…` : found);
    case 'number':
    case 'boolean':
      return String(found);
    case 'object':
      return 'an object';
    default:
      return 'nothing';
  }
}

/** A name as it is where it looks like one, otherwise quoted as what was found. */
export function describeName(name: string): string {
  return /^[A-Za-z0-9_.]{1,63}$/.test(name) ? name : describeFound(name);
}
