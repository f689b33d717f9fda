/** Which builds may go on with the data folder that the embedded servers keep. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, embeddedDatabaseUrlFile } from '../config/index.ts';
import { readIfThere } from './processes.ts';

/** Of the cases in a data folder. Raise it when this build can't go on with those of the build before. */
const format = 2;
const formatFile = (dataDir: string) => join(dataDir, 'format');

/** Why this build can't go on with a data folder, and the ways out. */
export interface FolderRefusal {
  said: string;
  todo: string;
}

/** Undefined: this build can go on with the folder, or nothing is kept there. */
export function refusalOf(config: Config): FolderRefusal | undefined {
  const { dataDir } = config;
  const kept = [embeddedDatabaseUrlFile(dataDir), join(dataDir, 'temporal.db')].some(existsSync);
  const found = Number(readIfThere(formatFile(dataDir)));
  if (!isUsed(config) || !kept || found === format) return undefined;
  const build = found > format ? 'a later' : 'an earlier';
  return {
    said: `${dataDir} holds cases of ${build} build, which this one can't go on with`,
    todo: 'set DATA_DIR to a new folder, move this one away, or run the build that made it',
  };
}

/** Makes the folder, if need be, and notes in it that its cases are of this build. */
export function claimFormat(config: Config): void {
  mkdirSync(config.dataDir, { recursive: true });
  if (isUsed(config)) writeFileSync(formatFile(config.dataDir), `${format}\n`);
}

const isUsed = (config: Config) => config.embeddedDatabase || config.embeddedEngine;
