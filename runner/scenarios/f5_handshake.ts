import { handshake } from './handshake.ts';

export const f5Handshake = handshake('f5');
