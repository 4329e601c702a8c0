/** One quick question to the outside: can this be downloaded here at all? */

const PATIENCE_MS = 3000;

/** True where `url` answers within 3 s, whatever it answers: a refusal to an anonymous caller is an answer. */
export async function isReachable(url: string): Promise<boolean> {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    return true;
  } catch {
    return false;
  }
}
