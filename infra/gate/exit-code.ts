/** What the exit codes of a container mean that the shell and the kernel give, not the program. */
const MEANINGS: Record<number, string> = {
  126: 'its program cannot be executed',
  127: 'its program is not in the image',
  137: 'killed, as when the memory limit is reached',
  139: 'crashed with a segmentation fault',
};

/** "code 126 (its program cannot be executed)" */
export function exitCode(code: number): string {
  const meaning = MEANINGS[code];
  return meaning ? `code ${code} (${meaning})` : `code ${code}`;
}
