import { handshake } from './handshake.ts';

export const apacheHandshake = handshake('apache');
