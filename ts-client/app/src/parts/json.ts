// JSON as people type it, and as it must go to the server: unchanged.

/** Why a text is no JSON, as the browser says it; `null` if it is, or is empty. */
export function jsonError(text: string): string | null {
  if (text.trim() === '') return null;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? `Not JSON: ${error.message}` : 'Not JSON';
  }
}

// ECMAScript's JSON.parse source text access, which TypeScript does not know yet.
type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;
const json = JSON as unknown as {
  parse(text: string, reviver: Reviver): unknown;
  rawJSON?(text: string): unknown;
};

/**
 * Parses JSON so that writing it again gives the same numbers: an id of 20 digits is more than a
 * double holds, and must not be changed by a form it only passes through.
 */
export function parseExactly(text: string): unknown {
  const { rawJSON } = json;
  return json.parse(text, (_key, value, context) => {
    if (typeof value !== 'number' || context?.source === undefined || rawJSON === undefined) return value;
    return String(value) === context.source ? value : rawJSON(context.source);
  });
}

/** JSON laid out over several lines; what is none stays as it was typed. */
export function laidOut(text: string): string {
  if (text.trim() === '' || jsonError(text) !== null) return text;
  return JSON.stringify(parseExactly(text), null, 2);
}
