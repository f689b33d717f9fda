/** A value that can't be used. The message names the file or variable, the key, and what is allowed. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}
