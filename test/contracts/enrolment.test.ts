import { expect, it } from 'vitest';
import * as millrace from '../../src/index.ts';
import * as pipelines from '../../src/pipelines/index.ts';
import { kafkaSinks, kafkaSources } from '../kafka/contract-subjects.ts';
import { type Kind, learners, sinks, sources, transforms } from './kinds.ts';

/** Names of the exported classes that have all these methods, their own or inherited, and are not there to be extended. */
function exportedWith(...methods: readonly string[]): string[] {
  return [...Object.entries(millrace), ...Object.entries(pipelines)]
    .filter(([, value]) => {
      const { prototype } = value as { prototype?: object };
      if (value === millrace.OnlineLearner) return false;
      return prototype !== undefined && methods.every((method) => method in prototype);
    })
    .map(([name]) => name)
    .sort();
}

function namesOf(kinds: readonly Kind[]): string[] {
  return [...new Set(kinds.map(({ type }) => type.name))].sort();
}

it('runs the source suite on every exported source', () => {
  expect(namesOf([...sources, ...kafkaSources])).toEqual(exportedWith('plan', 'read', 'commit'));
});

it('runs the sink suite on every exported sink', () => {
  expect(namesOf([...sinks, ...kafkaSinks])).toEqual(exportedWith('write', 'close'));
});

it('runs the learner suite on every exported learner', () => {
  expect(namesOf(learners)).toEqual(exportedWith('update', 'predict', 'snapshot', 'restore'));
});

it('runs the learner suite on a pipeline with every exported transform', () => {
  expect(namesOf(transforms)).toEqual(exportedWith('update', 'transform', 'snapshot', 'restore'));
});
