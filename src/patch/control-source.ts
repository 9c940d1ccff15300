// What moves a parameter or a gate from outside, as text: midi:cc/74, midi:note/36, osc:/pad/cutoff, key:g.
import { describeFound } from './describe.js';
import type { ControlSource } from './patch.js';
import { didYouMean } from './suggestion.js';

/** Keys of a computer keyboard that have a name instead of a character. */
export const namedKeys = [
  'space',
  'enter',
  'tab',
  'backspace',
  'up',
  'down',
  'left',
  'right',
  ...Array.from({ length: 12 }, (_, index) => `f${index + 1}`),
] as const;

/** A source that was read, or a sentence that says what would fit. */
export type ControlSourceReading =
  | { readonly ok: true; readonly source: ControlSource }
  | { readonly ok: false; readonly message: string };

const fitting = 'a source fits, such as "midi:cc/74", "midi:note/36", "midi:bend", "osc:/pad/cutoff" or "key:g"';

/** How sources look: a regular expression for the JSON Schema; `parseControlSource` says more. */
export const controlSourcePattern = `^(?:midi:(?:(?:cc|note)/\\d{1,3}|bend|pressure)|osc:(?:/[^\\s#*,/?\\[\\]{}]+)+|key:(?:[!-~]|${namedKeys.join('|')}))$`;

/** Reads the text of a control source. `others` are schemes that fit here besides, for "did you mean". */
export function parseControlSource(text: string, others: readonly string[] = []): ControlSourceReading {
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  switch (colon < 0 ? '' : text.slice(0, colon)) {
    case 'midi':
      return parseMidi(rest);
    case 'osc':
      return parseOsc(rest);
    case 'key':
      return parseKey(rest);
    default: {
      const scheme = colon < 0 ? text : text.slice(0, colon);
      if (scheme === 'signal') {
        return refuse(`${describeFound(text)} moves gates only; an edge leads a signal to a parameter`);
      }
      const near = didYouMean(scheme, ['midi', 'osc', 'key', ...others]) || ';';
      return refuse(`${describeFound(text)} is not a source${near} ${fitting}`);
    }
  }
}

function parseMidi(text: string): ControlSourceReading {
  if (text === 'bend' || text === 'pressure') {
    return { ok: true, source: { type: text === 'bend' ? 'midi_bend' : 'midi_pressure' } };
  }
  const [, kind = '', digits = ''] = /^([^/]*)(?:\/(.*))?$/.exec(text) ?? [];
  if (kind !== 'cc' && kind !== 'note') {
    const near = didYouMean(kind, ['cc', 'note', 'bend', 'pressure']);
    return refuse(
      `"midi:" knows no ${describeFound(kind)}${near || '; "midi:cc/74", "midi:note/36", "midi:bend" or "midi:pressure" fits'}`,
    );
  }
  const number = /^\d{1,3}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(number <= 127)) {
    const example = kind === 'cc' ? '"midi:cc/74"' : '"midi:note/36"';
    return refuse(`${describeFound(digits)} is not a number from 0 to 127, as in ${example}`);
  }
  return {
    ok: true,
    source: kind === 'cc' ? { type: 'midi_controller', controller: number } : { type: 'midi_note', note: number },
  };
}

function parseOsc(address: string): ControlSourceReading {
  if (/^(?:\/[^\s#*,/?[\]{}]+)+$/.test(address)) {
    return { ok: true, source: { type: 'osc', address } };
  }
  return refuse(
    `${describeFound(address)} is not an OSC address; one begins with "/" and holds no space and none of # * , ? [ ] { }, as in "osc:/pad/cutoff"`,
  );
}

function parseKey(key: string): ControlSourceReading {
  if (/^[!-~]$/.test(key) || (namedKeys as readonly string[]).includes(key)) {
    return { ok: true, source: { type: 'key', key } };
  }
  return refuse(
    `${describeFound(key)} is not a key${didYouMean(key, namedKeys) || '; one character fits, as in "key:g", or a name such as "key:space"'}`,
  );
}

function refuse(message: string): ControlSourceReading {
  return { ok: false, message };
}
