// "Did you mean": the known word that a mistyped one comes nearest to.

/** Letters to insert, delete, replace, or swap with their neighbour to make `b` of `a` (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let distance = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (isSame ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Longer words and longer lists are made by programs, and comparing them would take time. */
const longestWord = 64;
const longestList = 1000;

/** The candidate that was probably meant: few letters away, or one beginning with the other. The first of equals. */
export function closestWord(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > longestWord || candidates.length > longestList) {
    return undefined;
  }
  const wanted = word.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let closest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = distanceWithin(wanted, candidate.toLowerCase(), limit);
    if (distance < least) {
      closest = candidate;
      least = distance;
    }
  }
  return closest;
}

function distanceWithin(wanted: string, candidate: string, limit: number): number {
  if (Math.abs(wanted.length - candidate.length) <= limit) {
    const distance = editDistance(wanted, candidate);
    if (distance <= limit && distance < Math.max(wanted.length, candidate.length)) {
      return distance;
    }
  }
  const shorter = Math.min(wanted.length, candidate.length);
  const isPrefix = shorter >= 3 && (wanted.startsWith(candidate) || candidate.startsWith(wanted));
  // Behind every word that is only mistyped.
  return isPrefix ? limit + Math.abs(wanted.length - candidate.length) : Number.POSITIVE_INFINITY;
}

/** `; did you mean "…"?`, or nothing when no candidate is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const closest = closestWord(word, candidates);
  return closest === undefined ? '' : `; did you mean "${closest}"?`;
}

/** `a, b and c`, at most `limit` of them. */
export function listWords(words: readonly string[], conjunction: 'and' | 'or' = 'and', limit = 24): string {
  if (words.length > limit) {
    return `${words.slice(0, limit).join(', ')} and ${words.length - limit} more`;
  }
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}
