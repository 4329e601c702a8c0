import { handshake } from './handshake.ts';

export const nginxHandshake = handshake('nginx');
