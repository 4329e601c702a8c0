/** What the driver needs of a client. */
import type { HttpRequest } from '../scenarios/scenario.ts';
import type { Exchange } from './exchange.ts';

export interface Client {
  /** Sends now, and stamps and ends the exchange as its times come. Sets `exchange.abort`. */
  send(request: HttpRequest, exchange: Exchange): void;
  /** Whether nothing can be sent now, whatever is in flight; absent: never. */
  readonly isBusy?: boolean;
  /** Ends what has a deadline of its own and is past it; called now and then. */
  expire?(nowNs: number): void;
  /** Closes what is kept open. */
  close(): void;
}
