// The colours that the components of the screen use.

import { createContext } from 'react';
import type { Palette } from '../text/palette.js';
import { paletteFor } from '../text/palette.js';

export const PaletteContext = createContext<Palette>(paletteFor({}));
