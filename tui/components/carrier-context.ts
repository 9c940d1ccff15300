// How a line goes through Ink: as it is, unless whoever draws unpacks it again.

import { createContext } from 'react';

export const CarrierContext = createContext<(line: string) => string>((line) => line);
