import { describe, expect, it } from 'vitest';
import {
  describedPipeline,
  LinearRegression,
  type Pipeline,
  RegressionEvaluator,
  StandardScaler,
  VectorAssembler,
} from '../../src/pipelines/index.ts';

const assembler = { class: 'VectorAssembler', params: { inputCols: ['x'], outputCol: 'raw' } };
const described = (json: unknown) => describedPipeline(JSON.stringify(json), 'it.json');

describe('a described pipeline', () => {
  it('has the stages of the text, in their order, with their parameters', () => {
    const scaler = { class: 'StandardScaler', uid: 'scaler', params: { inputCol: 'raw', outputCol: 'features' } };
    const { pipeline, evaluators } = described({
      stages: [
        { class: 'Pipeline', stages: [assembler, scaler] },
        { class: 'LinearRegression', params: { regParam: 1, solver: 'normal' } },
      ],
      evaluators: [{ class: 'RegressionEvaluator', params: { metricName: 'mae' } }],
    });
    const [inner, regression] = pipeline.stages as [Pipeline, LinearRegression];
    expect(inner.stages.map(({ stageClass }) => stageClass)).toEqual([VectorAssembler, StandardScaler]);
    expect(inner.stages[1]).toMatchObject({ uid: 'scaler', set: scaler.params });
    expect(regression).toBeInstanceOf(LinearRegression);
    expect(regression.get('regParam')).toBe(1);
    expect(evaluators).toEqual([expect.any(RegressionEvaluator)]);
    expect(evaluators[0]!.find('metricName')).toBe('mae');
  });

  it('is named after classes and places, the same each time', () => {
    const uids = () => described({ stages: [assembler, assembler] }).pipeline.stages.map(({ uid }) => uid);
    expect(uids()).toEqual(['VectorAssembler_0', 'VectorAssembler_1']);
  });
});

describe('a text that describes none is refused, and told where', () => {
  it.each<[unknown, string]>([
    [[], 'it.json: expected an object, got []'],
    [{}, 'it.json: stages: expected a list, got undefined'],
    [{ stage: [] }, 'it.json: expected stages, evaluators, uid, got "stage"'],
    [{ stages: ['Tokenizer'] }, 'it.json: stages[0]: expected an object, got "Tokenizer"'],
    [{ stages: [assembler, { params: {} }] }, 'it.json: stages[1]: expected the name of a class, got undefined'],
    [{ stages: [{ class: 'Tokeniser' }] }, `it.json: stages[0]: class "Tokeniser" can't be made from parameters alone`],
    [{ stages: [{ class: 'PCAModel' }] }, `it.json: stages[0]: class "PCAModel" can't be made from parameters alone`],
    [
      { stages: [{ class: 'Tokenizer', param: {} }] },
      'it.json: stages[0]: expected class, params, uid, stages, got "param"',
    ],
    [{ stages: [{ class: 'Tokenizer', params: [] }] }, 'it.json: stages[0]: params: expected an object, got []'],
    [{ stages: [{ class: 'Tokenizer', stages: [] }] }, 'it.json: stages[0]: expected no stages in a Tokenizer, got []'],
    [
      { stages: [{ class: 'PCA', params: { k: 'two' } }] },
      'it.json: stages[0]: PCA_0 parameter k given invalid value "two"; expected a whole number',
    ],
    [
      { stages: [assembler, { class: 'Pipeline', stages: [{ class: 'PCA', params: { n: 2 } }] }] },
      'it.json: stages[1]: stages[0]: PCA_0: no parameter n; there are ',
    ],
    [{ stages: [{ ...assembler, uid: '../x' }] }, 'it.json: stages[0]: uid: expected letters, digits'],
    [
      {
        stages: [
          { ...assembler, uid: 'a' },
          { ...assembler, uid: 'a' },
        ],
      },
      'it.json: pipeline: cannot have duplicate',
    ],
    [{ stages: [{ class: 'RegressionEvaluator' }] }, 'it.json: stages[0]: expected an estimator or a transformer'],
    [{ stages: [], evaluators: [assembler] }, 'it.json: evaluators[0]: expected an evaluator, got "VectorAssembler"'],
  ])('%j', (json, message) => {
    expect(() => described(json)).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining(message) }),
    );
  });

  it('that is no JSON, in one line', () => {
    expect(() => describedPipeline('{\n  "stages": [\n  }', 'it.json')).toThrow(/^it\.json: expected JSON \(.+\)$/);
  });
});
