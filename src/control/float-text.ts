// Numbers as the shortest text that gives the same 32-bit float back.

const mostDigits = 9;

/** A JSON number, read back to the same bits by `Math.fround(JSON.parse(text))`. The value is finite and a 32-bit float. */
export function floatText(value: number): string {
  if (Object.is(value, -0)) {
    return '-0';
  }
  for (let digits = 1; digits < mostDigits; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) {
      return `${text}`;
    }
  }
  // Nine digits tell any two 32-bit floats apart (IEEE 754-2019, 5.12.2).
  return `${Number(value.toPrecision(mostDigits))}`;
}
