/** The metadata of a saved stage: one line of JSON, with the keys of Spark's, in their order. */
import { createHash } from 'node:crypto';
import { excerpt, messageOf, StateError } from '../../errors.ts';
import type { Stage } from '../stage.ts';
import { type JsonValue, parseJson } from './json-text.ts';

/** The version whose layout is written; Spark 3.5 and later read it. */
export const WRITTEN_SPARK_VERSION = '3.5.0';

/** Layouts of later major versions are not known. */
const NEWEST_MAJOR = 5;
const OLDEST_MAJOR = 2;

/** The last time that a `Date` can be. */
const LAST_TIME_MS = 8.64e15;

export type JsonObject = { readonly [key: string]: JsonValue };

export interface StageMetadata {
  readonly className: string;
  readonly uid: string;
  readonly sparkVersion: string;
  /** When it was saved, milliseconds since 1970; undefined where it does not say. */
  readonly savedAtMs: number | undefined;
  /** What was set, as JSON. */
  readonly paramMap: JsonObject;
  /** Defaults as they were when it was saved; Spark before 2.4 notes none. */
  readonly defaultParamMap: JsonObject;
  /** All of it, for what a class saves beside its parameters. */
  readonly all: JsonObject;
}

export function metadataText(stage: Stage, timestampMs: number): string {
  const { className, params } = stage.stageClass;
  const set = Object.entries(stage.savedParams());
  const defaults = Object.entries(params).flatMap(([name, param]): [string, string][] => {
    const value = stage.defaultOf(name);
    return value === undefined ? [] : [[name, param.toJson(value)]];
  });
  const extra = Object.entries(stage.savedExtra()).map(([name, value]): [string, string] => [
    name,
    JSON.stringify(value),
  ]);
  return objectText([
    ['class', JSON.stringify(className)],
    ['timestamp', String(timestampMs)],
    ['sparkVersion', JSON.stringify(WRITTEN_SPARK_VERSION)],
    ['uid', JSON.stringify(stage.uid)],
    ['paramMap', objectText(set)],
    ['defaultParamMap', objectText(defaults)],
    ...extra,
    ...digests(stage),
  ]);
}

/** The digest of each file in a format of its own; nothing where there is none. */
function digests(stage: Stage): [string, string][] {
  const files = Object.entries(stage.savedFiles());
  return files.length === 0
    ? []
    : [['files', objectText(files.map(([name, content]) => [name, JSON.stringify(digestOf(content))]))]];
}

/** What a file's bytes have in common with no others. */
export function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Throws `StateError`: `damaged` where it is no metadata of a stage, `newer-format`, `unknown-format` where it is too old. */
export function parseMetadata(text: string, where: string): StageMetadata {
  const all = parsed(text, where);
  const { class: className, uid, sparkVersion, timestamp, paramMap = {}, defaultParamMap = {} } = all;
  const whole =
    typeof className === 'string' && typeof uid === 'string' && typeof sparkVersion === 'string' && isUid(uid);
  if (!whole || !isObject(paramMap) || !isObject(defaultParamMap)) {
    throw new StateError('damaged', `${where}: expected the metadata of a stage, got ${excerpt(text)}; it is damaged`);
  }
  const major = Number.parseInt(sparkVersion, 10);
  if (major > NEWEST_MAJOR) {
    throw new StateError(
      'newer-format',
      `${where}: saved by Spark ${sparkVersion}; known are layouts up to ${NEWEST_MAJOR}`,
    );
  }
  if (!(major >= OLDEST_MAJOR)) {
    throw new StateError('unknown-format', `${where}: saved by Spark ${sparkVersion}; known are layouts from 2.4`);
  }
  const isTime = typeof timestamp === 'number' && Math.abs(timestamp) <= LAST_TIME_MS;
  const savedAtMs = isTime ? timestamp : undefined;
  return { className, uid, sparkVersion, savedAtMs, paramMap, defaultParamMap, all };
}

function parsed(text: string, where: string): JsonObject {
  try {
    const json = parseJson(text);
    if (isObject(json)) return json;
  } catch (cause) {
    throw new StateError('damaged', `${where}: expected JSON (${messageOf(cause)}); it is damaged`, { cause });
  }
  throw new StateError('damaged', `${where}: expected the metadata of a stage, got ${excerpt(text)}`);
}

/** A uid is part of a directory's name. */
function isUid(uid: string): boolean {
  return uid !== '' && !/[/\\\0]/.test(uid) && uid !== '.' && uid !== '..';
}

export function isObject(json: JsonValue | undefined): json is { [key: string]: JsonValue } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function objectText(entries: readonly (readonly [name: string, json: string])[]): string {
  return `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}
