/** Where a generator can stand: on this machine, or as a container on the stack's own network. */
export const PLACEMENTS = ['host', 'engine'] as const;
export type Placement = (typeof PLACEMENTS)[number];
