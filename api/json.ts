/** Reads a body strictly: what two parsers could read in two ways is refused (D8). */
import { Problem } from './problem.ts';

const maxDepth = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// over valid JSON: a string that a colon follows is a key; every other token that matters is a bracket
const tokens = /"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?|[{}[\]]/g;

/** The value of a JSON text. Fails `malformedRequest` for invalid UTF-8, a byte order mark, keys given twice,
 *  `__proto__`, and nesting deeper than 32. */
export function parseStrictly(body: Buffer): unknown {
  const text = decode(body);
  const value = parse(text);
  refuseAmbiguity(text);
  return value;
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw malformed('not UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('not JSON');
  }
}

function refuseAmbiguity(text: string): void {
  const open: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(tokens)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) addKey(open.at(-1), JSON.parse(`"${string}"`));
    if (open.length > maxDepth) throw malformed(`nested deeper than ${maxDepth}`);
  }
}

function addKey(keys: Set<string> | undefined, key: string): void {
  if (key === '__proto__') throw malformed('a key that is not allowed');
  if (keys?.has(key)) throw malformed('a key is given twice');
  keys?.add(key);
}

const malformed = (detail: string) => new Problem('malformedRequest', { detail });
