import * as path from 'node:path';
import { onTestFinished } from 'vitest';
import { ForeachSink } from '../../src/sinks/foreach-sink.ts';
import { MemorySink } from '../../src/sinks/memory-sink.ts';
import { ObjectFilesSink } from '../../src/sinks/object-files-sink.ts';
import { TextFilesSink } from '../../src/sinks/text-files-sink.ts';
import type { SinkSubject } from '../../src/testing/sink-suite.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { readTextFiles } from '../text-files.ts';

export const memorySubject: SinkSubject = {
  make() {
    const sink = new MemorySink();
    return { open: () => sink, read: async () => sink.records.flat() };
  },
};

export const foreachSubject: SinkSubject = {
  atLeastOnceBecause: 'only the function knows what it has seen; the batch time tells it',
  make() {
    const seen: unknown[] = [];
    return {
      open: () => new ForeachSink(({ batch }) => void seen.push(...batch.collect())),
      read: async () => seen,
    };
  },
};

export const textFilesSubject: SinkSubject = {
  async make() {
    const directory = await temporaryDirectory(onTestFinished);
    return {
      open: () => new TextFilesSink({ prefix: path.join(directory, 'batch'), suffix: 'txt' }),
      read: async () => Object.values(await readTextFiles(directory)).flat(2),
    };
  },
};

export const objectFilesSubject: SinkSubject = {
  async make() {
    const directory = await temporaryDirectory(onTestFinished);
    return {
      open: () => new ObjectFilesSink({ prefix: path.join(directory, 'batch'), suffix: '' }),
      read: async () => {
        const lines = Object.values(await readTextFiles(directory)).flat(2);
        return lines.map((line): unknown => JSON.parse(line));
      },
    };
  },
};
