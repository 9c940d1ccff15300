// A lamp that shows activity.

import type { Piece } from '../text/line.js';
import { piece } from '../text/line.js';

export function lamp(isLit: boolean): Piece {
  return isLit ? piece('good', '●') : piece('faint', '·');
}
