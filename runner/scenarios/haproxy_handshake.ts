import { handshake } from './handshake.ts';

export const haproxyHandshake = handshake('haproxy');
