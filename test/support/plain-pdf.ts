import type { Pdf } from '../../src/campaigns/ports.ts';

/** Pages that are their own source: setting them is slow and tested by itself. */
export const plainPdf: Pdf = {
  render: (files) => Promise.resolve(new TextEncoder().encode([...files.values()].join('\n'))),
};
