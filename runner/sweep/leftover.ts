/** Something that a command which has ended left behind. */
export interface Leftover {
  what: 'stack' | 'objects' | 'folder' | 'lock' | 'engine';
  /** Of the stack, the path, or the process. */
  name: string;
  /** Why nobody needs it any more. */
  why: string;
  /** When it was made. */
  since: Date;
  /** Address of the engine that is needed to remove it. */
  engine?: string;
  /** Where another machine made it, of whose processes nothing is known here. */
  machine?: string;
  /** Takes it away; rejects where something of it stays. */
  remove: () => Promise<void>;
}
