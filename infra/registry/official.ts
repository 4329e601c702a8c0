/** All official images that a stack may need, each by its tag. */
import { TARGETS } from '../target-specs.ts';
import { NODE_IMAGE, POSTGRES_IMAGE } from './reference.ts';

const ofTargets = Object.values(TARGETS).map(({ image }) => image);

export const OFFICIAL_IMAGES = [...new Set([POSTGRES_IMAGE, ...ofTargets, NODE_IMAGE])];
